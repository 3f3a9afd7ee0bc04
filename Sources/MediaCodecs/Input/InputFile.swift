import Glibc
import SystemPackage

/// A regular file that is open for reading.
final class InputFile: ByteSource {
    /// Its size in bytes when it was opened.
    let count: Int
    private let descriptor: Int32
    /// The piece around the last small read, so that parsers may read field by field.
    private var window: [UInt8] = []
    private var windowStart = 0

    /// Takes an open file over, and closes it in the end.
    ///
    /// The size is where its end is: the child may not ask for a file's status.
    init(descriptor: Int32) throws(CodecError) {
        let end = lseek(descriptor, 0, SEEK_END)
        let code = errno
        self.descriptor = descriptor
        count = Int(end)
        guard end >= 0 else { throw .unreadable(Errno(rawValue: code)) }
        guard count > 0 else { throw .rejected("is empty") }
    }

    deinit {
        close(descriptor)
    }

    /// Fills `buffer` from `offset` and says how many bytes were there, fewer at the end only.
    func read(
        at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(CodecError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let got = pread(
                descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled,
                off_t(offset + filled))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(Errno(rawValue: errno)) }
            guard got > 0 else { break }
            filled += got
        }
        return filled
    }

    func bytes(at offset: Int, count: Int) throws(CodecError) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
            return nil
        }
        guard count <= 256 else { return try load(at: offset, count: count) }
        if offset < windowStart || offset + count > windowStart + window.count {
            window = try load(at: offset, count: min(4096, self.count - offset))
            windowStart = offset
        }
        return Array(window[(offset - windowStart)...].prefix(count))
    }

    /// All of it, if it has at most `limit` bytes.
    func wholeFile(limit: Int) throws(CodecError) -> [UInt8] {
        guard count <= limit else {
            throw .tooLarge(count, limit: limit)
        }
        return try load(at: 0, count: count)
    }

    private func load(at offset: Int, count: Int) throws(CodecError) -> [UInt8] {
        var fault: CodecError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(CodecError) {
                filled = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        guard bytes.count == count else { throw .failed("the file shrank while it was read") }
        return bytes
    }
}
