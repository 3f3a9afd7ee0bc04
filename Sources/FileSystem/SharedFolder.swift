import Glibc
public import SystemPackage

/// Whether what stands beside a catalogue is its owner's alone or also its group's.
///
/// Descriptions of somebody's pictures are private, so that files are made for their owner's eyes only. A folder that
/// its group may write into and that hands its group on (mode 2770), as a service's state folder is, says otherwise:
/// whoever is in the group may then read the catalogue and order work.
public enum SharedFolder {
    /// Reading and writing, for the group.
    private static let groupRights = mode_t(S_IRGRP | S_IWGRP)

    /// Gives a file that is open the rights that its folder gives; does nothing where it is another's, or where the
    /// folder is for its owner alone.
    ///
    /// - Parameters:
    ///   - descriptor: The open file.
    ///   - path: Where it stands.
    public static func share(_ descriptor: CInt, at path: FilePath) {
        var status = stat()
        guard isShared(path), fstat(descriptor, &status) == 0, isToShare(status) else { return }
        fchmod(descriptor, status.st_mode & 0o777 | groupRights)
    }

    /// Gives a file that must not be opened the same.
    ///
    /// - Parameter path: Where it stands; a link there is left alone.
    public static func share(at path: FilePath) {
        var status = stat()
        guard isShared(path), path.withPlatformString({ lstat($0, &status) }) == 0,
            isToShare(status)
        else { return }
        _ = path.withPlatformString { chmod($0, status.st_mode & 0o777 | groupRights) }
    }

    private static func isShared(_ path: FilePath) -> Bool {
        let folder = path.removingLastComponent()
        var status = stat()
        let isThere = (folder.isEmpty ? "." : folder).withPlatformString { stat($0, &status) } == 0
        let marks = mode_t(S_ISGID | S_IWGRP)
        return isThere && status.st_mode & marks == marks && status.st_mode & mode_t(S_IWOTH) == 0
    }

    private static func isToShare(_ status: stat) -> Bool {
        status.st_mode & mode_t(S_IFMT) == mode_t(S_IFREG) && status.st_uid == geteuid()
            && status.st_mode & groupRights != groupRights
    }
}
