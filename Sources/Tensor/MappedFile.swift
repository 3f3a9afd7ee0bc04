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
    /// Whether pages can be read again from the file once they are gone.
    private let isBacked: Bool

    /// Maps the whole of a regular file.
    ///
    /// - Throws: `Errno`; `.invalidArgument` where the path is no regular file.
    public init(_ path: FilePath) throws {
        self.path = path
        isBacked = true
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
        isBacked = false
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

    /// Tells the kernel that pages may go; they are read again when next touched.
    ///
    /// Does nothing to memory that no file is behind.
    ///
    /// - Parameter part: Bytes of the file; all of them where none are given. What shares their
    ///   outermost pages goes with them.
    /// - Precondition: the bytes lie within the file.
    public func discardPages(_ part: Range<Int>? = nil) {
        let part = part ?? 0..<bytes.count
        precondition(part.lowerBound >= 0 && part.upperBound <= bytes.count)
        guard isBacked, !part.isEmpty, let base = bytes.baseAddress else { return }
        let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
        // The mapping begins on a page.
        let start = part.lowerBound / pageSize * pageSize
        madvise(
            UnsafeMutableRawPointer(mutating: base + start), part.upperBound - start, MADV_DONTNEED)
    }
}
