import Foundation
import GRDB

/// One search: which assets match, and in which order.
///
/// The rule of the order: where words are given and at most `rankingLimit` assets match, the best match
/// comes first (bm25); otherwise the newest asset does, and nothing is scored, since scoring takes some
/// twenty microseconds a match and the first fifty of a hundred thousand are no better than the next.
struct AssetSearch {
    /// The largest number of matches that are scored.
    static let rankingLimit = 1000

    let database: Database
    let query: SearchQuery
    let expression: SearchExpression
    /// The numbers of the query's tags, the rarest first.
    let tags: [Int64]
    /// Whether any asset has more files than `search` has names of.
    private let hasMoreNames: Bool
    /// What the full-text index says of folders that are asked for, as far as it can: assets that it leaves
    /// out lie in none of them.
    private let folders: String?
    /// Which of the query's filters an index answers with the fewest assets, if they are few enough.
    private let fewest: Int?
    /// Up to how many assets are found by a filter's index and looked up while words are searched.
    private static let mostLookedUp = 50_000
    /// Up to how many are found so and sorted where there are no words.
    private static let mostSorted = 200_000

    /// Prepares a search; `nil` if nothing can match, since a tag does not exist.
    init?(_ query: SearchQuery, _ expression: SearchExpression, in database: Database) throws {
        self.database = database
        self.query = query
        self.expression = expression
        var tags: [(id: Int64, assets: Int)] = []
        for name in Set(query.tags.map(StoredText.clean)) {
            let row = try Row.fetchOne(
                database, sql: "SELECT id, assets FROM tag WHERE name = ?", arguments: [name])
            guard let row else { return nil }
            tags.append((row["id"], row["assets"]))
        }
        self.tags = tags.sorted { ($0.assets, $0.id) < ($1.assets, $1.id) }.map(\.id)
        hasMoreNames =
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM more_names)") ?? false
        folders = hasMoreNames ? nil : try Self.folders(query.filters, in: database)
        GeographicCircle.register(in: database)
        let most =
            expression.wanted == nil && folders == nil ? Self.mostSorted : Self.mostLookedUp
        let found = try Self.counts(of: query.filters, atMost: most, in: database)
        guard !found.contains(where: { $0.assets == 0 }) else { return nil }
        fewest = found.filter { $0.assets <= most }.min { $0.assets < $1.assets }?.filter
    }

    /// The hits from the cursor or the beginning on, without the first `offset`.
    func page(after cursor: SearchCursor?) throws -> [SearchCursor] {
        guard query.limit > 0 else { return [] }
        let further = try furtherMatches()
        if query.sorting == .date { return try latest(further, after: cursor) }
        if expression.wanted != nil, cursor?.order != .newest,
            let ranked = try ranked(further, isContinued: cursor != nil)
        {
            return Array(rest(of: ranked, after: cursor).dropFirst(offset).prefix(query.limit))
        }
        return try newest(further, after: cursor?.assetID).map { asset in
            SearchCursor(order: .newest, assetID: asset, score: 0)
        }
    }

    /// Matches in the order of the query, without regard to its page.
    ///
    /// - Returns: At most `limit` assets, and whether they are the best rather than the newest.
    func first(_ limit: Int) throws -> (assets: [Int64], isRanked: Bool) {
        let further = try furtherMatches()
        if expression.wanted != nil, let ranked = try ranked(further, isContinued: false) {
            return (ranked.prefix(limit).map(\.assetID), true)
        }
        let newest = try matches(after: nil, limit: limit)
        let known = Set(newest)
        let all = newest + further.filter { !known.contains($0) }
        return (Array(all.sorted(by: >).prefix(limit)), false)
    }

    /// Whether a filter or a tag leaves so few assets that listing them takes no longer than a search.
    var isNarrow: Bool { fewest != nil || !tags.isEmpty }

    /// Which of some assets everything but the words holds of, in their order.
    func fitting(_ assets: [Int64]) throws -> [Int64] {
        let (conditions, arguments) = conditions(on: "asset.id", isDriver: false)
        let numbers = "[\(assets.map(String.init).joined(separator: ","))]"
        let found = Set(
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT asset.id FROM asset
                    \(Self.whole(["asset.id IN (SELECT value FROM json_each(?))"] + conditions))
                    """, arguments: [numbers] + arguments))
        return assets.filter(found.contains)
    }

    var offset: Int { max(query.offset, 0) }

    // MARK: The two orders

    private func newest(_ further: [Int64], after asset: Int64?) throws -> [Int64] {
        guard !further.isEmpty else {
            return try matches(after: asset, limit: query.limit, offset: offset)
        }
        let end = offset.addingReportingOverflow(query.limit)
        let main = try matches(after: asset, limit: end.overflow ? .max : end.partialValue)
        let known = Set(main)
        let others = further.filter { $0 < asset ?? .max && !known.contains($0) }
        let all = (main + others).sorted(by: >)
        return Array(all.dropFirst(offset).prefix(query.limit))
    }

    /// All matches, the best first; `nil` if they are too many to score.
    ///
    /// A page behind a cursor stays in the order of the first one, however many match by now.
    private func ranked(_ further: [Int64], isContinued: Bool) throws -> [SearchCursor]? {
        if !isContinued {
            let count = try matches(after: nil, limit: Self.rankingLimit + 1).count + further.count
            guard count <= Self.rankingLimit else { return nil }
        }
        let scored = try scoredMatches()
        let known = Set(scored.map(\.assetID))
        let others = further.filter { !known.contains($0) }
            .map { SearchCursor(order: .rank, assetID: $0, score: 0) }
        return (scored + others).sorted(by: precedes)
    }

    /// What comes behind the cursor.
    ///
    /// Each new picture changes all scores a little, so that the cursor's asset is looked for itself, at
    /// its present place; only where it does not match any more, its old score tells where to go on.
    private func rest(
        of ranked: [SearchCursor], after cursor: SearchCursor?
    ) -> ArraySlice<SearchCursor> {
        guard let cursor else { return ranked[...] }
        if let place = ranked.firstIndex(where: { $0.assetID == cursor.assetID }) {
            return ranked[(place + 1)...]
        }
        return ranked.drop { !precedes(cursor, $0) }
    }

    private func precedes(_ first: SearchCursor, _ second: SearchCursor) -> Bool {
        (first.score, second.assetID) < (second.score, first.assetID)
    }

    // MARK: Matches

    /// Assets that match by their rows of `search`, the newest first.
    private func matches(after asset: Int64?, limit: Int, offset: Int = 0) throws -> [Int64] {
        let (sql, arguments) = matchesSQL(after: asset, limit: limit, offset: offset)
        return try Int64.fetchAll(database, sql: sql, arguments: arguments)
    }

    /// The statement that finds matches in the order of the full-text index itself.
    func matchesSQL(
        after asset: Int64?, limit: Int, offset: Int = 0
    ) -> (sql: String, arguments: StatementArguments) {
        var (conditions, arguments) = conditions(on: driver.column, isDriver: true)
        if let asset {
            conditions.append("\(driver.column) < ?")
            arguments += [asset]
        }
        // A tag that more than one source gives has several rows.
        let isGrouped = match == nil && !tags.isEmpty
        let sql = """
            SELECT \(driver.column) FROM \(driver.table)
            \(Self.whole(conditions))\(isGrouped ? " GROUP BY \(driver.column)" : "")
            ORDER BY \(isSorted ? "+" : "")\(driver.column) DESC LIMIT ? OFFSET ?
            """
        return (sql, arguments + [limit, offset])
    }

    /// A word in a text weighs more than one in a tag, since texts are long and tags repeat them; names
    /// weigh least, as most are a camera's.
    private func scoredMatches() throws -> [SearchCursor] {
        let (conditions, arguments) = conditions(on: driver.column, isDriver: true)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT search.rowid AS id, bm25(search, 4.0, 2.0, 1.0) AS score FROM search
                \(Self.whole(conditions))
                """, arguments: arguments
        ).map { SearchCursor(order: .rank, assetID: $0["id"], score: $0["score"]) }
    }

    /// Assets that match by the path of a file beyond those whose names are in `search`, newest first: each
    /// word must be in such a path, or in the asset's row of `search`.
    func furtherMatches() throws -> [Int64] {
        guard hasMoreNames, expression.wanted != nil else { return [] }
        let named = try expression.terms.map { try assets(named: $0.expression) }
        let candidates = named.reduce(into: Set<Int64>()) { $0.formUnion($1) }
        return try candidates.filter { asset in
            try fits(asset)
                && zip(expression.terms, named).allSatisfy { term, assets in
                    try assets.contains(asset) || isIndexed(asset, by: term.expression)
                }
        }.sorted(by: >)
    }

    /// Assets of which a file has a word in its path, beyond those whose names are in `search`.
    private func assets(named expression: String) throws -> Set<Int64> {
        try Set(
            Int64.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT DISTINCT coalesce(asset.primary_id, asset.id)
                        FROM more_names CROSS JOIN file ON file.id = more_names.rowid
                            CROSS JOIN asset ON asset.id = file.asset_id
                        WHERE more_names MATCH ? AND missing_since IS NULL
                        """), arguments: [expression]))
    }

    private func isIndexed(_ asset: Int64, by expression: String) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(
                sql: "SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?"),
            arguments: [expression, asset]) ?? false
    }

    private func fits(_ asset: Int64) throws -> Bool {
        let (conditions, arguments) = conditions(on: "asset.id", isDriver: false)
        return try Bool.fetchOne(
            database,
            sql: "SELECT 1 FROM asset \(Self.whole(["asset.id = ?"] + conditions))",
            arguments: [asset] + arguments) ?? false
    }

    /// The table that gives the assets in their order, and its column with their numbers.
    var driver: (table: String, column: String) {
        if match != nil { return ("search", "search.rowid") }
        if !tags.isEmpty { return ("asset_tag", "asset_tag.asset_id") }
        return isSorted ? ("capture", "capture.asset_id") : ("asset", "asset.id")
    }

    /// Whether a filter's index gives the assets, which then are sorted.
    private var isSorted: Bool { fewest != nil && match == nil && tags.isEmpty }

    /// What the full-text index is asked; `nil` for nothing.
    var match: String? {
        let wanted = [expression.wanted, folders].compactMap { $0 }
        guard !wanted.isEmpty else { return nil }
        let whole = wanted.joined(separator: " AND ")
        return expression.unwanted.map { "(\(whole)) NOT (\($0))" } ?? whole
    }

    /// Folders' names as phrases of paths below roots; not those that may lie in a root's own path.
    private static func folders(
        _ filters: [SearchFilter], in database: Database
    ) throws -> String? {
        let roots = try Data.fetchAll(database, sql: "SELECT path FROM root")
            .map { String(decoding: $0, as: UTF8.self).lowercased() }
        let phrases = filters.compactMap { filter -> String? in
            guard case .folder(let names) = filter.condition, !filter.isExcluded,
                let first = names.first?.lowercased(),
                !roots.contains(where: { $0.contains(first) })
            else { return nil }
            let term = SearchTerm(
                text: names.joined(separator: " "), isPhrase: true, isExcluded: false)
            return term.isSearchable ? "names : \(term.expression)" : nil
        }
        return phrases.isEmpty ? nil : phrases.joined(separator: " AND ")
    }

    /// How many assets filters find that an index answers, up to a number above which it is not known.
    private static func counts(
        of filters: [SearchFilter], atMost most: Int, in database: Database
    ) throws -> [(filter: Int, assets: Int)] {
        try filters.enumerated().compactMap { place, filter in
            guard !filter.isExcluded, filter.condition.isIndexed,
                let facts = filter.condition.captureFacts
            else { return nil }
            let count = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM (SELECT 1 FROM capture WHERE \(facts.sql) LIMIT ?)",
                arguments: facts.arguments + [most + 1])
            return (place, count ?? 0)
        }
    }

    /// What must hold of an asset.
    ///
    /// - Parameters:
    ///   - asset: The expression that gives its number.
    ///   - isDriver: Whether the table is `driver`'s.
    /// - Returns: The conditions, all to hold, and the values of their question marks.
    func conditions(
        on asset: String, isDriver: Bool
    ) -> (sql: [String], arguments: StatementArguments) {
        var sql: [String] = []
        var arguments = StatementArguments()
        func require(_ condition: String, _ values: StatementArguments = []) {
            sql.append(condition)
            arguments += values
        }
        var others = tags[...]
        if isDriver, let match {
            require("search MATCH ?", [match])
        } else if let unwanted = expression.unwanted {
            require("\(asset) NOT IN (SELECT rowid FROM search WHERE search MATCH ?)", [unwanted])
        }
        if isDriver, match == nil, let tag = others.popFirst() {
            require("tag_id = ? AND is_superseded = 0", [tag])
        }
        if hasMoreNames, let unwanted = expression.unwanted {
            require("\(asset) NOT IN (\(Self.assetsByMoreNames))", [unwanted])
        }
        require("NOT EXISTS (SELECT 1 FROM hidden_asset WHERE hidden_asset.asset_id = \(asset))")
        if let kind = query.kind {
            require(
                "(SELECT kind FROM asset AS described WHERE described.id = \(asset)) = ?",
                [kind.rawValue])
        }
        if let rating = query.minimumRating {
            require(
                "(SELECT rating FROM asset AS rated WHERE rated.id = \(asset)) >= ?", [rating])
        }
        for tag in others {
            require(
                """
                EXISTS (SELECT 1 FROM asset_tag AS other WHERE other.asset_id = \(asset)
                    AND other.tag_id = ? AND other.is_superseded = 0)
                """, [tag])
        }
        for (place, filter) in query.filters.enumerated() {
            if isDriver, place == fewest, let facts = filter.condition.captureFacts {
                // The plus keeps the full-text index from being asked about each of them.
                require(
                    isSorted
                        ? facts.sql
                        : "+\(asset) IN (SELECT asset_id FROM capture WHERE \(facts.sql))",
                    facts.arguments)
            } else {
                let condition = filter.condition(on: asset)
                require(condition.sql, condition.arguments)
            }
        }
        return (sql, arguments)
    }

    private static let assetsByMoreNames = """
        SELECT coalesce(paired.primary_id, paired.id)
        FROM file JOIN asset AS paired ON paired.id = file.asset_id
        WHERE file.id IN (SELECT rowid FROM more_names WHERE more_names MATCH ?)
        """

    static func whole(_ conditions: [String]) -> String {
        "WHERE " + conditions.joined(separator: " AND ")
    }
}
