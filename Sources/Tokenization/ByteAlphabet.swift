/// How a byte-level vocabulary writes bytes as printable characters.
///
/// GPT-2's table: a printable byte of Latin-1 stands for itself, every other one for the next
/// unused character from U+0100 on, so that a space reads "Ġ".
enum ByteAlphabet {
    /// The byte that a character stands for, by the character's number; nil outside the alphabet.
    private static let bytes: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 0x100 + 68)
        var next = 0x100
        for byte in UInt8.min...UInt8.max {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF:
                table[Int(byte)] = byte
            default:
                table[next] = byte
                next += 1
            }
        }
        return table
    }()

    /// The bytes that a token's text stands for; nil where a character is not of the alphabet.
    static func bytes(of token: String) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(token.utf8.count)
        for scalar in token.unicodeScalars {
            guard scalar.value < bytes.count, let byte = bytes[Int(scalar.value)] else {
                return nil
            }
            result.append(byte)
        }
        return result
    }
}
