import Catalogue
import VectorIndex

/// Finds what lies in a direction among a library's embeddings.
struct DirectionSearch: Sendable {
    /// From so many on, pictures that are found are asked for what else must hold; with fewer, those of which
    /// it holds are found.
    private static let firstCandidates = 4000
    private static let mostCandidates = 256_000
    /// The most seconds of clips that are looked at.
    private static let mostSeconds = 16_000

    let catalogue: Catalogue
    let index: VectorIndex

    /// Pictures that lie in a direction, the nearest first, a clip by its nearest second.
    ///
    /// - Parameters:
    ///   - direction: As many numbers as an embedding has.
    ///   - query: Whose filters and excluded words must hold.
    ///   - limit: How many at most.
    ///   - cut: Where they end; `nil` for nowhere.
    /// - Returns: The pictures.
    /// - Throws: `CatalogueError`, `VectorIndexError`.
    func nearest(
        to direction: [Float], _ query: SearchQuery, limit: Int, cut: MeaningCut?
    ) throws -> [VectorHit] {
        let selection = try catalogue.narrowSelection(query)
        let assets = try selection.map { try AssetSet($0) }
        var count = query.hasConditions && selection == nil ? Self.firstCandidates : limit
        while true {
            let found = try index.nearest(
                to: direction, count: count, among: assets, bestOfEachAsset: true)
            let near = Self.kept(found, by: cut)
            let kept = Set(try catalogue.fitting(near.map(\.asset), query))
            let isAll = near.count < count || count >= Self.mostCandidates
            if kept.count >= limit || isAll {
                return Array(near.filter { kept.contains($0.asset) }.prefix(limit))
            }
            count *= 8
        }
    }

    /// Seconds of clips that lie in a direction, the nearest first.
    ///
    /// - Parameters:
    ///   - direction: As many numbers as an embedding has.
    ///   - query: Whose filters and excluded words must hold.
    ///   - cut: Where they end; `nil` for nowhere.
    /// - Returns: The seconds.
    /// - Throws: `CatalogueError`, `VectorIndexError`.
    func seconds(
        to direction: [Float], _ query: SearchQuery, cut: MeaningCut?
    ) throws -> [VectorHit] {
        let clips = try catalogue.fitting(try catalogue.clips(), query)
        guard !clips.isEmpty else { return [] }
        let found = try index.nearest(
            to: direction, count: Self.mostSeconds, among: AssetSet(clips))
        return Self.kept(found, by: cut).filter { $0.second != IndexedVector.wholeAsset }
    }

    private static func kept(_ found: NearestVectors, by cut: MeaningCut?) -> [VectorHit] {
        guard let cut, let best = found.hits.first else { return found.hits }
        let bound = cut.bound(found.background, best: best.similarity)
        return found.hits.filter { $0.similarity >= bound }
    }
}

extension SearchQuery {
    /// Whether more must hold of a picture than what its words say.
    fileprivate var hasConditions: Bool {
        !filters.isEmpty || !tags.isEmpty || kind != nil || minimumRating != nil
    }
}
