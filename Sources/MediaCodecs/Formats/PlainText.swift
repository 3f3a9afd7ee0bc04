/// Tells texts from pictures and clips: some extensions of clips are also those of programs' sources.
enum PlainText {
    /// Bytes that are looked at, and those that must be there: many formats begin with some letters.
    private static let maximum = 4096
    private static let minimum = 8
    /// Control characters that stand in texts: tabulator, ends of lines and of pages.
    private static let allowed: Set<UInt8> = [9, 10, 12, 13]

    /// Whether a file begins with nothing but characters in UTF-8.
    static func isIn(_ file: some ByteSource) throws(CodecError) -> Bool {
        let count = min(file.count, maximum)
        guard count >= minimum, var bytes = try file.bytes(at: 0, count: count),
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || allowed.contains($0) })
        else { return false }
        // A character that the end of what is looked at has cut.
        let tail = bytes.suffix(3).lastIndex { $0 >= 0xc0 }
        if let tail, count < file.count { bytes.removeSubrange(tail...) }
        return String(validating: bytes, as: UTF8.self) != nil
    }
}
