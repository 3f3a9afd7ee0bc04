import Glibc
public import SystemPackage

extension FileStatus {
    /// Reads the status of what stands at `path`.
    ///
    /// - Parameters:
    ///   - path: Where to look.
    ///   - followingLinks: Whether a symbolic link at the end of `path` is followed; the default is
    ///     to describe the link itself.
    /// - Throws: `Errno`, `.noSuchFileOrDirectory` among them.
    public init(at path: FilePath, followingLinks: Bool = false) throws(Errno) {
        var status = stat()
        let result = path.withPlatformString {
            followingLinks ? stat($0, &status) : lstat($0, &status)
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    /// Reads the status of an open file or directory.
    ///
    /// - Parameter descriptor: The open file.
    /// - Throws: `Errno`.
    public init(of descriptor: FileDescriptor) throws(Errno) {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    /// Reads the status of what stands under `name` in an open directory, links not followed.
    ///
    /// - Parameters:
    ///   - name: The entry's name.
    ///   - directory: The open directory.
    /// - Throws: `Errno`, `.noSuchFileOrDirectory` among them.
    public init(
        of name: FilePath.Component, in directory: FileDescriptor
    ) throws(Errno) {
        var status = stat()
        let result = name.withPlatformString {
            fstatat(directory.rawValue, $0, &status, AT_SYMLINK_NOFOLLOW)
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    /// Translates the kernel's structure.
    private init(_ status: stat) {
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
