public import Catalogue
import VectorIndex

/// Searches a library by words and by what they mean.
///
/// Words that stand in captions, tags and names, and pictures that are like the words, are found apart, each
/// in its own order, and fused by reciprocal rank. Where a word is shared by more pictures than are scored,
/// the newest of these come first, and behind what was fused go on the others.
public struct LibrarySearch: Sendable {
    /// By what pictures are found.
    public enum Match: String, CaseIterable, Sendable {
        /// By words and by meaning.
        case both
        /// By the words themselves.
        case words
        /// By meaning alone.
        case meaning
    }

    /// The most pictures that are fused of each side.
    static let mostFused = 1000

    private let catalogue: Catalogue
    private let nearness: (any TextNearness)?

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - catalogue: The library.
    ///   - nearness: What finds pictures by meaning; `nil` for words alone.
    public init(_ catalogue: Catalogue, nearness: (any TextNearness)?) {
        self.catalogue = catalogue
        self.nearness = nearness
    }

    /// Finds a page of pictures.
    ///
    /// - Parameters:
    ///   - query: What is wanted.
    ///   - match: By what.
    ///   - isCut: Whether pictures that are no more like the words than others are left out.
    /// - Returns: The page.
    /// - Throws: `CatalogueError`, and what `TextNearness` throws.
    public func callAsFunction(
        _ query: SearchQuery, match: Match = .both, isCut: Bool = true
    ) throws -> FoundPage {
        let text = SpokenText(query.text)
        guard match != .words, let nearness, !text.isEmpty else { return try words(query) }
        let found =
            match == .both ? try catalogue.matches(query, limit: Self.mostFused) : Matches()
        let near = try nearness.nearest(
            to: text.text, query, limit: Self.mostFused, isCut: isCut)
        // Too many to be put in the order of their dates here, where the catalogue has an index of them.
        if query.sorting == .date, found.isCut { return try latest(query, beside: near) }
        return try page(of: FusedList(words: found, near: near), query)
    }

    /// The catalogue's own search.
    private func words(_ query: SearchQuery) throws -> FoundPage {
        var wanted = query
        wanted.limit = query.limit == .max ? query.limit : query.limit + 1
        let hits = try catalogue.search(wanted)
        return FoundPage(
            hits: hits.prefix(query.limit).map { hit in
                FoundHit(hit, reasons: hit.places(of: query), near: nil, score: nil)
            }, hasMore: hits.count > query.limit)
    }

    /// All that words find, and what meaning finds, in the order of their dates.
    private func latest(_ query: SearchQuery, beside near: [VectorHit]) throws -> FoundPage {
        var wanted = query
        wanted.limit = query.limit == .max ? query.limit : query.limit + 1
        let near = Dictionary(near.map { ($0.asset, $0) }) { first, _ in first }
        let assets = try catalogue.latest(wanted, beside: Array(near.keys))
        let cursors = Dictionary(uniqueKeysWithValues: assets.map { ($0.asset, $0.cursor) })
        let hits = try catalogue.hits(assets.prefix(query.limit).map(\.asset), for: query)
        return FoundPage(
            hits: hits.map { hit in
                let near = near[hit.assetID]
                var found = FoundHit(
                    hit, reasons: near == nil || hit.shows(query) ? hit.places(of: query) : [],
                    near: near, score: nil)
                found.hit.cursor = cursors[hit.assetID] ?? ""
                return found
            }, hasMore: assets.count > query.limit)
    }

    private func page(of list: FusedList, _ query: SearchQuery) throws -> FoundPage {
        let place = try query.after.map { try Catalogue.place($0, of: query) }
        // A cursor of the catalogue's own stands behind all that was fused.
        if let after = query.after, case .some(nil) = place {
            return try further(
                query, beside: list, behind: after, offset: query.offset, limit: query.limit)
        }
        let rest = Self.behind(
            place.flatMap { $0 }, in: try sorted(list.entries, by: query.sorting))
        let offset = max(query.offset, 0)
        let own = rest.dropFirst(offset)
        var page = FoundPage(
            hits: try shown(Array(own.prefix(query.limit)), list, query),
            hasMore: own.count > query.limit)
        guard !page.hasMore, list.words.isCut, query.sorting == .relevance,
            let last = list.words.assets.last
        else { return page }
        let others = try further(
            query, beside: list, behind: Catalogue.cursor(behindNewest: last, of: query),
            offset: max(offset - rest.count, 0), limit: query.limit - page.hits.count)
        page.hits += others.hits
        page.hasMore = others.hasMore
        return page
    }

    /// The entries behind a place; where its asset is gone, those with lower scores.
    private static func behind(
        _ place: (asset: Int64, score: Double)?, in entries: [FusedList.Entry]
    ) -> ArraySlice<FusedList.Entry> {
        guard let place else { return entries[...] }
        if let index = entries.firstIndex(where: { $0.asset == place.asset }) {
            return entries[(index + 1)...]
        }
        return entries.drop { $0.score >= place.score }
    }

    private func sorted(
        _ entries: [FusedList.Entry], by sorting: SearchSorting
    ) throws -> [FusedList.Entry] {
        guard sorting == .date else { return entries }
        let moments = try catalogue.moments(of: entries.map(\.asset))
        return entries.sorted { first, second in
            (moments[first.asset] ?? "", first.asset) > (moments[second.asset] ?? "", second.asset)
        }
    }

    private func shown(
        _ entries: [FusedList.Entry], _ list: FusedList, _ query: SearchQuery
    ) throws -> [FoundHit] {
        let scores = Dictionary(uniqueKeysWithValues: entries.map { ($0.asset, $0.score) })
        return try catalogue.hits(entries.map(\.asset), for: query).map { hit in
            let score = scores[hit.assetID] ?? 0
            var found = FoundHit(
                hit,
                reasons: list.wordAssets.contains(hit.assetID)
                    ? hit.places(of: query) : [],
                near: list.near[hit.assetID], score: score)
            found.hit.cursor = Catalogue.cursor(behind: hit.assetID, score: score, of: query)
            return found
        }
    }

    /// Pictures that have a word which more of them share than are scored, behind those that were fused.
    private func further(
        _ query: SearchQuery, beside list: FusedList, behind cursor: String, offset: Int, limit: Int
    ) throws -> FoundPage {
        guard limit > 0 else { return FoundPage(hits: [], hasMore: true) }
        var next = query
        next.after = cursor
        next.offset = offset
        // As many more as may have been shown for their meaning.
        next.limit = min(limit, .max / 2) + list.near.count + 1
        let hits = try catalogue.search(next).filter { list.near[$0.assetID] == nil }
        return FoundPage(
            hits: hits.prefix(limit).map { hit in
                FoundHit(hit, reasons: hit.places(of: query), near: nil, score: nil)
            }, hasMore: hits.count > limit)
    }
}
