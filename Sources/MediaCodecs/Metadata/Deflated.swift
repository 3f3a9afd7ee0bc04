import CZlib

/// Reads zlib streams (RFC 1950) piece by piece.
final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the end of the stream, with a right checksum, was reached.
    private(set) var isAtEnd = false
    private(set) var isBroken = false

    /// `nil` without memory.
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit_(stream, ZLIB_VERSION, size) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates `bytes` and hands out what comes of it; ends where `body` answers `false`.
    func inflate(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Bool) {
        var input = bytes
        let count = input.count
        input.withUnsafeMutableBufferPointer { input in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(clamping: count)
                while !isAtEnd, !isBroken {
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    let code = CZlib.inflate(stream, Z_NO_FLUSH)
                    isAtEnd = code == Z_STREAM_END
                    isBroken = code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR
                    let written = output.count - Int(stream.pointee.avail_out)
                    guard body(UnsafeBufferPointer(rebasing: output[..<written])) else { return }
                    if written < output.count && stream.pointee.avail_in == 0 { return }
                    if code == Z_BUF_ERROR { return }
                }
            }
        }
    }
}

/// Short texts that are deflated.
enum Deflated {
    /// The inflated bytes; `nil` if they are not whole, or more than `maximum`.
    static func bytes(_ deflated: [UInt8], maximum: Int) -> [UInt8]? {
        guard let inflater = Inflater() else { return nil }
        var whole: [UInt8] = []
        inflater.inflate(deflated) { piece in
            whole += piece
            return whole.count <= maximum
        }
        return inflater.isAtEnd && whole.count <= maximum ? whole : nil
    }
}
