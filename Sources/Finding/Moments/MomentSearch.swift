public import Catalogue
import VectorIndex
import WorkQueue

/// Finds the seconds of clips that show something.
///
/// Neighbouring seconds that are like the words are one moment; a stretch whose caption has the words is one,
/// too, and is shortened to the seconds that are like them where there are any.
public struct MomentSearch: Sendable {
    /// Seconds that may lie between two that belong to one moment.
    static let gap: Int32 = 2
    /// The most clips whose captions are looked into.
    private static let mostClips = 1000

    private let catalogue: Catalogue

    /// Prepares a search.
    public init(_ catalogue: Catalogue) { self.catalogue = catalogue }

    /// Moments that a query's words describe, the best first.
    ///
    /// - Parameters:
    ///   - query: Words, filters, and how many are wanted.
    ///   - nearness: What finds seconds by meaning; `nil` for captions alone.
    ///   - isCut: Whether seconds that are no more like the words than others are left out.
    /// - Returns: The moments.
    /// - Throws: `CatalogueError`, `VectorIndexError`, errors of the text tower.
    public func moments(
        _ query: SearchQuery, nearness: LibraryNearness?, isCut: Bool = true
    ) throws -> [Moment] {
        let text = SpokenText(query.text)
        let near =
            text.isEmpty
            ? [] : try nearness?.seconds(likest: text.text, query, isCut: isCut) ?? []
        let said = try catalogue.stretches(query, limit: Self.mostClips).map {
            Stretch(
                asset: $0.asset, start: $0.span.start, end: $0.span.end, caption: $0.text)
        }
        return try shown(Self.fuse(Self.joined(near), said), query)
    }

    /// Moments that look like pictures, the likest first.
    ///
    /// - Parameters:
    ///   - direction: What they shall look like.
    ///   - likeness: What finds them.
    ///   - query: Filters, and how many are wanted.
    ///   - isCut: Whether seconds that are no more like it than others are left out.
    /// - Returns: The moments.
    /// - Throws: `CatalogueError`, `VectorIndexError`.
    public func moments(
        like direction: Direction, _ likeness: LikenessSearch, _ query: SearchQuery,
        isCut: Bool = true
    ) throws -> [Moment] {
        let near = try likeness.seconds(like: direction, query, isCut: isCut)
        return try shown(Self.joined(near), query)
    }

    /// Joins neighbouring seconds, the likest first.
    static func joined(_ seconds: [VectorHit]) -> [Stretch] {
        var stretches: [Stretch] = []
        let inOrder = seconds.sorted { ($0.asset, $0.second) < ($1.asset, $1.second) }
        for hit in inOrder {
            if let last = stretches.last, last.asset == hit.asset,
                Double(hit.second) <= last.end + Double(gap)
            {
                stretches[stretches.count - 1].end = Double(hit.second) + 1
                guard hit.similarity > last.similarity ?? -1 else { continue }
                stretches[stretches.count - 1].similarity = hit.similarity
                stretches[stretches.count - 1].peak = Double(hit.second)
            } else {
                stretches.append(
                    Stretch(
                        asset: hit.asset, start: Double(hit.second), end: Double(hit.second) + 1,
                        similarity: hit.similarity, peak: Double(hit.second)))
            }
        }
        return stretches.sorted {
            ($0.similarity ?? -1, $1.asset, $1.start) > ($1.similarity ?? -1, $0.asset, $0.start)
        }
    }

    /// Puts both kinds in one order, by reciprocal rank.
    static func fuse(_ near: [Stretch], _ said: [Stretch]) -> [Stretch] {
        var all = near
        var ranks: [[Int64]] = [near.indices.map(Int64.init), []]
        for stretch in said {
            let shared = near.indices.filter { near[$0].overlaps(stretch) }
            for place in shared where all[place].caption == nil {
                all[place].caption = stretch.caption
                ranks[1].append(Int64(place))
            }
            if shared.isEmpty {
                all.append(stretch)
                ranks[1].append(Int64(all.count - 1))
            }
        }
        return ReciprocalRank.fuse(ranks).map { all[Int($0.asset)] }
    }

    private func shown(_ stretches: [Stretch], _ query: SearchQuery) throws -> [Moment] {
        let wanted = stretches.prefix(query.limit)
        let hits = try catalogue.hits(Array(Set(wanted.map(\.asset))), for: query)
        let byAsset = Dictionary(uniqueKeysWithValues: hits.map { ($0.assetID, $0) })
        return wanted.compactMap { stretch in
            byAsset[stretch.asset].map { hit in
                Moment(
                    hit: hit, start: stretch.start, end: stretch.end,
                    similarity: stretch.similarity, peak: stretch.peak,
                    caption: stretch.caption)
            }
        }
    }
}
