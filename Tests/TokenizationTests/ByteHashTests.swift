import Testing

@testable import Tokenization

@Suite struct ByteHashTests {
    private func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { ByteHash.hash($0, ByteHash.Seeds()) }
    }

    /// Every byte counts, and so does the length, whatever the length.
    @Test func tellsNeighboursApart() {
        var seen: [UInt64: [UInt8]] = [:]
        for count in 0...40 {
            let zeros = [UInt8](repeating: 0, count: count)
            var others = [zeros]
            for place in 0..<count {
                for bit in 0..<8 {
                    var changed = zeros
                    changed[place] = 1 << UInt8(bit)
                    others.append(changed)
                }
            }
            for bytes in others {
                #expect(seen.updateValue(bytes, forKey: hash(bytes)) == nil, "\(bytes)")
            }
        }
    }

    @Test func hashesEqualBytesAlikeWhereverTheyLie() {
        let bytes = Array("a word of some length".utf8)
        for shift in 0..<9 {
            let moved = [UInt8](repeating: 1, count: shift) + bytes
            let own = moved.withUnsafeBytes { moved in
                ByteHash.hash(
                    UnsafeRawBufferPointer(rebasing: moved[shift...]), ByteHash.Seeds())
            }
            #expect(own == hash(bytes))
        }
    }
}
