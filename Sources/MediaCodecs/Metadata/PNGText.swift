import MediaDecoding

/// A text chunk of PNG: a keyword and its text (W3C PNG, 11.3.3).
struct PNGText {
    /// Bytes that a text may have once inflated.
    private static let maximum = 16 << 20

    /// Latin-1, 1 to 79 characters.
    let keyword: String
    /// The text, inflated.
    let bytes: [UInt8]
    /// Whether the text is UTF-8 (iTXt) or Latin-1.
    let isUnicode: Bool

    /// Reads the content of a chunk of type `tEXt`, `zTXt` or `iTXt`; `nil` if it is none or broken.
    init?(type: String, _ content: [UInt8]) {
        guard let zero = content.prefix(80).firstIndex(of: 0) else { return nil }
        keyword = LegacyText.decode(content[..<zero])
        var rest = content[(zero + 1)...]
        var isDeflated = false
        isUnicode = type == "iTXt"
        switch type {
        case "tEXt": break
        case "zTXt":
            guard rest.popFirst() == 0 else { return nil }
            isDeflated = true
        case "iTXt":
            guard let flag = rest.popFirst(), rest.popFirst() == 0 else { return nil }
            isDeflated = flag == 1
            // The language, and the keyword in that language.
            for _ in 0..<2 {
                guard let zero = rest.firstIndex(of: 0) else { return nil }
                rest = rest[(zero + 1)...]
            }
        default: return nil
        }
        guard isDeflated else {
            bytes = Array(rest)
            return
        }
        guard let inflated = Deflated.bytes(Array(rest), maximum: Self.maximum) else { return nil }
        bytes = inflated
    }

    /// The block in a chunk for EXIF: plain, or as drafts of the chunk had it, a zero, a length of
    /// four bytes, and deflated.
    static func exif(_ content: [UInt8]) -> [UInt8] {
        guard content.first == 0, content.count > 5 else { return content }
        return Deflated.bytes(Array(content[5...]), maximum: maximum) ?? []
    }

    /// The text as it is meant.
    var text: String {
        isUnicode
            ? String(decoding: bytes, as: UTF8.self) : LegacyText.decode(bytes)
    }

    /// The bytes of a profile as ImageMagick writes it: its name, its length, then hexadecimal digits.
    var rawProfile: [UInt8]? {
        let parts = bytes.split(maxSplits: 3, omittingEmptySubsequences: false) { $0 == 0x0a }
        guard parts.count == 4, parts[0].isEmpty,
            let length = Int(LegacyText.decode(parts[2]).filter { !$0.isWhitespace }),
            (1...Self.maximum).contains(length)
        else { return nil }
        var profile: [UInt8] = []
        var high: UInt8?
        for byte in parts[3] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { continue }
            if let top = high {
                profile.append(top << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        return profile.count >= length ? Array(profile.prefix(length)) : nil
    }
}

extension MetadataBlocks {
    private static let xmpMark = Array("http://ns.adobe.com/xap/1.0/\0".utf8)

    /// Adds what a text chunk of PNG holds: a packet, a profile, a title, a description.
    mutating func addPNGText(_ text: PNGText) throws(CodecError) {
        switch text.keyword {
        case "XML:com.adobe.xmp", "Raw profile type xmp":
            addXMP(text.keyword.hasPrefix("XML") ? text.bytes : text.rawProfile ?? [])
        case "Raw profile type exif", "Raw profile type APP1":
            guard let profile = text.rawProfile else { return }
            if profile.starts(with: Self.xmpMark) {
                addXMP(Array(profile[Self.xmpMark.count...]))
            } else {
                try addExif(profile)
            }
        case "Raw profile type iptc":
            guard let profile = text.rawProfile else { return }
            // Behind Photoshop's header, without it, or the data sets alone.
            let mark = Array("Photoshop 3.0\0".utf8)
            let resources = profile.starts(with: mark) ? Array(profile[mark.count...]) : profile
            if resources.first == 0x1c {
                addIPTC(resources)
            } else {
                try addPhotoshopResources(resources)
            }
        case "Creation Time", "CreationTime", "create-date":
            addContainerMoment(WrittenMoment.parse(text.text))
        case "Title":
            containerTexts = EmbeddedTexts(merging: [
                containerTexts, EmbeddedTexts(title: text.text),
            ])
        case "Description":
            containerTexts = EmbeddedTexts(merging: [
                containerTexts, EmbeddedTexts(caption: text.text),
            ])
        default: break
        }
    }
}
