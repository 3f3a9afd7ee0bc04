import GRDB

/// The order of `SearchSorting.date`: what was taken last first, and behind it what tells no date, each the
/// newest first among equals.
extension AssetSearch {
    /// A page in this order.
    ///
    /// - Parameters:
    ///   - further: Matches beside those of the statement.
    ///   - cursor: Behind which hit it begins.
    /// - Returns: The hits.
    /// - Throws: What the database throws.
    func latest(_ further: [Int64], after cursor: SearchCursor?) throws -> [SearchCursor] {
        let end = offset.addingReportingOverflow(query.limit)
        let limit = end.overflow ? .max : end.partialValue
        let place = try cursor.map { try DatedAsset($0.assetID, in: database) }
        var found = try dated(after: place, limit: limit)
        let known = Set(found.map(\.asset))
        found += try further.filter { !known.contains($0) }
            .map { try DatedAsset($0, in: database) }
            .filter { place?.precedes($0) ?? true }
        return found.sorted { $0.precedes($1) }.dropFirst(offset).prefix(query.limit)
            .map { SearchCursor(order: .date, assetID: $0.asset, score: 0) }
    }

    /// As the other, with assets among them that the words need not have found.
    func latest(beside others: [Int64], after cursor: SearchCursor?) throws -> [SearchCursor] {
        let further = try furtherMatches()
        let known = Set(further)
        return try latest(further + others.filter { !known.contains($0) }, after: cursor)
    }

    private func dated(after place: DatedAsset?, limit: Int) throws -> [DatedAsset] {
        guard match == nil, tags.isEmpty else {
            return try matches(
                from:
                    "\(driver.table) LEFT JOIN capture AS moment ON moment.asset_id = \(driver.column)",
                asset: driver.column, moment: "moment.taken_at", isDriver: true, after: place,
                limit: limit)
        }
        // The index has what tells a date in its order, so that not all need be sorted.
        var found: [DatedAsset] = []
        if place?.takenAt != nil || place == nil {
            let spans = query.filters.filter { !$0.isExcluded }.compactMap { filter in
                if case .taken = filter.condition { return filter.condition.captureFacts }
                return nil
            }
            found = try matches(
                from: "capture AS moment", asset: "moment.asset_id", moment: "moment.taken_at",
                isDriver: false, after: place, limit: limit,
                spans + [SQLCondition(sql: "moment.taken_at IS NOT NULL")])
        }
        guard found.count < limit else { return found }
        return found
            + (try matches(
                from: "asset", asset: "asset.id", moment: "NULL", isDriver: false,
                after: place?.takenAt == nil ? place : nil, limit: limit - found.count,
                [
                    SQLCondition(
                        sql: """
                            NOT EXISTS (SELECT 1 FROM capture
                                WHERE capture.asset_id = asset.id AND taken_at IS NOT NULL)
                            """)
                ]))
    }

    private func matches(
        from tables: String, asset: String, moment: String, isDriver: Bool,
        after place: DatedAsset?, limit: Int, _ further: [SQLCondition] = []
    ) throws -> [DatedAsset] {
        var (conditions, arguments) = conditions(on: asset, isDriver: isDriver)
        for condition in further {
            conditions.append(condition.sql)
            arguments += condition.arguments
        }
        if let takenAt = place?.takenAt, let place {
            // The first half lets an index begin at the place.
            conditions.append(
                """
                (\(moment) <= ? \(isDriver ? "OR \(moment) IS NULL" : ""))
                    AND (\(moment) IS NOT ? OR \(asset) < ?)
                """)
            arguments += [takenAt, takenAt, place.asset]
        } else if let place {
            conditions.append("\(moment) IS NULL AND \(asset) < ?")
            arguments += [place.asset]
        }
        // A tag that more than one source gives has several rows.
        let isGrouped = isDriver && match == nil
        return try Row.fetchAll(
            database,
            sql: """
                SELECT \(asset) AS id, \(moment) AS moment FROM \(tables)
                \(Self.whole(conditions))\(isGrouped ? " GROUP BY \(asset)" : "")
                ORDER BY \(moment) DESC, \(asset) DESC LIMIT ?
                """, arguments: arguments + [limit]
        ).map { DatedAsset(asset: $0["id"], takenAt: $0["moment"]) }
    }
}

/// An asset and when it was taken.
private struct DatedAsset {
    var asset: Int64
    var takenAt: String?

    init(asset: Int64, takenAt: String?) {
        self.asset = asset
        self.takenAt = takenAt
    }

    init(_ asset: Int64, in database: Database) throws {
        self.asset = asset
        takenAt = try String.fetchOne(
            database.cachedStatement(sql: "SELECT taken_at FROM capture WHERE asset_id = ?"),
            arguments: [asset])
    }

    func precedes(_ other: DatedAsset) -> Bool {
        switch (takenAt, other.takenAt) {
        case (let first?, let second?) where first != second:
            second.utf8.lexicographicallyPrecedes(first.utf8)
        case (.some, nil): true
        case (nil, .some): false
        default: asset > other.asset
        }
    }
}
