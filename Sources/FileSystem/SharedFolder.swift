import CLinux
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
        guard isShared(path) else { return }
        // Opened to be named and not to be read: closing it ends none of SQLite's locks, and whatever takes its
        // place meanwhile stays as it is.
        let opened = path.withPlatformString { open($0, vignette_o_path | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else { return }
        defer { close(opened) }
        var status = stat()
        guard fstat(opened, &status) == 0, isToShare(status) else { return }
        chmod("/proc/self/fd/\(opened)", status.st_mode & 0o777 | groupRights)
    }

    private static func isShared(_ path: FilePath) -> Bool {
        let folder = path.removingLastComponent()
        var status = stat()
        let isThere = (folder.isEmpty ? "." : folder).withPlatformString { stat($0, &status) } == 0
        let marks = mode_t(S_ISGID | S_IWGRP)
        return isThere && status.st_mode & marks == marks && status.st_mode & mode_t(S_IWOTH) == 0
    }

    private static func isToShare(_ status: stat) -> Bool {
        status.st_mode & mode_t(Glibc.S_IFMT) == mode_t(Glibc.S_IFREG) && status.st_uid == geteuid()
            && status.st_mode & groupRights != groupRights
    }
}
