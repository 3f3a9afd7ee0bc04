import Tensor
import VectorIndex

/// The rows that are really the best for a query.
struct Truth {
    let query: [Float]
    /// By exact products of the rows as they are stored.
    var rows: Best
    /// By exact products of the vectors that they were made of.
    var floats: Best

    init(query: [Float], count: Int) {
        self.query = query
        rows = Best(count: count)
        floats = Best(count: count)
    }

    /// Lets queries see further vectors, on all threads.
    static func see(
        _ vectors: [[Float]], _ stored: [IndexedVector], from first: Int, _ truths: inout [Truth]
    ) {
        truths.withUnsafeMutableBufferPointer { truths in
            nonisolated(unsafe) let truths = truths
            ComputePool.shared.parallel(count: truths.count) { i in
                for (place, (vector, row)) in zip(vectors, stored).enumerated() {
                    truths[i].see(vector, row, first + place)
                }
            }
        }
    }

    private mutating func see(_ vector: [Float], _ row: IndexedVector, _ number: Int) {
        floats.see(Self.product(query, vector), number)
        rows.see(Self.product(query, row.values) * row.scale, number)
    }

    private static func product(_ query: [Float], _ vector: [Float]) -> Float {
        query.withUnsafeBytes { query in
            vector.withUnsafeBytes { vector in
                sum(query.count / 4) { start in
                    query.loadUnaligned(fromByteOffset: 4 * start, as: SIMD16<Float>.self)
                        * vector.loadUnaligned(fromByteOffset: 4 * start, as: SIMD16<Float>.self)
                } rest: {
                    query.load(fromByteOffset: 4 * $0, as: Float.self)
                        * vector.load(fromByteOffset: 4 * $0, as: Float.self)
                }
            }
        }
    }

    private static func product(_ query: [Float], _ row: [Int8]) -> Float {
        query.withUnsafeBytes { query in
            row.withUnsafeBytes { row in
                sum(query.count / 4) { start in
                    query.loadUnaligned(fromByteOffset: 4 * start, as: SIMD16<Float>.self)
                        * SIMD16<Float>(
                            row.loadUnaligned(fromByteOffset: start, as: SIMD16<Int8>.self))
                } rest: {
                    query.load(fromByteOffset: 4 * $0, as: Float.self)
                        * Float(row.load(fromByteOffset: $0, as: Int8.self))
                }
            }
        }
    }

    @inline(__always) private static func sum(
        _ count: Int, _ lanes: (Int) -> SIMD16<Float>, rest: (Int) -> Float
    ) -> Float {
        var total = SIMD16<Float>.zero
        let whole = count / 16 * 16
        for start in stride(from: 0, to: whole, by: 16) { total += lanes(start) }
        return (whole..<count).reduce(total.sum()) { $0 + rest($1) }
    }

    /// The best of the numbers seen.
    struct Best {
        let count: Int
        private var entries: [(score: Float, number: Int)] = []

        init(count: Int) { self.count = count }

        mutating func see(_ score: Float, _ number: Int) {
            if entries.count == count, score <= entries[count - 1].score { return }
            let place = entries.firstIndex { $0.score < score } ?? entries.count
            entries.insert((score, number), at: place)
            if entries.count > count { entries.removeLast() }
        }

        var numbers: [Int] { entries.map(\.number) }

        /// How many of them were found.
        func count(of found: [Int]) -> Int { entries.count { found.contains($0.number) } }
    }
}
