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
        var (exact, whole): (SIMD16<Float>, SIMD16<Float>) = (.zero, .zero)
        for start in stride(from: 0, to: vector.count, by: 16) {
            for lane in 0..<min(16, vector.count - start) {
                exact[lane] += query[start + lane] * vector[start + lane]
                whole[lane] += query[start + lane] * Float(row.values[start + lane])
            }
        }
        floats.see(exact.sum(), number)
        rows.see(whole.sum() * row.scale, number)
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
