import Foundation
import GRDB

/// What a page shows of an asset among many.
public struct AssetBrief: Equatable, Sendable {
    /// Its number.
    public var id: Int64
    /// The digest of the image data.
    public var identity: [UInt8]
    /// A still or a video.
    public var kind: AssetKind
    /// Width in pixels as a person sees it.
    public var width: Int
    /// Height in pixels as a person sees it.
    public var height: Int
    /// Length in seconds, of a video.
    public var duration: Double?
    /// When it was taken: local time as ISO 8601.
    public var takenAt: String?
    /// The caption that counts.
    public var caption: String?

    /// Where it stands in the timeline.
    public var place: TimelinePlace { TimelinePlace(takenAt: takenAt, asset: id) }
}

/// How many assets were taken in a month.
public struct MonthCount: Equatable, Sendable {
    /// The month, such as `2019-07`, or as much of it as the files tell; `nil` for what tells no date.
    public var month: String?
    /// How many.
    public var assets: Int
}

/// Assets are shown if one of their files is there, and if no other one stands for them.
private let isShown = """
    asset.primary_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM hidden_asset WHERE hidden_asset.asset_id = asset.id)
    """

extension Catalogue {
    /// Assets behind a place of the timeline, in its order.
    ///
    /// An index begins at the place, so that it takes as long wherever that is.
    ///
    /// - Parameters:
    ///   - place: The place, which is not among them; `nil` for the beginning.
    ///   - limit: How many at most.
    /// - Returns: The assets; fewer than asked for if there are no more.
    /// - Throws: `CatalogueError`.
    public func timeline(
        after place: TimelinePlace? = nil, limit: Int
    ) throws(CatalogueError) -> [AssetBrief] {
        try read { database in
            var found: [AssetBrief] = []
            if place == nil || place?.takenAt != nil {
                found = try database.dated(place, .down, limit)
            }
            guard found.count < limit else { return found }
            let undated = place.flatMap { $0.takenAt == nil ? $0.asset : nil } ?? .max
            return try found
                + database.undated(undated, .down, limit - found.count)
        }
    }

    /// Assets before a place of the timeline, the nearest last.
    ///
    /// - Parameters:
    ///   - place: The place, which is not among them.
    ///   - limit: How many at most.
    /// - Returns: The assets, in the timeline's order; fewer than asked for if there are no more.
    /// - Throws: `CatalogueError`.
    public func timeline(
        before place: TimelinePlace, limit: Int
    ) throws(CatalogueError) -> [AssetBrief] {
        try read { database in
            if place.takenAt != nil {
                return try database.dated(place, .up, limit).reversed()
            }
            let undated = try database.undated(place.asset, .up, limit)
            let dated =
                undated.count < limit
                ? try database.dated(nil, .up, limit - undated.count) : []
            return dated.reversed() + undated.reversed()
        }
    }

    /// How many assets were taken in each month, the last first; what tells no date at the end.
    ///
    /// Reads an index of all moments, which takes a tenth of a second or two for a million.
    ///
    /// - Throws: `CatalogueError`.
    public func months() throws(CatalogueError) -> [MonthCount] {
        try read { database in
            let count = "SELECT substr(taken_at, 1, 7) AS month, count(*) AS assets FROM capture"
            var months: [String: Int] = [:]
            for row in try Row.fetchAll(
                database, sql: "\(count) WHERE taken_at IS NOT NULL GROUP BY month")
            {
                months[row["month"]] = row["assets"]
            }
            // Those that are not shown are few, and taken off again.
            let passedOver = """
                SELECT asset_id FROM hidden_asset
                UNION SELECT id FROM asset WHERE primary_id IS NOT NULL
                """
            for row in try Row.fetchAll(
                database,
                sql: """
                    \(count) WHERE taken_at IS NOT NULL AND asset_id IN (\(passedOver)) GROUP BY month
                    """)
            {
                months[row["month"], default: 0] -= row["assets"]
            }
            let shown =
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT (SELECT count(*) FROM asset)
                            - (SELECT count(*) FROM asset WHERE id IN (\(passedOver)))
                        """) ?? 0
            let undated = shown - months.values.reduce(0, +)
            return months.filter { $0.value > 0 }.sorted { $0.key > $1.key }
                .map { MonthCount(month: $0.key, assets: $0.value) }
                + (undated > 0 ? [MonthCount(month: nil, assets: undated)] : [])
        }
    }

    /// What a page shows of assets, in their order; those that are not shown are left out.
    ///
    /// - Throws: `CatalogueError`.
    public func briefs(_ assets: [Int64]) throws(CatalogueError) -> [AssetBrief] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT asset.*, taken_at
                    FROM asset LEFT JOIN capture ON capture.asset_id = asset.id
                    WHERE asset.id = ? AND \(isShown)
                    """)
            return try assets.compactMap { asset in
                try Row.fetchOne(statement, arguments: [asset]).flatMap(database.brief)
            }
        }
    }
}

