import Glibc
public import SystemPackage

/// Room on a disk.
public enum DiskSpace {
    /// Bytes that this user can still write where a folder stands.
    ///
    /// - Throws: `Errno`.
    public static func free(at folder: FilePath) throws(Errno) -> Int64 {
        var status = statvfs()
        guard folder.withPlatformString({ statvfs($0, &status) }) == 0 else {
            throw Errno(rawValue: errno)
        }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(
            by: UInt64(status.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }
}
