import Glibc
public import SystemPackage

extension FileStatus {
    /// Reads the status of what stands at `path` itself; a symbolic link is not followed.
    ///
    /// - Throws: `Errno`, `.noSuchFileOrDirectory` among them.
    public init(at path: FilePath) throws(Errno) {
        var status = stat()
        let result = path.withPlatformString { lstat($0, &status) }
        guard result == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    /// Translates the kernel's structure.
    init(_ status: stat) {
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        self.init(
            kind: kind, device: UInt64(status.st_dev), inode: UInt64(status.st_ino),
            size: Int64(status.st_size), modified: status.st_mtim.nanoseconds,
            changed: status.st_ctim.nanoseconds)
    }
}

extension timespec {
    /// Nanoseconds since 1970; times beyond the year 2262 stop there instead of overflowing.
    fileprivate var nanoseconds: Int64 {
        let (product, overflow) = Int64(tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return tv_sec < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(Int64(tv_nsec))
        return carried ? .max : sum
    }
}