extension Database {
    /// What tells a date beyond a place: first what was taken at the same moment, then the rest, since an index leads
    /// straight to either, but not to both at once.
    fileprivate func dated(
        _ place: TimelinePlace?, _ direction: TimelineDirection, _ limit: Int
    ) throws -> [AssetBrief] {
        guard let place, let moment = place.takenAt else {
            return try dated("", [], direction, limit)
        }
        let sign = direction.sign
        let same = try dated(
            "AND taken_at = ? AND asset_id \(sign) ?", [moment, place.asset], direction, limit)
        guard same.count < limit else { return same }
        return try same
            + dated("AND taken_at \(sign) ?", [moment], direction, limit - same.count)
    }

    private func dated(
        _ bound: String, _ arguments: StatementArguments, _ direction: TimelineDirection,
        _ limit: Int
    ) throws -> [AssetBrief] {
        try Row.fetchAll(
            cachedStatement(sql: Self.datedSQL(bound, direction)), arguments: arguments + [limit]
        ).compactMap(brief)
    }

    /// What tells a date, in the order of an index.
    static func datedSQL(_ bound: String, _ direction: TimelineDirection) -> String {
        """
        SELECT asset.*, taken_at
        FROM capture CROSS JOIN asset ON asset.id = capture.asset_id
        WHERE taken_at IS NOT NULL \(bound) AND \(isShown)
        ORDER BY taken_at \(direction.order), asset_id \(direction.order) LIMIT ?
        """
    }

    fileprivate func undated(
        _ asset: Int64, _ direction: TimelineDirection, _ limit: Int
    ) throws -> [AssetBrief] {
        try Row.fetchAll(
            cachedStatement(sql: Self.undatedSQL(direction)), arguments: [asset, limit]
        ).compactMap(brief)
    }

    /// What tells no date, in the order of the numbers.
    static func undatedSQL(_ direction: TimelineDirection) -> String {
        """
        SELECT asset.*, NULL AS taken_at
        FROM undated_asset CROSS JOIN asset ON asset.id = undated_asset.asset_id
        WHERE undated_asset.asset_id \(direction.sign) ? AND \(isShown)
        ORDER BY undated_asset.asset_id \(direction.order) LIMIT ?
        """
    }

    /// Reads a row of `asset` with the column `taken_at`, and looks its caption up.
    fileprivate func brief(_ row: Row) throws -> AssetBrief? {
        guard let kind = AssetKind(rawValue: row["kind"]) else { return nil }
        let id: Int64 = row["id"]
        return AssetBrief(
            id: id, identity: [UInt8](row["identity"] as Data), kind: kind, width: row["width"],
            height: row["height"], duration: row["duration"], takenAt: row["taken_at"],
            caption: try descriptions(of: id).caption)
    }
}

/// Which way the timeline is gone.
enum TimelineDirection {
    /// To what is older.
    case down
    /// To what is newer.
    case up

    fileprivate var sign: String { self == .down ? "<" : ">" }
    fileprivate var order: String { self == .down ? "DESC" : "ASC" }
}
