/// A box of ISO base media (ISO 14496-12, 4.2): its type and where its content stands.
struct ISOBox {
    /// Boxes read of one place; real files have some dozens.
    private static let maximum = 10_000

    let type: String
    let content: Range<Int>

    /// The boxes that lie wholly within `range`, up to the first that makes no sense.
    static func all(
        in source: some ByteSource, _ range: Range<Int>
    ) throws(CodecError) -> [ISOBox] {
        var boxes: [ISOBox] = []
        var position = range.lowerBound
        while position + 8 <= range.upperBound, boxes.count < maximum,
            let short = try source.integer(at: position, size: 4),
            let type = try source.bytes(at: position + 4, count: 4)
        {
            var (header, size) = (8, short)
            if short == 1 {
                guard let long = try source.integer(at: position + 8, size: 8) else { break }
                (header, size) = (16, long)
            } else if short == 0 {
                size = range.upperBound - position
            }
            guard size >= header, size <= range.upperBound - position else { break }
            boxes.append(
                ISOBox(
                    type: String(decoding: type, as: UTF8.self),
                    content: position + header..<position + size))
            position += size
        }
        return boxes
    }
}
