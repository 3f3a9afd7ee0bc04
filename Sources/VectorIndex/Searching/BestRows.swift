/// A row and its product with the query.
struct ScoredRow: Equatable {
    var similarity: Float
    var row: UInt32

    func precedes(_ other: ScoredRow) -> Bool {
        similarity == other.similarity ? row < other.row : similarity > other.similarity
    }
}

/// The best of the rows seen so far.
struct BestRows {
    let snapshot: IndexSnapshot
    let count: Int
    let bestOfEachAsset: Bool
    /// Of each asset one, if that is wanted; the best first.
    private(set) var rows: [ScoredRow] = []
    private(set) var rowsSeen = 0

    init(snapshot: IndexSnapshot, count: Int, bestOfEachAsset: Bool) {
        self.snapshot = snapshot
        self.count = count
        self.bestOfEachAsset = bestOfEachAsset
    }

    /// Whether there are as many as are wanted.
    var isFull: Bool { rows.count == count }
    /// The similarity of the last of them.
    var bound: Float { rows.last?.similarity ?? -.infinity }

    var hits: [VectorHit] {
        rows.map { scored in
            let owner = snapshot.owner(of: Int(scored.row))
            return VectorHit(
                asset: owner.asset, second: owner.second, similarity: scored.similarity)
        }
    }

    mutating func add(_ more: [ScoredRow]) {
        rowsSeen += more.count
        let least = isFull ? bound : -.infinity
        let candidates = (rows + more.filter { $0.similarity >= least }).sorted { $0.precedes($1) }
        guard bestOfEachAsset else {
            rows = Array(candidates.prefix(count))
            return
        }
        var seen: Set<Int64> = []
        rows = []
        for row in candidates where !isFull {
            if seen.insert(snapshot.owner(of: Int(row.row)).asset).inserted { rows.append(row) }
        }
    }
}
