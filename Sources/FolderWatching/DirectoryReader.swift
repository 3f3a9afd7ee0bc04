import Glibc
import SystemPackage

/// Reads the entries of one directory, names as raw bytes, one after the other.
struct DirectoryReader: ~Copyable {
    /// What `readdir` says of an entry.
    struct Entry {
        /// What stands there, if the file system says so in the directory itself.
        enum Kind {
            case file
            case directory
            case link
            case other
            case unknown
        }

        /// The name's bytes; valid until the next entry is read.
        var name: UnsafeRawBufferPointer
        var kind: Kind
    }

    private let stream: OpaquePointer
    /// The open directory.
    let descriptor: FileDescriptor

    /// Opens a directory.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - followingLink: Whether `path` may be a symbolic link.
    /// - Throws: `Errno`.
    init(_ path: FilePath, followingLink: Bool) throws(Errno) {
        var flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK
        if !followingLink { flags |= O_NOFOLLOW }
        let result = path.withPlatformString { open($0, flags) }
        guard result >= 0 else { throw Errno(rawValue: errno) }
        guard let stream = fdopendir(result) else {
            let error = Errno(rawValue: errno)
            close(result)
            throw error
        }
        self.stream = stream
        descriptor = FileDescriptor(rawValue: result)
    }

    deinit {
        closedir(stream)
    }

    /// The next entry other than `.` and `..`; nil at the end.
    mutating func next() throws(Errno) -> Entry? {
        while true {
            // readdir tells its end from an error by errno alone.
            errno = 0
            guard let record = readdir(stream) else {
                guard errno == 0 else { throw Errno(rawValue: errno) }
                return nil
            }
            guard let field = record.pointer(to: \.d_name) else { return nil }
            let start = UnsafeRawPointer(field)
            let name = UnsafeRawBufferPointer(
                start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))
            if Self.isSelfOrParent(name) { continue }
            return Entry(name: name, kind: Entry.Kind(direntType: Int(record.pointee.d_type)))
        }
    }

    private static func isSelfOrParent(_ name: UnsafeRawBufferPointer) -> Bool {
        name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
    }
}

extension DirectoryReader.Entry.Kind {
    fileprivate init(direntType: Int) {
        self =
            switch direntType {
            case Int(DT_REG): .file
            case Int(DT_DIR): .directory
            case Int(DT_LNK): .link
            case Int(DT_UNKNOWN): .unknown
            default: .other
            }
    }
}
