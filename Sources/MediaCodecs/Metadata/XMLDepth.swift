/// How deep the elements of an XML text nest, told without parsing it.
///
/// Parsers that call themselves for each level end the process on a text of some hundred thousand
/// levels. This counts levels as the first of such a parser's steps would: it skips what comments,
/// processing instructions, CDATA and quoted values hold, so that no text can pretend to close what
/// it opened. Where the text breaks XML's rules the parser stops, so what follows does not matter.
struct XMLDepth {
    /// Levels that are let through; real packets have less than thirty.
    static let maximum = 500
    /// Opening angles up to which a text cannot nest too deep for the parser, whatever they open.
    static let harmlessAngles = 5000

    /// Whether a text in any encoding nests at most `maximum` deep; for long ones only UTF-8 can show it.
    static func isBounded(_ bytes: [UInt8]) -> Bool {
        let angles = bytes.reduce(0) { $0 + ($1 == 0x3c ? 1 : 0) }
        if angles <= harmlessAngles { return true }
        // In UTF-16 and UTF-32 every angle has zeros beside it, which UTF-8 has at its end at most.
        guard let end = bytes.lastIndex(where: { $0 != 0 }), !bytes[..<end].contains(0) else {
            return false
        }
        var scanner = XMLDepth(bytes)
        return scanner.isBounded()
    }

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func isBounded() -> Bool {
        var depth = 0
        while skip(past: [0x3c]) {
            if starts(with: "!--") {
                _ = skip(past: Array("-->".utf8))
            } else if starts(with: "![CDATA[") {
                _ = skip(past: Array("]]>".utf8))
            } else if starts(with: "?") {
                _ = skip(past: Array("?>".utf8))
            } else if starts(with: "!") {
                return false
            } else if starts(with: "/") {
                depth -= 1
            } else {
                depth += endsElement() ? 0 : 1
            }
            if depth > Self.maximum { return false }
        }
        return true
    }

    /// Goes to the end of a tag and says whether it closes itself.
    private mutating func endsElement() -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case 0x22, 0x27: _ = skip(past: [byte])
            case 0x3e: return bytes[position - 2] == 0x2f
            default: break
            }
        }
        return false
    }

    private func starts(with text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    /// Goes behind the next occurrence of `mark`, or to the end.
    private mutating func skip(past mark: [UInt8]) -> Bool {
        while position + mark.count <= bytes.count {
            if bytes[position] == mark[0], bytes[position...].starts(with: mark) {
                position += mark.count
                return true
            }
            position += 1
        }
        position = bytes.count
        return false
    }
}
