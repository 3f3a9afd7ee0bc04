import Foundation
import GRDB
import SystemPackage

/// Assets that words and filters find, without what is shown of them.
public struct Matches: Equatable, Sendable {
    /// The assets.
    public var assets: [Int64]
    /// Whether the best come first; otherwise the newest do, since they are too many to score.
    public var isRanked: Bool
    /// Whether there may be more.
    public var isCut: Bool

    /// Builds it from its parts.
    public init(assets: [Int64] = [], isRanked: Bool = true, isCut: Bool = false) {
        self.assets = assets
        self.isRanked = isRanked
        self.isCut = isCut
    }
}

// What a search by more than words is put together from.
extension Catalogue {
    /// Assets that a query's words and filters find, in the order of relevance.
    ///
    /// - Parameters:
    ///   - query: Its page and order are left out of account.
    ///   - limit: How many at most.
    /// - Returns: The assets.
    /// - Throws: `CatalogueError`.
    public func matches(
        _ query: SearchQuery, limit: Int
    ) throws(CatalogueError) -> Matches {
        let expression = SearchExpression(query.text)
        guard !expression.isHopeless, limit > 0 else { return Matches() }
        return try read { database in
            guard let search = try AssetSearch(query, expression, in: database) else {
                return Matches()
            }
            let (assets, isRanked) = try search.first(limit + 1)
            return Matches(
                assets: Array(assets.prefix(limit)), isRanked: isRanked,
                isCut: assets.count > limit)
        }
    }

    /// A page of assets that a query's words and filters find, and of others, in the order of their dates.
    ///
    /// - Parameters:
    ///   - query: With the cursor that a page before it ended at, if there was one.
    ///   - others: Assets to show among them, which the filters leave.
    /// - Returns: The assets, each once, and the cursors behind them.
    /// - Throws: `CatalogueError`.
    public func latest(
        _ query: SearchQuery, beside others: [Int64]
    ) throws(CatalogueError) -> [(asset: Int64, cursor: String)] {
        let place = try query.after.map { text throws(CatalogueError) in
            try SearchCursor(text, for: query)
        }
        let expression = SearchExpression(query.text)
        return try read { database in
            guard let search = try AssetSearch(query, expression, in: database) else { return [] }
            return try search.latest(beside: others, after: place)
                .map { ($0.assetID, $0.text(for: query)) }
        }
    }

    /// Which of some assets a query's filters, tags and excluded words leave, in their order.
    ///
    /// - Throws: `CatalogueError`.
    public func fitting(
        _ assets: [Int64], _ query: SearchQuery
    ) throws(CatalogueError) -> [Int64] {
        guard !assets.isEmpty else { return [] }
        let expression = SearchExpression(query.text)
        return try read { database in
            try AssetSearch(query, expression, in: database)?.fitting(assets) ?? []
        }
    }

    /// All assets that a query's filters, tags and excluded words leave; `nil` where they are so many that
    /// asking about each that was found otherwise takes less time.
    ///
    /// - Throws: `CatalogueError`.
    public func narrowSelection(_ query: SearchQuery) throws(CatalogueError) -> [Int64]? {
        var withoutWords = query
        withoutWords.text = SearchTerm.parse(query.text).filter(\.isExcluded)
            .map { "-" + ($0.isPhrase ? "\"\($0.text)\"" : $0.text) }.joined(separator: " ")
        let expression = SearchExpression(withoutWords.text)
        return try read { database in
            guard let search = try AssetSearch(withoutWords, expression, in: database) else {
                return []
            }
            guard search.isNarrow else { return nil }
            return try search.first(.max - 1).assets
        }
    }

    /// What is shown of assets, in their order; those that are no more, or cannot be shown, are left out.
    ///
    /// - Parameters:
    ///   - assets: Their numbers.
    ///   - query: Files whose paths have its words come first.
    /// - Returns: The hits, whose cursors are those of nobody.
    /// - Throws: `CatalogueError`.
    public func hits(
        _ assets: [Int64], for query: SearchQuery
    ) throws(CatalogueError) -> [SearchHit] {
        let names = NameMatch(SearchExpression(query.text).terms)
        return try read { database in
            try assets.compactMap { try database.hit($0, names, cursor: "") }
        }
    }

