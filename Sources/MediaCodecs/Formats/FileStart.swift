/// The first bytes of a file, from which it is told what it is.
struct FileStart {
    /// Bytes that are looked at.
    private static let maximum = 256

    /// Up to 256 bytes.
    let head: [UInt8]
    /// The file, for formats whose first bytes only lead to what tells them apart.
    let file: any ByteSource

    /// Reads the beginning.
    init(_ file: some ByteSource) throws(CodecError) {
        self.file = file
        head = try file.bytes(at: 0, count: min(file.count, Self.maximum)) ?? []
    }

    /// Whether the file starts with these bytes.
    func has(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }

    /// Whether the file starts with this text, in ASCII.
    func has(_ text: String) -> Bool { head.starts(with: text.utf8) }

    /// Four bytes as Latin-1 text, by which many formats name their parts; empty beyond the end.
    func code(at offset: Int) -> String {
        guard offset + 4 <= head.count else { return "" }
        let scalars = head[offset..<offset + 4].map { Unicode.Scalar($0) }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The brands of ISO base media (ISO 14496-12, 4.3), the major one first; `nil` without `ftyp`.
    var brands: [String]? {
        guard head.count >= 16, code(at: 4) == "ftyp" else { return nil }
        let size = head[..<4].reduce(0) { $0 << 8 | Int($1) }
        let others = stride(from: 16, to: min(size, head.count) - 3, by: 4)
        return [code(at: 8)] + others.map { code(at: $0) }
    }
}
