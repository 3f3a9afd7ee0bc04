/// Where the TIFF header stands in an item of type `Exif` (ISO 23008-12, A.2.1).
enum HEIFExif {
    /// How far a header is looked for where it is not at its place.
    private static let reach = 32

    /// Behind a four-byte offset to it; some writers leave the offset out, or write a wrong one.
    static func header(in item: [UInt8]) throws(CodecError) -> Int? {
        if let offset = try item.integer(at: 0, size: 4), offset < item.count,
            try isHeader(item, 4 + offset)
        {
            return 4 + offset
        }
        for place in 0..<reach where try isHeader(item, place) { return place }
        return nil
    }

    private static func isHeader(_ item: [UInt8], _ place: Int) throws(CodecError) -> Bool {
        let mark = try item.bytes(at: place, count: 4)
        return mark == [0x49, 0x49, 42, 0] || mark == [0x4d, 0x4d, 0, 42]
            || mark == Array("Exif".utf8)
    }
}
