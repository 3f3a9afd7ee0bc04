import TestSupport
import Testing

@testable import ModelLoading

@Suite struct RowBatchTests {
    @Test func passesHoldEverythingInOrderAndNoMoreThanTheyMay() {
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<200 {
            let rows = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                Int.random(in: 0...1500, using: &generator)
            }
            let passes = rows.inPasses(rows: { $0 })
            #expect(passes.flatMap { $0 } == rows)
            for pass in passes {
                #expect(pass.count == 1 || pass.reduce(0, +) <= RowBatch.rowsAtOnce)
                #expect(!pass.isEmpty)
            }
            for (one, next) in zip(passes, passes.dropFirst()) {
                #expect(one.reduce(0, +) + (next.first ?? 0) > RowBatch.rowsAtOnce)
            }
        }
    }

    @Test func stretchesFollowEachOther() {
        #expect([Range<Int>].consecutive([2, 0, 3]) == [0..<2, 2..<2, 2..<5])
        #expect([Range<Int>].equal(3, of: 2) == [0..<2, 2..<4, 4..<6])
    }
}
