import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Attention of many rows in bfloat16 beside single precision, where the processor has it.
@Suite(.enabled("the processor multiplies pairs of bfloat16") { HeadPanels.canRound })
struct RoundedAttentionTests {
    /// Numbers whose bits bfloat16 holds.
    private func short(_ rows: Int, _ columns: Int, _ generator: inout SeededGenerator) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<rows * columns).map { _ in
                Float(Int.random(in: -8...8, using: &generator)) / 8
            })
    }

    private func kept(_ keys: Matrix, _ values: Matrix, _ halves: Int) -> [KeyValues] {
        let all = KeyValues(keys: keys, values: values)
        var later = KeyValues(width: keys.columns, precision: .half)
        later.append(all, rows: keys.rows - halves..<keys.rows)
        return [all.rows(0..<keys.rows - halves), later]
    }

    @Test(arguments: [(5, 9, 3), (7, 33, 64), (13, 40, 33), (97, 131, 16), (330, 400, 6)])
    func differsByTheRoundingOfWeights(rows: Int, keys: Int, width: Int) {
        var generator = SeededGenerator(seed: UInt64(keys))
        let queries = short(rows, 4 * width, &generator)
        let segments = kept(
            short(keys, 2 * width, &generator), short(keys, 2 * width, &generator), keys / 3)
        func attention(rounds: Bool) -> MultiHeadAttention {
            MultiHeadAttention(heads: 4, keyValueHeads: 2, headWidth: width, rounds: rounds)
        }
        for mask in [AttentionMask.none, .causal, .causal(hidden: [true, false, true])] {
            let exact = attention(rounds: false)(queries, over: segments, mask: mask)
            let rounded = attention(rounds: true)(queries, over: segments, mask: mask)
            // Values are at most 1, weights add up to 1 and are off by a 256th of themselves.
            #expect(rounded.distance(to: exact.values.map(Double.init)) < 1 / 256.0)
        }
    }

    @Test func scoresOfNumbersThatItHoldsAreExact() {
        var generator = SeededGenerator(seed: 3)
        let (rows, keys, width) = (14, 70, 31)
        let queries = short(rows, width, &generator)
        let segments = kept(short(keys, width, &generator), short(keys, width, &generator), 7)
        func scores(rounds: Bool) -> [Float] {
            let head = HeadPanels(segments, head: 0, width: width, count: keys, rounds: rounds)
            let scores = FloatBuffer(capacity: rows * head.stride)
            queries.read {
                head.score($0, rows: rows, step: width, count: keys, into: scores.start)
            }
            return (0..<rows * head.stride).map { scores.start[$0] }
        }
        #expect(scores(rounds: true) == scores(rounds: false))
    }

    @Test func whatIsNoNumberStaysNone() {
        var generator = SeededGenerator(seed: 4)
        let (queries, keys) = (short(6, 8, &generator), short(9, 8, &generator))
        var values = short(9, 8, &generator)
        values.write { $0[3] = .nan }
        let attention = MultiHeadAttention(
            heads: 1, keyValueHeads: 1, headWidth: 8, rounds: true)
        let result = attention(
            queries, over: [KeyValues(keys: keys, values: values)], mask: .none)
        #expect((0..<6).allSatisfy { result[$0, 3].isNaN && !result[$0, 2].isNaN })
    }
}
