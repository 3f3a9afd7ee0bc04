import MediaDecoding

/// Title, caption, keywords and rating among EXIF's tags.
struct ExifTexts {
    let structure: TIFFStructure
    let main: TIFFStructure.Directory
    let exif: TIFFStructure.Directory

    /// What cameras write as a description of every picture.
    private static let defaults: Set = [
        "olympus digital camera", "sony dsc", "minolta digital camera",
        "konica minolta digital camera",
        "digital camera", "digital image", "exif_jpeg_picture", "jpeg picture", "default",
        "untitled",
        "kodak digital still camera", "samsung digital camera", "video", "image", "<digimax>",
        "dcim", "charset=ascii", "screenshot", "hdrpl",
    ]

    /// Everything that is there.
    func texts() throws(CodecError) -> EmbeddedTexts {
        let described = try structure.text(main[0x010e], maximum: EmbeddedTexts.maximumParagraphs)
        let captions = [
            described.flatMap(Self.written), try windows(0x9c9c), try comment(),
        ]
        return EmbeddedTexts(
            title: try windows(0x9c9b), caption: captions.lazy.compactMap { $0 }.first,
            keywords: try windows(0x9c9e)?.split(separator: ";").map(String.init) ?? [],
            rating: try structure.integers(main[0x4746], maximum: 1)?.first)
    }

    /// `nil` for what a camera writes by itself, such as its maker or the picture's number.
    private static func written(_ text: String) -> String? {
        let plain = text.lowercased().split { $0.isWhitespace }.joined(separator: " ")
        let isPath = plain.hasPrefix("dcim\\") || plain.hasPrefix("dcim/")
        return plain.isEmpty || defaults.contains(plain) || isPath ? nil : text
    }

    /// UTF-16, little-endian whatever the order of the block.
    private func windows(_ tag: Int) throws(CodecError) -> String? {
        guard
            let bytes = try structure.bytes(
                main[tag], maximum: EmbeddedTexts.maximumParagraphs * 2)
        else { return nil }
        return Self.written(LegacyText.decodeUTF16(bytes, .little))
    }

    /// `UserComment`: eight bytes that name the encoding, then the text (EXIF 2.32, 4.6.5).
    private func comment() throws(CodecError) -> String? {
        guard
            let bytes = try structure.bytes(
                exif[0x9286], maximum: EmbeddedTexts.maximumParagraphs * 2), bytes.count > 8
        else { return nil }
        let text = Array(bytes[8...])
        switch String(decoding: bytes[..<8].prefix { $0 != 0 }, as: UTF8.self) {
        case "ASCII": return Self.written(LegacyText.decode(text))
        case "UNICODE":
            if text.starts(with: [0xff, 0xfe]) {
                return Self.written(LegacyText.decodeUTF16(Array(text[2...]), .little))
            }
            if text.starts(with: [0xfe, 0xff]) {
                return Self.written(LegacyText.decodeUTF16(Array(text[2...]), .big))
            }
            return Self.written(LegacyText.decodeUTF16(text, structure.order))
        default: return nil
        }
    }
}
