/// The XMP packet of a GIF file: an application extension "XMP DataXMP" (XMP part 3, 1.1.2).
///
/// The packet is not cut into blocks with lengths. Behind it stand 258 bytes, a one, then all bytes
/// from 255 down to 0 and another 0, so that a reader who takes any byte of the packet for a length
/// comes to the end of the extension all the same.
enum GIFMetadata {
    private static let mark: [UInt8] = [0x21, 0xff, 0x0b] + Array("XMP DataXMP".utf8)
    private static let trailer = 258
    /// Extensions that are looked at.
    private static let maximumExtensions = 100_000

    /// The packet, or `nil`, looked for from `start` on, where the first block stands.
    static func packet(in file: some ByteSource, from start: Int) throws(CodecError) -> [UInt8]? {
        var position = start
        for _ in 0..<maximumExtensions {
            if try file.bytes(at: position, count: mark.count) == mark {
                let content = position + mark.count
                guard let end = try end(of: file, from: content), end - trailer >= content,
                    end - trailer - content <= MetadataBlocks.maximumBlock
                else { return nil }
                return try file.bytes(at: content, count: end - trailer - content)
            }
            guard let next = try next(in: file, at: position) else { return nil }
            position = next
        }
        return nil
    }

    /// Where the block behind the one at `position` stands; `nil` at the end.
    private static func next(
        in file: some ByteSource, at position: Int
    ) throws(CodecError) -> Int? {
        switch try file.integer(at: position, size: 1) {
        case 0x21:
            return try end(of: file, from: position + 2)
        case 0x2c:
            guard let flags = try file.integer(at: position + 9, size: 1) else { return nil }
            let colours = flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1)
            return try end(of: file, from: position + 11 + colours)
        default:
            return nil
        }
    }

    /// Where a chain of blocks, each with its length before it, ends.
    private static func end(of file: some ByteSource, from start: Int) throws(CodecError) -> Int? {
        var position = start
        while let size = try file.integer(at: position, size: 1) {
            position += 1 + size
            if size == 0 { return position }
        }
        return nil
    }
}
