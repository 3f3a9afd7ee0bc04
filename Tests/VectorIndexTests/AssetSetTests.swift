import TestSupport
import Testing
import VectorIndex

@Suite struct AssetSetTests {
    @Test func holdsWhatASetHolds() throws {
        var random = SeededGenerator(seed: 5)
        var (bits, plain) = (AssetSet(), Set<Int64>())
        for _ in 0..<500 {
            let asset = Int64.random(in: 0..<3000, using: &random)
            try bits.insert(asset)
            plain.insert(asset)
        }
        for asset in Int64(-5)..<4000 { #expect(bits.contains(asset) == plain.contains(asset)) }
    }

    @Test(arguments: [-1, 1 << 32, Int64.max, .min]) func refusesNumbersOutOfBounds(_ asset: Int64)
    {
        #expect(throws: VectorIndexError.self) { try AssetSet([asset]) }
    }
}
