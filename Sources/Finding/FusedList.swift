import Catalogue
import VectorIndex

/// What words and meaning found, in one order.
struct FusedList {
    struct Entry {
        var asset: Int64
        var score: Double
    }

    /// What the words found.
    let words: Matches
    /// The same, to ask whether a picture is among it.
    let wordAssets: Set<Int64>
    /// What the meaning found, by asset.
    let near: [Int64: VectorHit]
    /// All of it, the best first.
    let entries: [Entry]

    /// Fuses the two.
    ///
    /// - Parameters:
    ///   - words: In their order.
    ///   - near: One for each asset, the likest first.
    init(words: Matches, near: [VectorHit]) {
        self.words = words
        wordAssets = Set(words.assets)
        self.near = Dictionary(near.map { ($0.asset, $0) }) { first, _ in first }
        entries = ReciprocalRank.fuse([words.assets, near.map(\.asset)])
            .map { Entry(asset: $0.asset, score: $0.score) }
    }
}
