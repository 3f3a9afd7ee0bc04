import MediaFormats

/// Matroska and WebM (RFC 9559).
struct MatroskaFormat: ClipFormat {
    let formats = [MediaFormat.matroska, .webm]
    let demuxer = "matroska"
    /// Elements that are looked at; a second of a recording has some thirty to a hundred.
    private static let maximumElements = 1_000_000

    /// The document type stands within the first bytes, behind its identifier 0x4282.
    func recognise(_ start: FileStart) -> MediaFormat? {
        guard start.head.count >= 16, start.has([0x1a, 0x45, 0xdf, 0xa3]) else { return nil }
        let scalars = start.head.prefix(64).map { Unicode.Scalar($0) }
        let text = String(String.UnicodeScalarView(scalars))
        // Zeros may fill a text up (RFC 8794, 7.4).
        let types = ["\u{42}\u{82}\u{84}webm", "\u{42}\u{82}\u{85}webm\0"]
        if types.contains(where: { text.contains($0) }) { return .webm }
        return text.contains("matroska") ? .matroska : nil
    }

    /// EBML (RFC 8794): the header element, then one segment, each with its size before it.
    func isCutShort(_ file: InputFile) throws(CodecError) -> Bool {
        guard let header = try size(in: file, at: 4), let length = header.value else { return true }
        let start = 4 + header.bytes + min(length, file.count)
        guard try file.integer(at: start, size: 4) == 0x1853_8067,
            let segment = try size(in: file, at: start + 4)
        else { throw .damaged("it has no segment (Matroska)") }
        let content = start + 4 + segment.bytes
        // A recording that was streamed does not know its size.
        guard let length = segment.value else {
            return try endsWithinAnElement(file, from: content)
        }
        return length > file.count - content
    }

    /// Whether the last of the elements from `start` on is cut; clusters may be of unknown size too.
    private func endsWithinAnElement(
        _ file: InputFile, from start: Int
    ) throws(CodecError) -> Bool {
        var position = start
        for _ in 0..<Self.maximumElements where position < file.count {
            guard let first = try file.integer(at: position, size: 1), first != 0 else {
                return false
            }
            let name = UInt8(first).leadingZeroBitCount + 1
            guard name <= 4, let size = try size(in: file, at: position + name) else {
                return name <= 4
            }
            position += name + size.bytes + (size.value ?? 0)
        }
        return position > file.count
    }

    /// A number whose first byte's leading zeros say how many bytes it has; all ones is "unknown".
    private func size(
        in file: InputFile, at offset: Int
    ) throws(CodecError) -> (bytes: Int, value: Int?)? {
        guard let first = try file.integer(at: offset, size: 1), first != 0 else { return nil }
        let bytes = UInt8(first).leadingZeroBitCount + 1
        guard let raw = try file.integer(at: offset, size: bytes) else { return nil }
        let mask = 1 << (7 * bytes) - 1
        let value = raw & mask
        return (bytes, value == mask ? nil : value)
    }
}
