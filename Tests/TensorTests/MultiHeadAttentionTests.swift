import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct MultiHeadAttentionTests {
    struct Shape: Sendable {
        var queries: Int
        var segments: [Int]
        var heads: Int
        var keyValueHeads: Int
        var headWidth: Int
        var hidden: [Int] = []

        var keys: Int { segments.reduce(0, +) }
    }

    static let shapes = [
        Shape(queries: 1, segments: [1], heads: 1, keyValueHeads: 1, headWidth: 2),
        Shape(queries: 1, segments: [3, 14], heads: 6, keyValueHeads: 2, headWidth: 5),
        Shape(queries: 2, segments: [6, 1, 2], heads: 4, keyValueHeads: 2, headWidth: 7),
        Shape(queries: 4, segments: [9, 2], heads: 4, keyValueHeads: 2, headWidth: 24),
        Shape(queries: 7, segments: [7], heads: 4, keyValueHeads: 4, headWidth: 3),
        Shape(queries: 5, segments: [0, 9, 5], heads: 4, keyValueHeads: 1, headWidth: 16),
        Shape(queries: 130, segments: [11, 130], heads: 2, keyValueHeads: 1, headWidth: 4),
        Shape(queries: 300, segments: [300], heads: 2, keyValueHeads: 2, headWidth: 6),
        Shape(
            queries: 6, segments: [4, 6], heads: 2, keyValueHeads: 1, headWidth: 4,
            hidden: [0, 3, 5]),
        Shape(
            queries: 140, segments: [140], heads: 2, keyValueHeads: 2, headWidth: 2,
            hidden: [1, 128, 139]),
    ]

    @Test(arguments: shapes)
    func causalMatchesItsSlowTwin(_ shape: Shape) {
        let example = Example(shape)
        var marks = [Bool](repeating: false, count: shape.segments.last ?? 0)
        for place in shape.hidden { marks[place] = true }
        let result = example.attention(
            example.queries, over: example.segments, mask: .causal(hidden: marks))
        let firstMark = shape.keys - marks.count
        let expected = example.slowly { query, key in
            key <= shape.keys - shape.queries + query
                && !(key >= firstMark && marks[key - firstMark])
        }
        #expect(result.distance(to: expected.result) < 1e-5)
    }

    @Test(arguments: shapes)
    func keysInHalfPrecisionAreTheNumbersThatTheyWereRoundedTo(_ shape: Shape) {
        let example = Example(shape, precision: .half)
        let result = example.attention(example.queries, over: example.segments, mask: .causal)
        let expected = example.slowly { query, key in
            key <= shape.keys - shape.queries + query
        }
        #expect(result.distance(to: expected.result) < 1e-5)
    }

    @Test(arguments: [KeyValues.Precision.single, .half])
    func forgottenPositionsMakeRoomForOthers(precision: KeyValues.Precision) {
        var generator = SeededGenerator(seed: 9)
        let queries = Matrix.random(1, 4, using: &generator)
        let attention = MultiHeadAttention(heads: 2, keyValueHeads: 1, headWidth: 2)
        let (first, second) = (
            Matrix.random(3, 2, using: &generator), Matrix.random(2, 2, using: &generator)
        )
        func kept(_ parts: [(Matrix, Range<Int>)], forgetting: Int?) -> KeyValues {
            var all = KeyValues(width: 2, room: 1, precision: precision)
            for (part, rows) in parts {
                all.append(KeyValues(keys: part, values: part), rows: rows)
                if let forgetting { all.truncate(to: forgetting) }
            }
            return all
        }
        var changed = kept([(first, 0..<3)], forgetting: 1)
        let before = changed
        changed.append(KeyValues(keys: second, values: second), rows: 0..<2)
        let direct = kept([(first, 0..<1), (second, 0..<2)], forgetting: nil)
        #expect(changed.count == 3)
        #expect(
            attention(queries, over: [changed], mask: .none).values
                == attention(queries, over: [direct], mask: .none).values)
        // A copy made before keeps what it held.
        #expect(before.count == 1)
        #expect(
            attention(queries, over: [before], mask: .none).values
                == attention(
                    queries, over: [kept([(first, 0..<1)], forgetting: nil)], mask: .none
                ).values)
    }

    @Test(arguments: shapes)
    func unmaskedMatchesItsSlowTwin(_ shape: Shape) {
        let example = Example(shape)
        let (result, weights) = example.attention.withWeights(
            example.queries, over: example.segments, mask: .none)
        let expected = example.slowly { _, _ in true }
        #expect(result.distance(to: expected.result) < 1e-5)
        #expect(weights.count == expected.weights.count)
        for (head, slow) in zip(weights, expected.weights) {
            #expect(head.distance(to: slow) < 1e-6)
        }
    }

    @Test(arguments: shapes)
    func whoeverLooksOnSeesRowsThatAddUpToOneAndChangesNothing(_ shape: Shape) {
        let example = Example(shape)
        let part = AttentionPart(
            rows: 0..<shape.queries, segments: example.segments, mask: .causal)
        let plain = example.attention(example.queries, parts: [part])
        nonisolated(unsafe) var sums: [[Int]: Float] = [:]
        let seen = example.attention.observing(example.queries, parts: [part]) {
            _, head, row, weights, count in
            sums[[head, row]] = UnsafeBufferPointer(start: weights, count: count).reduce(0, +)
        }
        #expect(plain.distance(to: seen.values.map(Double.init)) < 1e-5)
        #expect(sums.count == shape.heads * shape.queries)
        let worst = sums.values.map { abs($0 - 1) }.max() ?? 1
        #expect(worst < 1e-5)
    }

    @Test(arguments: 2...4)
    func fewQueriesAreAnsweredAsEachWouldBeAlone(count: Int) {
        let example = Example(
            Shape(queries: count, segments: [5, 8], heads: 6, keyValueHeads: 2, headWidth: 19))
        let together = example.attention(
            example.queries, over: example.segments, mask: .causal(hidden: []))
        for row in 0..<count {
            var segments = example.segments
            segments[1].truncate(to: 8 - count + row + 1)
            let alone = example.attention(
                example.queries.rows(row..<row + 1), over: segments, mask: .causal(hidden: []))
            #expect(alone.values == together.rows(row..<row + 1).values)
        }
    }

    @Test func aQueryThatSeesNothingGetsNothing() {
        let attention = MultiHeadAttention(heads: 1, keyValueHeads: 1, headWidth: 2)
        let ones = Matrix(rows: 2, columns: 2, values: [1, 1, 1, 1])
        let result = attention(
            ones, over: [KeyValues(keys: ones, values: ones)],
            mask: .causal(hidden: [true, false]))
        #expect(result.values == [0, 0, 1, 1])
    }

    @Test func largeScoresDoNotOverflow() {
        let attention = MultiHeadAttention(heads: 1, keyValueHeads: 1, headWidth: 1)
        let keys = Matrix(rows: 2, columns: 1, values: [1e18, -1e18])
        let values = Matrix(rows: 2, columns: 1, values: [3, 5])
        let result = attention(
            Matrix(rows: 1, columns: 1, values: [1e18]),
            over: [KeyValues(keys: keys, values: values)], mask: .none)
        #expect(result.values == [3])
    }

    /// Random queries, keys and values of a shape.
    private struct Example {
        let shape: Shape
        let attention: MultiHeadAttention
        let queries: Matrix
        let segments: [KeyValues]
        private let keys: Matrix
        private let values: Matrix

        init(_ shape: Shape, precision: KeyValues.Precision = .single) {
            var generator = SeededGenerator(seed: UInt64(shape.queries + shape.keys))
            self.shape = shape
            attention = MultiHeadAttention(
                heads: shape.heads, keyValueHeads: shape.keyValueHeads,
                headWidth: shape.headWidth)
            queries = .random(shape.queries, shape.heads * shape.headWidth, using: &generator)
            let width = shape.keyValueHeads * shape.headWidth
            let parts = shape.segments.map {
                (
                    Self.numbers($0, width, precision, using: &generator),
                    Self.numbers($0, width, precision, using: &generator)
                )
            }
            segments = parts.map { keys, values in
                var segment = KeyValues(width: width, precision: precision)
                segment.append(KeyValues(keys: keys, values: values), rows: 0..<keys.rows)
                return segment
            }
            keys = Matrix(stacking: parts.map(\.0))
            values = Matrix(stacking: parts.map(\.1))
        }

        /// Random numbers that the precision has.
        private static func numbers(
            _ rows: Int, _ columns: Int, _ precision: KeyValues.Precision,
            using generator: inout SeededGenerator
        ) -> Matrix {
            let exact = Matrix.random(rows, columns, using: &generator)
            guard precision == .half else { return exact }
            let rounded = exact.values.map { Float(Float16($0)) }
            return Matrix(rows: rows, columns: columns, values: rounded)
        }

        /// The definition, in double precision.
        func slowly(
            sees: (_ query: Int, _ key: Int) -> Bool
        ) -> (result: [Double], weights: [[Double]]) {
            let width = shape.headWidth
            var result = [Double](repeating: 0, count: queries.count)
            var weights = [[Double]](
                repeating: [Double](repeating: 0, count: queries.rows * keys.rows),
                count: shape.heads)
            for query in 0..<queries.rows {
                for head in 0..<shape.heads {
                    let group = head / (shape.heads / shape.keyValueHeads)
                    let exponentials = (0..<keys.rows).map { key in
                        guard sees(query, key) else { return 0.0 }
                        let product = (0..<width).reduce(0.0) {
                            $0 + Double(queries[query, head * width + $1])
                                * Double(keys[key, group * width + $1])
                        }
                        return exp(product / Double(width).squareRoot())
                    }
                    let sum = exponentials.reduce(0, +)
                    for (key, exponential) in exponentials.enumerated() where exponential > 0 {
                        let weight = exponential / sum
                        weights[head][query * keys.rows + key] = weight
                        for place in 0..<width {
                            result[query * queries.columns + head * width + place] +=
                                weight * Double(values[key, group * width + place])
                        }
                    }
                }
            }
            return (result, weights)
        }
    }
}
