extension JSONScanner {
    /// Reads a string as UTF-8 behind what the array already holds.
    ///
    /// For documents of many short strings, for which a `String` each would take most of the time.
    ///
    /// - Throws: `Failure`, as `string()` does.
    public mutating func appendString(to result: inout [UInt8]) throws {
        try expect(UInt8(ascii: "\""))
        let start = offset
        var joined: UInt8 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                let content = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
                guard joined < 0x80 || Self.isUTF8(content) else {
                    throw Failure(offset: start, reason: "a string that is no UTF-8")
                }
                result.append(contentsOf: content)
                offset += 1
                return
            case UInt8(ascii: "\\"):
                offset = start - 1
                result.append(contentsOf: try string().utf8)
                return
            case 0..<0x20:
                throw failure("a control character in a string")
            default:
                joined |= byte
                offset += 1
            }
        }
        throw failure("a string without an end")
    }

    /// Whether bytes are UTF-8: quick for characters up to U+07FF, which byte alphabets consist of.
    private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                position += 1
            } else if (0xC2...0xDF).contains(byte), position + 1 < bytes.count,
                bytes[position + 1] & 0xC0 == 0x80
            {
                position += 2
            } else {
                return String(validating: bytes[position...], as: UTF8.self) != nil
            }
        }
        return true
    }
}
