import CLIP
public import Catalogue
import Synchronization
public import VectorIndex

/// Finds pictures that are like a text.
public protocol TextNearness: Sendable {
    /// Pictures that are like a text, the likest first, each once.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - query: Whose filters must hold.
    ///   - limit: How many at most.
    ///   - isCut: Whether those are left out that are no more like it than others.
    /// - Returns: The pictures, a clip by its likest second.
    /// - Throws: What keeps them from being found.
    func nearest(
        to text: String, _ query: SearchQuery, limit: Int, isCut: Bool
    ) throws -> [VectorHit]
}

/// Pictures of a library that are like a text, by the embeddings of a model.
public struct LibraryNearness: TextNearness {
    /// From so many on, pictures that are found are asked for what else must hold; with fewer, those of which
    /// it holds are found.
    private static let firstCandidates = 4000
    private static let mostCandidates = 256_000

    private let catalogue: Catalogue
    private let meaning: Meaning
    private let encoder: TextEncoder
    private let cut: MeaningCut

    /// Loads the text tower.
    ///
    /// - Throws: `NoMeaning` where the model has none; errors of loading it.
    public init(
        _ catalogue: Catalogue, _ meaning: Meaning, cut: MeaningCut = .usual
    ) throws {
        self.catalogue = catalogue
        self.meaning = meaning
        encoder = try meaning.textEncoder()
        self.cut = cut
    }

    /// See `TextNearness`.
    public func nearest(
        to text: String, _ query: SearchQuery, limit: Int, isCut: Bool
    ) throws -> [VectorHit] {
        let direction = try encoder.embed(text).values
        let selection = try catalogue.narrowSelection(query)
        let assets = try selection.map { try AssetSet($0) }
        var count = query.hasConditions && selection == nil ? Self.firstCandidates : limit
        while true {
            let found = try meaning.index.nearest(
                to: direction, count: count, among: assets, bestOfEachAsset: true)
            let bound =
                isCut
                ? cut.bound(found.background, best: found.hits.first?.similarity ?? 0)
                : -.infinity
            let near = found.hits.filter { $0.similarity >= bound }
            let kept = Set(try catalogue.fitting(near.map(\.asset), query))
            let isAll = near.count < count || count >= Self.mostCandidates
            if kept.count >= limit || isAll {
                return Array(near.filter { kept.contains($0.asset) }.prefix(limit))
            }
            count *= 8
        }
    }
}

extension SearchQuery {
    /// Whether more must hold of a picture than what its words say.
    fileprivate var hasConditions: Bool {
        !filters.isEmpty || !tags.isEmpty || kind != nil || minimumRating != nil
    }
}
