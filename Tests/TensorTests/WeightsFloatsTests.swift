import TestSupport
import Testing

@testable import Tensor

@Suite struct WeightsFloatsTests {
    @Test func readsEveryHalf() throws {
        let folder = try TemporaryDirectory()
        let halves = (UInt16.min...UInt16.max).map { Float16(bitPattern: $0) }
        let stored = try Weights.stored(
            halves.map { Float($0) }, shape: [65_536], as: .float16, in: folder, offset: 1)
        for (half, single) in zip(halves, stored.floats) {
            guard !half.isNaN else {
                #expect(single.isNaN)
                continue
            }
            #expect(single.bitPattern == Float(half).bitPattern)
        }
    }

    @Test func readsEveryBfloat16() throws {
        let folder = try TemporaryDirectory()
        let patterns = (UInt16.min...UInt16.max).map { UInt32($0) << 16 }
        let stored = try Weights.stored(
            patterns.map { Float(bitPattern: $0) }, shape: [256, 256], as: .bfloat16, in: folder)
        #expect(stored.floats.map(\.bitPattern) == patterns)
    }

    @Test func looksUpRowsOfATable() throws {
        let folder = try TemporaryDirectory()
        let table = EmbeddingTable(
            try Weights.stored(
                (0..<12).map(Float.init), shape: [4, 3], as: .bfloat16, in: folder, offset: 3))
        #expect(table([3, 0, 3]).values == [9, 10, 11, 0, 1, 2, 9, 10, 11])
    }
}
