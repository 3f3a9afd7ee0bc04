/// Text from fields whose encoding nobody states.
enum LegacyText {
    /// UTF-8 if it is that, and Latin-1 if not; up to the first zero byte.
    static func decode(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = bytes.prefix { $0 != 0 }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// UTF-16 without a mark of its order, up to the first zero.
    static func decodeUTF16(_ bytes: [UInt8], _ order: ByteOrder) -> String {
        var units: [UInt16] = []
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            let unit = order == .big ? first << 8 | second : second << 8 | first
            if unit == 0 { break }
            units.append(unit)
        }
        return String(decoding: units, as: UTF16.self)
    }
}
