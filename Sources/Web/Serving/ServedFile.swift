import Glibc
import SystemPackage

/// A file that is open for reading while it is sent, and is closed with the last reference to it.
final class ServedFile: Sendable {
    private let descriptor: Int32
    /// How many bytes it has.
    let size: Int64

    /// Takes a descriptor over.
    ///
    /// - Throws: `Errno`.
    init(_ descriptor: Int32) throws(Errno) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = Errno(rawValue: errno)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads a part; fewer bytes only where the file ends.
    ///
    /// - Throws: `Errno`.
    func read(_ range: Range<Int64>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let count = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, range.count - filled,
                    off_t(range.lowerBound) + filled)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw Errno(rawValue: errno) }
                guard count > 0 else { return }
                filled += count
            }
        }
    }
}
