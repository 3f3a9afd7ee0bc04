import TestSupport
import Testing

@testable import Tokenization

@Suite struct MergeTableTests {
    /// The same answers as a dictionary, with ids up to the highest.
    @Test func answersAsADictionary() {
        struct Pair: Hashable {
            let left: Int32
            let right: Int32
        }
        var generator = SeededGenerator(seed: 8)
        let highest = Int32(TokenizerDefinition.maximumID - 1)
        func id() -> Int32 {
            Bool.random(using: &generator)
                ? Int32.random(in: 0...40, using: &generator)
                : Int32.random(in: highest - 40...highest, using: &generator)
        }
        var table = MergeTable(capacity: 5000)
        var ranks: [Pair: UInt32] = [:]
        for rank in UInt32(0)..<5000 {
            let pair = Pair(left: id(), right: id())
            table.append(pair.left, pair.right, joined: Int32(rank) * 2)
            ranks[pair] = rank
        }
        #expect(table.rank(100, 100) == nil)
        for (pair, rank) in ranks { #expect(table.rank(pair.left, pair.right) == rank) }
        for _ in 0..<5000 {
            let pair = Pair(left: id(), right: id())
            #expect(table.rank(pair.left, pair.right) == ranks[pair])
        }
        #expect(table.id(4999) == 9998)
    }

    @Test func looksPairsOfBytesUp() {
        var table = MergeTable(capacity: 2)
        table.append(1255, 1000, joined: 5)
        table.append(1000, 1001, joined: 6)
        table.prepare(forBytes: (1000..<1256).map(Int32.init))
        #expect(table.rank(ofBytes: 255, 0) == 0)
        #expect(table.rank(ofBytes: 0, 1) == 1)
        #expect(table.rank(ofBytes: 1, 0) == .max)
    }
}
