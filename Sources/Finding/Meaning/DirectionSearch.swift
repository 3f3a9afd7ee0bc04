import Catalogue
import VectorIndex

/// Finds what lies in a direction among a library's embeddings.
struct DirectionSearch: Sendable {
    /// From so many on, pictures that are found are asked for what else must hold; with fewer, those of which
    /// it holds are found.
    private static let firstCandidates = 4000
    private static let mostCandidates = 256_000
    /// How many seconds of clips are looked at first, and all of them where nothing cuts.
    private static let firstSeconds = 16_000

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
    ///   - cut: Where they end; `nil` for the nearest 16,000.
    /// - Returns: The seconds, with a cut all that it leaves.
    /// - Throws: `CatalogueError`, `VectorIndexError`.
    func seconds(
        to direction: [Float], _ query: SearchQuery, cut: MeaningCut?
    ) throws -> [VectorHit] {
        let clips = try catalogue.fitting(try catalogue.clips(), query)
        guard !clips.isEmpty else { return [] }
        let assets = try AssetSet(clips)
        var count = Self.firstSeconds
        while true {
            let found = try index.nearest(to: direction, count: count, among: assets)
            let kept = Self.kept(found, by: cut)
            // Where the cut lies behind the last of them there may be more before it.
            if cut == nil || found.hits.count < count || kept.count < found.hits.count {
                return kept.filter { $0.second != IndexedVector.wholeAsset }
            }
            count *= 8
        }
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
