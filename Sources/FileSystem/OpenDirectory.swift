import CLinux
import Glibc
public import SystemPackage

/// A directory that is open for looking things up in it: it stays the same one whatever is renamed or
/// mounted meanwhile, and needs no permission to be read.
public struct OpenDirectory: ~Copyable {
    /// The directory, opened with `O_PATH`.
    public let descriptor: FileDescriptor

    private init(_ result: Int32) throws(Errno) {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        descriptor = FileDescriptor(rawValue: result)
    }

    /// Opens the directory at `path`, following links.
    ///
    /// - Throws: `Errno`.
    public init(at path: FilePath) throws(Errno) {
        try self.init(path.withPlatformString { open($0, Self.flags) })
    }

    /// Opens the directory `name` in another one.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - directory: Where it is.
    ///   - followingLink: Whether `name` may be a symbolic link.
    /// - Throws: `Errno`, `.notDirectory` for a link that is not followed.
    public init(
        _ name: FilePath.Component, in directory: FileDescriptor, followingLink: Bool = false
    ) throws(Errno) {
        let flags = Self.flags | (followingLink ? 0 : O_NOFOLLOW)
        try self.init(name.withPlatformString { openat(directory.rawValue, $0, flags) })
    }

    /// Opens a directory once more.
    ///
    /// - Throws: `Errno`.
    init(again directory: FileDescriptor) throws(Errno) {
        try self.init(openat(directory.rawValue, ".", Self.flags))
    }

    /// Opens a directory any number of levels below another one in one call, no link followed.
    ///
    /// - Throws: `Errno`, also `.noFunction` and `.notPermitted` where the system has no such call.
    public init(below directory: FileDescriptor, path: FilePath) throws(Errno) {
        try self.init(path.withPlatformString { vignette_open_below(directory.rawValue, $0) })
    }

    deinit {
        try? descriptor.close()
    }

    private static let flags = vignette_o_path | O_DIRECTORY | O_CLOEXEC

    /// The directory's absolute path without links, as of now.
    ///
    /// - Throws: `Errno`, `.noSuchFileOrDirectory` when it has been removed.
    public func location() throws(Errno) -> FilePath {
        try descriptor.location()
    }
}

extension FileDescriptor {
    /// The absolute path, without links, of what is open.
    ///
    /// - Throws: `Errno`, `.noSuchFileOrDirectory` when it has no path that this process can see.
    public func location() throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/fd/\(rawValue)", &buffer, buffer.count - 1)
        guard count >= 0 else { throw Errno(rawValue: errno) }
        let bytes = buffer[..<count].map { UInt8(bitPattern: $0) }
        let isRemoved = bytes.suffix(10).elementsEqual(" (deleted)".utf8)
        let path = FilePath(bytes: bytes)
        guard path.isAbsolute, !isRemoved || Self.exists(path) else {
            throw .noSuchFileOrDirectory
        }
        return path
    }

    private static func exists(_ path: FilePath) -> Bool {
        path.withPlatformString { access($0, F_OK) } == 0
    }
}
