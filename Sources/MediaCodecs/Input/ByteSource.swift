/// Bytes that can be read from anywhere: a file, or a part of one that is in memory.
protocol ByteSource {
    /// How many there are.
    var count: Int { get }
    /// Reads `count` bytes at `offset`; `nil` where that is not wholly within.
    func bytes(at offset: Int, count: Int) throws(CodecError) -> [UInt8]?
}

/// The order in which an integer's bytes stand.
enum ByteOrder {
    case little
    case big
}

extension ByteSource {
    /// Reads an unsigned integer of `size` bytes, 1 to 8; `nil` beyond the end or above `Int.max`.
    func integer(
        at offset: Int, size: Int, _ order: ByteOrder = .big
    ) throws(CodecError) -> Int? {
        guard let bytes = try bytes(at: offset, count: size) else { return nil }
        let ordered = order == .big ? bytes : bytes.reversed()
        return Int(exactly: ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

extension [UInt8]: ByteSource {
    func bytes(at offset: Int, count: Int) throws(CodecError) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
            return nil
        }
        return Array(self[offset..<offset + count])
    }
}
