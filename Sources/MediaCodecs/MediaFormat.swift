/// What a file is, told from its first bytes; names and extensions are never believed.
enum MediaFormat: String {
    case jpeg, png, webp, gif, bmp, tiff, heic, avif
    case mp4, mov, matroska, webm, avi

    /// Whether it is a clip.
    var isVideo: Bool {
        switch self {
        case .jpeg, .png, .webp, .gif, .bmp, .tiff, .heic, .avif: false
        case .mp4, .mov, .matroska, .webm, .avi: true
        }
    }

    /// The name under which its identities are counted: MP4 and MOV hold the same data.
    var family: String {
        switch self {
        case .mp4, .mov: "mp4"
        case .matroska, .webm: "matroska"
        default: rawValue
        }
    }

    /// The verdict on a file that is none of them.
    static let unknown = CodecError.rejected(
        "is not a picture or clip in a format that Vignette reads (JPEG, PNG, WebP, GIF, BMP, TIFF, "
            + "HEIC, AVIF, MP4, MOV, MKV, WebM, AVI)")

    /// Recognises the content of `file`.
    init(of file: some ByteSource) throws(CodecError) {
        guard let head = try file.bytes(at: 0, count: min(file.count, 256)),
            let format = Self.recognise(head)
        else { throw Self.unknown }
        self = format
    }

    private static func recognise(_ head: [UInt8]) -> MediaFormat? {
        let starts: [(MediaFormat, [UInt8])] = [
            (.jpeg, [0xff, 0xd8, 0xff]),
            (.png, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
            (.gif, Array("GIF87a".utf8)), (.gif, Array("GIF89a".utf8)),
            (.tiff, [0x49, 0x49, 42, 0]), (.tiff, [0x4d, 0x4d, 0, 42]),
            // BigTIFF, with offsets of eight bytes.
            (.tiff, [0x49, 0x49, 43, 0]), (.tiff, [0x4d, 0x4d, 0, 43]),
        ]
        if let match = starts.first(where: { head.starts(with: $0.1) }) { return match.0 }
        guard head.count >= 16 else { return nil }
        switch code(head, at: 0) {
        case "RIFF":
            return ["WEBP": .webp, "AVI ": .avi][code(head, at: 8)]
        case "\u{1a}E\u{df}\u{a3}":
            return matroska(head)
        case let start where start.hasPrefix("BM"):
            return BMPHeader.sizes.contains(Int(head[14])) && head[15] == 0 ? .bmp : nil
        default:
            return isoMedia(head)
        }
    }

    /// ISO base media (`ftyp` and its brands), and QuickTime from before there were brands.
    private static func isoMedia(_ head: [UInt8]) -> MediaFormat? {
        switch code(head, at: 4) {
        case "ftyp":
            let size = head[..<4].reduce(0) { $0 << 8 | Int($1) }
            let compatible = stride(from: 16, to: min(size, head.count) - 3, by: 4)
            return format(brand: code(head, at: 8), others: compatible.map { code(head, at: $0) })
        case "moov", "mdat", "wide", "skip", "free", "pnot":
            return .mov
        default:
            return nil
        }
    }

    private static func format(brand: String, others: [String]) -> MediaFormat {
        switch brand {
        case "avif", "avis": .avif
        case "heic", "heix", "heim", "heis", "hevc", "hevx": .heic
        case "mif1", "msf1": others.contains("avif") ? .avif : .heic
        case "qt  ": .mov
        default: .mp4
        }
    }

    /// EBML: the document type stands within the first bytes, behind its identifier 0x4282.
    private static func matroska(_ head: [UInt8]) -> MediaFormat? {
        let text = String(String.UnicodeScalarView(head.prefix(64).map { Unicode.Scalar($0) }))
        if text.contains("\u{42}\u{82}\u{84}webm") { return .webm }
        return text.contains("matroska") ? .matroska : nil
    }

    /// Four bytes as Latin-1 text.
    private static func code(_ head: [UInt8], at offset: Int) -> String {
        guard offset + 4 <= head.count else { return "" }
        let scalars = head[offset..<offset + 4].map { Unicode.Scalar($0) }
        return String(String.UnicodeScalarView(scalars))
    }
}
