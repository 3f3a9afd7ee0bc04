/// The metadata in the boxes of a JPEG 2000 file.
enum JP2Metadata {
    /// `JpgTiffExif->JP2`, as Adobe and others write it.
    private static let exif = Array("JpgTiffExif->JP2".utf8)
    /// XMP part 3, 1.1.4.
    private static let xmp: [UInt8] = [
        0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf,
        0xac,
    ]
    private static let iptc: [UInt8] = [
        0x33, 0xc7, 0xa4, 0xd2, 0xb8, 0x1d, 0x47, 0x23, 0xa0, 0xba, 0xf1, 0xa3, 0xe0, 0x97, 0xad,
        0x38,
    ]

    /// Reads them; a bare codestream has none.
    static func blocks(of file: [UInt8]) throws(CodecError) -> MetadataBlocks {
        var blocks = MetadataBlocks()
        for box in try ISOBox.all(in: file, 0..<file.count) {
            // ISO 15444-1, I.7.1: any XML, among it XMP of programs older than the identifier.
            if box.type == "xml ", box.content.count <= MetadataBlocks.maximumBlock {
                let content = Array(file[box.content])
                if content.firstRange(of: Array("<x:xmpmeta".utf8)) != nil {
                    blocks.addXMP(content)
                }
            }
            guard box.type == "uuid" else { continue }
            guard (16...MetadataBlocks.maximumBlock).contains(box.content.count) else { continue }
            let start = box.content.lowerBound
            let content = Array(file[(start + 16)..<box.content.upperBound])
            switch Array(file[start..<start + 16]) {
            case exif: try blocks.addExif(content)
            case xmp: blocks.addXMP(content)
            case iptc: blocks.addIPTC(content)
            default: continue
            }
        }
        return blocks
    }
}
