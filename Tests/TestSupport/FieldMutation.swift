/// Numbers at which readers of binary formats go wrong: edges of types, and sizes beyond any file.
private let edges: [UInt64] = [
    0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 1 << 20, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE,
    0xFFFF_FFFF, 1 << 32, 1 << 40, 1 << 62, 1 << 63 - 1, 1 << 63, .max - 7, .max,
]

/// Overwrites one to three fields of 1, 2, 4 or 8 bytes with such a number.
public func withMutatedFields(
    _ bytes: [UInt8], using generator: inout SeededGenerator
) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let width = 1 << Int.random(in: 0...3, using: &generator)
        guard bytes.count >= width else { return bytes }
        let place = Int.random(in: 0...bytes.count - width, using: &generator)
        let number = edges.randomElement(using: &generator) ?? 0
        withUnsafeBytes(of: number.littleEndian) {
            bytes.replaceSubrange(place..<place + width, with: $0.prefix(width))
        }
    }
    return bytes
}

/// Replaces one to three of a text's numbers with such a number, or its negative.
public func withMutatedNumbers(
    _ text: String, using generator: inout SeededGenerator
) -> String {
    var text = text
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        guard let number = text.matches(of: /[0-9]+/).randomElement(using: &generator) else {
            break
        }
        let edge = edges.randomElement(using: &generator) ?? 0
        let sign = Int.random(in: 0..<8, using: &generator) == 0 ? "-" : ""
        text.replaceSubrange(number.range, with: "\(sign)\(edge)")
    }
    return text
}