    /// A place in a list that was put together from several searches of a query.
    ///
    /// - Parameters:
    ///   - asset: What the place is behind.
    ///   - score: Its score there.
    ///   - query: The query.
    /// - Returns: What `SearchQuery.after` takes.
    public static func cursor(behind asset: Int64, score: Double, of query: SearchQuery) -> String {
        SearchCursor(order: .fused, assetID: asset, score: score).text(for: query)
    }

    /// A place in the order of the newest first.
    ///
    /// - Parameters:
    ///   - asset: What the place is behind.
    ///   - query: The query.
    /// - Returns: What `SearchQuery.after` takes, from which on `search` stays in that order.
    public static func cursor(behindNewest asset: Int64, of query: SearchQuery) -> String {
        SearchCursor(order: .newest, assetID: asset, score: 0).text(for: query)
    }

    /// Reads what `cursor(behind:score:of:)` gave.
    ///
    /// - Returns: The place; `nil` for a cursor of another order.
    /// - Throws: `CatalogueError.invalid` for one of another query, or none at all.
    public static func place(
        _ cursor: String, of query: SearchQuery
    ) throws(CatalogueError) -> (asset: Int64, score: Double)? {
        let place = try SearchCursor(cursor, for: query)
        return place.order == .fused ? (place.assetID, place.score) : nil
    }

    /// When assets were taken, of those that tell it: local time as ISO 8601.
    ///
    /// - Throws: `CatalogueError`.
    public func moments(of assets: [Int64]) throws(CatalogueError) -> [Int64: String] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT taken_at FROM capture WHERE asset_id = ?")
            return try assets.reduce(into: [:]) { moments, asset in
                moments[asset] = try String.fetchOne(statement, arguments: [asset])
            }
        }
    }

    /// What tells this catalogue from others, for files that are derived from it: 16 bytes.
    ///
    /// - Throws: `CatalogueError`.
    public func identity() throws(CatalogueError) -> [UInt8] {
        try read { database in
            [UInt8](
                try Data.fetchOne(database, sql: "SELECT identity FROM library") ?? Data())
        }
    }
}

/// Where a word can stand.
public enum MatchedPlace: String, CaseIterable, Sendable {
    /// In a caption, a title or another text about it.
    case caption
    /// In a tag.
    case tag
    /// In the path of a file below its root.
    case name
}

extension SearchHit {
    /// Where any of a query's words stand of a hit that they found.
    ///
    /// Read in what is shown of it, since asking the index again about each hit takes longer than finding all;
    /// words that stand in none of that stand in a text that is not shown.
    public func places(of query: SearchQuery) -> Set<MatchedPlace> {
        let terms = terms(of: query)
        guard !terms.isEmpty else { return [] }
        let found = shownTexts.filter { _, texts in
            texts.contains { text in terms.contains { $0.areAll(in: text) } }
        }
        return found.isEmpty ? [.caption] : Set(found.map(\.0))
    }

    /// Whether all of a query's words stand in what is shown of a hit that something else may have found.
    public func shows(_ query: SearchQuery) -> Bool {
        let terms = terms(of: query)
        return !terms.isEmpty
            && terms.allSatisfy { term in
                shownTexts.contains { _, texts in texts.contains { term.areAll(in: $0) } }
            }
    }

    private func terms(of query: SearchQuery) -> [SpanWords] {
        SearchExpression(query.text).terms.map { SpanWords([$0]) }.filter { !$0.isEmpty }
    }

    private var shownTexts: [(MatchedPlace, [String])] {
        [
            (.caption, [caption, title].compactMap { $0 }), (.tag, tags),
            (.name, files.map(\.relativePath.string)),
        ]
    }
}
