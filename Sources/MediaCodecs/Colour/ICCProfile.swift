/// The header and the table of tags of an ICC profile (ICC.1, 7.2 and 7.3), before a library sees it.
struct ICCProfile {
    /// Bytes above which a profile is passed over; the largest of printing presses have some six million.
    static let maximumBytes = 16 << 20
    /// Tags that a table may have; real ones have some twenty.
    private static let maximumTags = 100

    /// The profile as the library is to see it.
    let bytes: [UInt8]
    /// What it describes the channels of.
    let model: ColourModel
    private let tags: [(signature: String, content: Range<Int>)]

    /// Recognises a profile of a camera, a screen or a printer; `nil` for anything else.
    init?(_ stored: [UInt8]) {
        guard stored.count >= 132, stored.count <= Self.maximumBytes,
            Self.text(stored, at: 36) == "acsp",
            ["scnr", "mntr", "prtr", "spac"].contains(Self.text(stored, at: 12)),
            ["XYZ ", "Lab "].contains(Self.text(stored, at: 20)),
            let model = Self.models[Self.text(stored, at: 16)]
        else { return nil }
        let count = Self.integer(stored, at: 128)
        guard count <= Self.maximumTags, 132 + count * 12 <= stored.count else { return nil }
        var bytes = stored
        var tags: [(signature: String, content: Range<Int>)] = []
        for index in 0..<count {
            let place = 132 + index * 12
            let (offset, size) = (
                Self.integer(stored, at: place + 4), Self.integer(stored, at: place + 8)
            )
            guard offset <= stored.count, size <= stored.count - offset else { return nil }
            tags.append((Self.text(stored, at: place), offset..<offset + size))
            // Tables of any number of steps, which a small file can make run for hours. The others,
            // of a fixed number, must be there too.
            if Self.text(stored, at: place).hasPrefix("D2B") {
                bytes.replaceSubrange(place..<place + 4, with: Array("----".utf8))
            }
        }
        self.bytes = bytes
        self.model = model
        self.tags = tags
    }

    /// The numbers of H.273 that newer profiles hold (tag `cicp`), which tables cannot say of HDR.
    var coded: CodedColour? {
        guard let content = tags.first(where: { $0.signature == "cicp" })?.content,
            content.count >= 12, Self.text(bytes, at: content.lowerBound) == "cicp"
        else { return nil }
        let start = content.lowerBound + 8
        return CodedColour(
            primaries: Int(bytes[start]), transfer: Int(bytes[start + 1]),
            isNarrow: bytes[start + 3] == 0)
    }

    private static let models: [String: ColourModel] = [
        "GRAY": .grey, "RGB ": .rgb, "CMYK": .cmyk,
    ]

    private static func text(_ bytes: [UInt8], at offset: Int) -> String {
        String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }

    private static func integer(_ bytes: [UInt8], at offset: Int) -> Int {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
