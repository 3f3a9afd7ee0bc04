import Glibc
public import SystemPackage

/// A file mapped read-only into memory; pages come from the disk when first touched.
///
/// `@unchecked Sendable`: the pointer is to memory that nobody writes and that lives as long as
/// the object.
public final class MappedFile: @unchecked Sendable {
    /// The file.
    public let path: FilePath
    /// Its bytes, valid while this object lives.
    public let bytes: UnsafeRawBufferPointer

    /// Maps the whole of a regular file.
    ///
    /// - Throws: `Errno`; `.invalidArgument` where the path is no regular file.
    public init(_ path: FilePath) throws {
        self.path = path
        // A pipe in the place of a file must not keep the program waiting for a writer.
        let descriptor = try FileDescriptor.open(
            path, .readOnly, options: [.closeOnExec, .nonBlocking])
        defer { try? descriptor.close() }
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.invalidArgument }
        guard status.st_size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let count = Int(status.st_size)
        let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor.rawValue, 0)
        guard let base, base != MAP_FAILED else { throw Errno(rawValue: errno) }
        bytes = UnsafeRawBufferPointer(start: base, count: count)
    }

    /// Takes memory that behaves like a mapped file, for weights that are made and not read.
    ///
    /// - Parameters:
    ///   - count: Bytes, zero until `fill` writes them.
    ///   - fill: Writes them, once.
    /// - Throws: `Errno` where there is not as much memory.
    public init(anonymousBytes count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) throws {
        path = "(memory)"
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        let base = mmap(nil, max(count, 1), PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let base, base != MAP_FAILED else { throw Errno(rawValue: errno) }
        fill(UnsafeMutableRawBufferPointer(start: base, count: count))
        mprotect(base, max(count, 1), PROT_READ)
        bytes = UnsafeRawBufferPointer(start: base, count: count)
    }

    deinit {
        guard let base = bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: base), max(bytes.count, 1))
    }

    /// Tells the kernel that the pages may go; they are read again when next touched.
    public func discardPages() {
        guard let base = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, MADV_DONTNEED)
    }
}
