public import SystemPackage

/// What a look at a path below a root found.
///
/// There are three answers, not two. Only `absent` may ever lead to something being forgotten, and only for what is known on the same
/// volume: another volume at the same place says nothing about what the first one holds.
public enum Look: Hashable, Sendable {
    /// Something stands there, in a directory of the volume.
    case present(FileStatus, Volume)
    /// Nothing stands there: the deepest directory on the way that exists, which is on the volume,
    /// lacks the next name (`ENOENT`, `ENOTDIR`).
    case absent(Volume)
    /// It could not be found out (`EIO`, `ESTALE`, `ENOTCONN`, `EACCES` …). This changes nothing.
    case unknown(Errno)
}

extension Errno {
    /// Whether a path led nowhere, as opposed to somewhere that could not be looked at.
    public var meansAbsence: Bool {
        self == .noSuchFileOrDirectory || self == .notDirectory
    }
}
