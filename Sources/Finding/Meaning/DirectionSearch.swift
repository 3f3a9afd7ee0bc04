import Catalogue
import VectorIndex
import WorkQueue

/// Finds what lies in a direction among a library's embeddings.
struct DirectionSearch: Sendable {
    /// From so many on, pictures that are found are asked for what else must hold; with fewer, those of which
    /// it holds are found.
    private static let firstCandidates = 4000
    private static let mostCandidates = 256_000
    /// How many seconds of clips are looked at first, and all of them where nothing cuts.
    private static let firstSeconds = 16_000

    /// So many more than are wanted are asked of the index, whose order is not exact.
    private static let reserve = 16
    /// So many of the nearest are put in order by what the catalogue has of them, which is more exact than the index.
    static let mostExact = 64

    let catalogue: Catalogue
    let meaning: Meaning
    private var index: VectorIndex { meaning.index }

    init(catalogue: Catalogue, meaning: Meaning) {
        (self.catalogue, self.meaning) = (catalogue, meaning)
    }

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
        var count =
            query.hasConditions && selection == nil
            ? Self.firstCandidates : limit < Self.mostCandidates ? limit + Self.reserve : limit
        while true {
            let found = try index.nearest(
                to: direction, count: count, among: assets, bestOfEachAsset: true,
                atLeast: cut?.least ?? -.greatestFiniteMagnitude)
            let near = Self.kept(found, by: cut)
            let kept = Set(try catalogue.fitting(near.map(\.asset), query))
            let isAll = near.count < count || count >= Self.mostCandidates
            if kept.count >= limit || isAll {
                // The last of those that are wanted may be none of the last that the index has.
                let fitting = near.filter { kept.contains($0.asset) }
                return Array(try exactly(Array(fitting), to: direction).prefix(limit))
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
            let found = try index.nearest(
                to: direction, count: count, among: assets,
                atLeast: cut?.least ?? -.greatestFiniteMagnitude)
            let kept = Self.kept(found, by: cut)
            // Where the cut lies behind the last of them there may be more before it.
            if cut == nil || found.hits.count < count || kept.count < found.hits.count {
                return kept.filter { $0.second != IndexedVector.wholeAsset }
            }
            count *= 8
        }
    }

    /// The same, the first of them with their similarities as exactly as the catalogue knows, and in that order.
    private func exactly(_ hits: [VectorHit], to direction: [Float]) throws -> [VectorHit] {
        let first = hits.prefix(Self.mostExact)
        let stored = try catalogue.embeddings(
            at: first.map {
                ($0.asset, $0.second == IndexedVector.wholeAsset ? nil : $0.second)
            }, by: meaning.recipe)
        let exact = zip(first, stored).map { hit, embedding in
            guard let embedding, embedding.values.count == direction.count else { return hit }
            let similarity = zip(embedding.numbers, direction).reduce(0) { $0 + $1.0 * $1.1 }
            return VectorHit(asset: hit.asset, second: hit.second, similarity: similarity)
        }
        return (exact + hits.dropFirst(Self.mostExact)).enumerated()
            .sorted { ($0.element.similarity, $1.offset) > ($1.element.similarity, $0.offset) }
            .map(\.element)
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
