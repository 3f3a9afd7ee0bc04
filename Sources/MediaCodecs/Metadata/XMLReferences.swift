/// Rewrites references to characters for a parser that loses some of them.
///
/// Exempi takes `&#x27;` and every other reference of one or two hexadecimal digits for a control character that has
/// no place in XML, and puts a space there. The same character in decimal digits it reads.
enum XMLReferences {
    /// A text in UTF-8 with such references in decimal digits; any other text as it is.
    static func decimal(_ text: [UInt8]) -> [UInt8] {
        let mark = Array("&#x".utf8)
        var result: [UInt8] = []
        var copied = 0
        var position = 0
        while let start = text[position...].firstIndex(of: mark[0]) {
            position = start + 1
            guard text[start...].starts(with: mark),
                let end = text[(start + 3)...].prefix(3).firstIndex(of: UInt8(ascii: ";")),
                let value = UInt8(
                    String(decoding: text[(start + 3)..<end], as: UTF8.self), radix: 16),
                value >= 0x20
            else { continue }
            result += text[copied..<start] + Array("&#\(value);".utf8)
            copied = end + 1
            position = copied
        }
        return copied == 0 ? text : result + text[copied...]
    }
}
