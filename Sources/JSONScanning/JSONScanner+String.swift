extension JSONScanner {
    /// Reads a string.
    ///
    /// - Throws: `Failure` for anything else: no closing quote, a raw control character, an unknown
    ///   escape, a surrogate without its partner, bytes that are no UTF-8.
    public mutating func string() throws -> String {
        try expect(UInt8(ascii: "\""))
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                let text = try text(start..<offset)
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                return try stringWithEscapes(from: start)
            case 0..<0x20:
                throw failure("a control character in a string")
            default:
                offset += 1
            }
        }
        throw failure("a string without an end")
    }

    /// The slow path, taken from the first backslash on.
    private mutating func stringWithEscapes(from start: Int) throws -> String {
        var text = try text(start..<offset)
        var plainStart = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                text += try self.text(plainStart..<offset)
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                text += try self.text(plainStart..<offset)
                text.unicodeScalars.append(try escape())
                plainStart = offset
            case 0..<0x20:
                throw failure("a control character in a string")
            default:
                offset += 1
            }
        }
        throw failure("a string without an end")
    }

    private func text(_ range: Range<Int>) throws -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw Failure(offset: range.lowerBound, reason: "a string that is no UTF-8")
        }
        return text
    }

    /// Reads a backslash and what follows it.
    private mutating func escape() throws -> Unicode.Scalar {
        offset += 1
        guard offset < bytes.count else { throw failure("a string without an end") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(first)), bytes.count - offset >= 2,
            bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else { throw failure("half of a surrogate pair") }
        offset += 2
        let second = try hexadecimal()
        guard UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("half of a surrogate pair") }
        return scalar
    }

    /// Reads four hexadecimal digits.
    private mutating func hexadecimal() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count,
                let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue
            else { throw failure("expected four hexadecimal digits") }
            value = value << 4 + UInt32(digit)
            offset += 1
        }
        return value
    }
}
