/// Reciprocal rank fusion: one order of several lists, whose scores need not be comparable.
///
/// Each list gives what stands at its place r, counted from 1, a score of 1 / (k + r); scores add up. Source:
/// Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
/// Methods (SIGIR 2009), with its k = 60.
enum ReciprocalRank {
    static let k = 60.0

    /// The members of all lists, the best first; of equals the larger number, which was found later.
    static func fuse(_ lists: [[Int64]]) -> [(asset: Int64, score: Double)] {
        var scores: [Int64: Double] = [:]
        for list in lists {
            for (place, asset) in list.enumerated() {
                scores[asset, default: 0] += 1 / (k + Double(place + 1))
            }
        }
        return scores.map { (asset: $0.key, score: $0.value) }
            .sorted { ($0.score, $0.asset) > ($1.score, $1.asset) }
    }
}
