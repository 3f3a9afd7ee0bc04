import TestSupport
import Testing

@testable import Tensor

/// Attention whose weights are summed as they are computed, against that which keeps every head's.
@Suite struct AveragedAttentionTests {
    @Test(arguments: [1, 5, 130, 300])
    func theMeanIsThatOfTheHeads(_ rows: Int) {
        var generator = SeededGenerator(seed: UInt64(rows))
        let attention = MultiHeadAttention(heads: 6, keyValueHeads: 2, headWidth: 8)
        func random(_ columns: Int) -> Matrix {
            Matrix(
                rows: rows, columns: columns,
                values: (0..<rows * columns).map { _ in
                    Float.random(in: -1...1, using: &generator)
                })
        }
        let queries = random(48)
        let keys = KeyValues(keys: random(16), values: random(16))
        var marks = [Bool](repeating: false, count: rows)
        if rows > 2 { marks[2] = true }
        let mask = AttentionMask.causal(hidden: marks)
        let slow = attention.withWeights(queries, over: [keys], mask: mask)
        let fast = attention.averagingWeights(
            queries, parts: [AttentionPart(rows: 0..<rows, segments: [keys], mask: mask)])
        #expect(fast.result.values == slow.result.values)
        for row in 0..<rows {
            var sum: Float = 0
            for column in 0..<rows {
                let mean = slow.weights.reduce(0) { $0 + $1[row, column] } / 6
                #expect(abs(fast.weights[0][row, column] - mean) < 1e-6)
                sum += fast.weights[0][row, column]
            }
            #expect(abs(sum - 1) < 1e-5)
        }
    }
}
