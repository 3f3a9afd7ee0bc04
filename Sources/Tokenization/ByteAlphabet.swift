/// How a byte-level vocabulary writes bytes as printable characters.
///
/// GPT-2's table: a printable byte of Latin-1 stands for itself, every other one for the next
/// unused character from U+0100 on, so that a space reads "Ġ".
enum ByteAlphabet {
    /// The byte that a character stands for, by the character's number; -1 outside the alphabet.
    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x100 + 68)
        var next = 0x100
        for byte in UInt8.min...UInt8.max {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF:
                table[Int(byte)] = Int16(byte)
            default:
                table[next] = Int16(byte)
                next += 1
            }
        }
        return table
    }()

    /// Appends the bytes that a token's text stands for.
    ///
    /// - Parameters:
    ///   - token: UTF-8.
    ///   - result: Takes the bytes.
    /// - Returns: Whether all characters are of the alphabet; if not, nothing is appended.
    static func append(_ token: UnsafeRawBufferPointer, to result: inout [UInt8]) -> Bool {
        let start = result.count
        let bytes = bytes.span
        var position = 0
        while position < token.count {
            var number = Int(token[position])
            position += 1
            // The alphabet has no character of more than two bytes.
            if number >= 0x80, number < 0xE0, position < token.count {
                number = (number & 0x1F) << 6 | Int(token[position]) & 0x3F
                position += 1
            }
            guard number < bytes.count, bytes[number] >= 0 else {
                result.removeLast(result.count - start)
                return false
            }
            result.append(UInt8(truncatingIfNeeded: bytes[number]))
        }
        return true
    }

    /// The bytes that a token's text stands for; nil where a character is not of the alphabet.
    static func bytes(of token: String) -> [UInt8]? {
        var result: [UInt8] = []
        return Array(token.utf8).withUnsafeBytes { append($0, to: &result) } ? result : nil
    }
}
