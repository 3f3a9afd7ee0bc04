import TestSupport
import Testing

@testable import Tokenization

@Suite struct ScalarSetTests {
    @Test func joinsRangesThatTouchOrOverlap() {
        #expect(ScalarSet([5...6, 1...2, 3...3, 6...9]).ranges == [1...3, 5...9])
        #expect(ScalarSet([1...9, 2...3]).ranges == [1...9])
        #expect(ScalarSet([]).ranges.isEmpty)
    }

    @Test func invertsFromEndToEnd() {
        #expect(ScalarSet([]).inverted.ranges == [0...0x10_FFFF])
        #expect(ScalarSet([0...4, 9...0x10_FFFF]).inverted.ranges == [5...8])
    }

    /// The same as sets of numbers.
    @Test func agreesWithSets() throws {
        var generator = SeededGenerator(seed: 11)
        func numbers(_ set: ScalarSet) -> Set<UInt32> {
            Set((0..<100).filter { number in set.ranges.contains { $0.contains(number) } })
        }
        let all = Set(UInt32(0)..<100)
        for _ in 0..<200 {
            let sets = (0..<2).map { _ in
                ScalarSet(
                    (0..<5).map { _ in
                        let start = UInt32.random(in: 0..<60, using: &generator)
                        return start...start + UInt32.random(in: 0..<9, using: &generator)
                    })
            }
            #expect(numbers(sets[0].union(sets[1])) == numbers(sets[0]).union(numbers(sets[1])))
            #expect(numbers(sets[0].inverted) == all.subtracting(numbers(sets[0])))
            #expect(sets[0].inverted.inverted == sets[0])
        }
    }
}
