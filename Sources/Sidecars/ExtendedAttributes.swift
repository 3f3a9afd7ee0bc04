import CLinux
import Glibc
import SystemPackage

/// What file systems keep of a file beside mode and owner: access lists and the attributes of programs.
struct ExtendedAttributes {
    private var values: [(name: String, value: [UInt8])] = []

    /// The most bytes that Linux gives of a value, and of all names (`XATTR_SIZE_MAX`, `XATTR_LIST_MAX`).
    private static let mostBytes = 65_536

    /// None.
    init() {}

    /// Reads those of a file; none where there is no file, or its file system has none.
    ///
    /// - Throws: `SidecarError` where there are some that cannot be read.
    init(of name: FilePath.Component, in folder: Int32) throws(SidecarError) {
        let file = name.withPlatformString {
            openat(folder, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        guard file >= 0 else { return }
        defer { close(file) }
        for name in try Self.names(file) {
            var value = [UInt8](repeating: 0, count: Self.mostBytes)
            let size = fgetxattr(file, name, &value, value.count)
            // One that has just gone, or that only the system may read, is none of ours.
            guard size >= 0 else { continue }
            values.append((name, Array(value.prefix(size))))
        }
    }

    private static func names(_ file: Int32) throws(SidecarError) -> [String] {
        var list = [UInt8](repeating: 0, count: mostBytes)
        let size = list.withUnsafeMutableBytes { buffer in
            flistxattr(file, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard size >= 0 else {
            if [ENOTSUP, ENOSYS, EPERM].contains(errno) { return [] }
            throw SidecarError(Errno(rawValue: errno), "its attributes cannot be read")
        }
        return list.prefix(size).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Gives another file the same.
    ///
    /// The system's own, such as security labels, it sets by its rules where it does not let us.
    ///
    /// - Throws: `SidecarError` where a program's attribute or an access list cannot be kept.
    func set(on file: Int32) throws(SidecarError) {
        for (name, value) in values {
            guard fsetxattr(file, name, value, value.count, 0) != 0 else { continue }
            let isOwn = name.hasPrefix("user.") || name == "system.posix_acl_access"
            guard isOwn else { continue }
            throw SidecarError(
                Errno(rawValue: errno), "has the attribute \(name), which it could not keep")
        }
    }
}
