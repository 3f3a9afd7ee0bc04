import CLinux
import Glibc
public import SystemPackage

/// What may be expected of the file system that holds a directory.
public struct FileSystemKind: Hashable, Sendable {
    /// Whether the kernel reports every change: false where other machines or processes change files
    /// behind its back.
    public var reportsChanges: Bool
    /// Whether change times come from this machine's clock and in full.
    public var usesOurClock: Bool
    /// Whether a file keeps its inode number, and its change time means what it says: false where the
    /// kernel or a daemon makes numbers up and gives new ones at each mount or under memory pressure.
    public var hasStableInodes: Bool

    /// The file systems of this machine.
    public static let local = FileSystemKind(magic: 0xEF53)

    /// Asks what holds a file or directory.
    ///
    /// - Parameter path: Where it is; links are followed.
    /// - Throws: `Errno`.
    public init(at path: FilePath) throws(Errno) {
        var status = statfs()
        guard path.withPlatformString({ statfs($0, &status) }) == 0 else {
            throw Errno(rawValue: errno)
        }
        self.init(magic: UInt32(truncatingIfNeeded: status.f_type))
    }

    /// Says what is known of a type of file systems.
    ///
    /// - Parameter magic: `f_type` of statfs(2).
    public init(magic: UInt32) {
        reportsChanges = !Self.remote.contains(magic)
        usesOurClock = reportsChanges && !Self.foreignTimes.contains(magic)
        hasStableInodes = !Self.inventedInodes.contains(magic)
    }

    /// Network and user-space file systems (linux/magic.h and the kernel's sources).
    private static let remote: Set<UInt32> = [
        0x0000_6969,  // NFS
        0x0000_517B, 0xFF53_4D42, 0xFE53_4D42,  // SMB, CIFS, SMB2
        0x6573_5546,  // FUSE (sshfs, rclone, mergerfs, virtiofs, ntfs-3g)
        0x0102_1997,  // 9P
        0x5346_414F, 0x6B41_4653,  // AFS
        0x00C3_6400,  // Ceph
        0x7375_7245,  // Coda
        0x0000_564C,  // NCP
        0x0BD0_0BD0,  // Lustre
        0x0116_1970,  // GFS2
        0x7461_636F,  // OCFS2
        0x786F_4256,  // VirtualBox shared folders
        0xBACB_ACBC,  // VMware shared folders
        0x7C7C_6673,  // Parallels shared folders
        0x1980_0202,  // BeeGFS
        0x4750_4653,  // GPFS
    ]

    /// Those whose inode numbers are made up while they are mounted.
    ///
    /// Their formats have none, or the server or the daemon behind them need not tell its own.
    private static let inventedInodes: Set<UInt32> = [
        0x0000_4D44,  // FAT
        0x2011_BAB0,  // exFAT
        0x6573_5546,  // FUSE
        0x0000_517B, 0xFF53_4D42, 0xFE53_4D42,  // SMB, CIFS, SMB2
        0x786F_4256,  // VirtualBox shared folders
        0xBACB_ACBC,  // VMware shared folders
        0x7C7C_6673,  // Parallels shared folders
    ]

    /// Local ones whose times are coarse or in local time.
    private static let foreignTimes: Set<UInt32> = [
        0x0000_4D44,  // FAT
        0x2011_BAB0,  // exFAT
        0x7366_746E,  // NTFS
    ]
}
