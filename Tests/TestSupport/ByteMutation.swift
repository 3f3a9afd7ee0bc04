/// Damages bytes as bad disks, cut downloads and malice do: one to four small changes.
public func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.remove(at: place)
        case 3:
            bytes.insert(
                contentsOf: Array("\"{}[],:-0129eE\\u".utf8).shuffled(using: &generator).prefix(2),
                at: place)
        case 4: bytes.removeLast(min(bytes.count, Int.random(in: 1...16, using: &generator)))
        default:
            let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
            bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
    }
    return bytes
}
