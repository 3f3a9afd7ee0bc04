import Foundation
import GRDB
import SystemPackage

/// A condition of SQL and the values of its question marks.
struct SQLCondition {
    var sql: String
    var arguments: StatementArguments = []
}

extension SearchFilter {
    /// The filter as SQL.
    ///
    /// - Parameter asset: The expression that gives the asset's number.
    /// - Returns: The condition.
    func condition(on asset: String) -> SQLCondition {
        var condition = condition.sql(on: asset)
        // What is not known is not what was asked for, and so is not excluded.
        if isExcluded { condition.sql = "NOT coalesce((\(condition.sql)), 0)" }
        return condition
    }
}

extension SearchCondition {
    fileprivate func sql(on asset: String) -> SQLCondition {
        switch self {
        case .kind(let kind):
            SQLCondition(
                sql: "(SELECT kind FROM asset AS described WHERE described.id = \(asset)) = ?",
                arguments: [kind.rawValue])
        case .rating(let stars):
            SQLCondition(
                sql: "(SELECT rating FROM asset AS rated WHERE rated.id = \(asset)) >= ?",
                arguments: [stars])
        case .tag(let name):
            SQLCondition(
                sql: """
                    EXISTS (SELECT 1 FROM asset_tag AS given JOIN tag ON tag.id = given.tag_id
                        WHERE given.asset_id = \(asset) AND tag.name = ? AND given.is_superseded = 0)
                    """, arguments: [StoredText.clean(name)])
        case .folder(let names): Self.folder(names, on: asset)
        case .below(let folder): Self.below(folder, on: asset)
        case .lacks(let missing): SQLCondition(sql: Self.lacks(missing, on: asset))
        case .captionBy(let source): SQLCondition(sql: Self.caption(by: source, of: asset))
        case .camera, .taken, .yearly, .near: captureCondition(on: asset)
        }
    }

    private func captureCondition(on asset: String) -> SQLCondition {
        guard let facts = captureFacts else { return SQLCondition(sql: "0") }
        return SQLCondition(
            sql: """
                EXISTS (SELECT 1 FROM capture
                    WHERE capture.asset_id = \(asset) AND \(facts.sql))
                """, arguments: facts.arguments)
    }

    /// What a row of `capture` must say; `nil` for what is not asked of such rows.
    var captureFacts: SQLCondition? {
        switch self {
        case .camera(let words):
            return SQLCondition(
                sql: """
                    camera IN (SELECT name FROM camera_name WHERE instr(lower(name), lower(?)) > 0)
                    """, arguments: [StoredText.clean(words)])
        case .taken(let span):
            let bounds = [
                span.from.map { ("taken_at >= ?", $0) }, span.to.map { ("taken_at < ?", $0) },
            ]
            .compactMap { $0 }
            return SQLCondition(
                sql: (["taken_at IS NOT NULL"] + bounds.map(\.0)).joined(separator: " AND "),
                arguments: StatementArguments(bounds.map(\.1)))
        case .yearly(let month, let day):
            let text =
                String(format: "%02d", month) + (day.map { String(format: "-%02d", $0) } ?? "")
            return SQLCondition(
                sql: "substr(taken_at, 6, ?) = ?", arguments: [text.utf8.count, text])
        case .near(let latitude, let longitude, let kilometres):
            let circle = GeographicCircle(
                latitude: latitude, longitude: longitude, kilometres: kilometres)
            return SQLCondition(
                sql: """
                    latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?
                        AND \(GeographicCircle.function)(latitude, longitude, ?, ?) <= ?
                    """,
                arguments: [
                    circle.latitudes.lowerBound, circle.latitudes.upperBound,
                    circle.longitudes.lowerBound, circle.longitudes.upperBound, latitude, longitude,
                    kilometres,
                ])
        case .kind, .tag, .rating, .folder, .below, .lacks, .captionBy: return nil
        }
    }

    /// Whether an index of `capture` finds what it asks for.
    var isIndexed: Bool {
        switch self {
        case .camera, .taken, .near: true
        default: false
        }
    }

    private static func folder(_ names: [String], on asset: String) -> SQLCondition {
        // A directory is stored with a slash before and behind.
        hasFile(
            asset, "instr(lower(CAST(root.path || directory AS TEXT)), lower(?)) > 0",
            ["/" + names.map(StoredText.clean).joined(separator: "/") + "/"])
    }

    private static func below(_ folder: FilePath, on asset: String) -> SQLCondition {
        // Of the root of all, the path is the slash that every directory begins with.
        let whole =
            "CAST(CASE root.path WHEN x'2F' THEN x'' ELSE root.path END || directory AS BLOB)"
        let first = PathBytes.bytes(folder) + (folder == "/" ? [] : [UInt8(ascii: "/")])
        return hasFile(
            asset, "\(whole) >= ? AND \(whole) < ?", [first, PathBytes.end(of: first)])
    }

    /// Whether an asset has a file, be it one of the same press of the shutter, of which a condition holds.
    private static func hasFile(
        _ asset: String, _ condition: String, _ arguments: StatementArguments
    ) -> SQLCondition {
        SQLCondition(
            sql: """
                EXISTS (SELECT 1 FROM file JOIN root ON root.id = file.root_id
                    WHERE file.asset_id IN (
                            SELECT \(asset) UNION ALL SELECT id FROM asset AS other
                            WHERE other.primary_id = \(asset))
                        AND missing_since IS NULL AND is_current = 1
                        AND \(condition))
                """, arguments: arguments)
    }

    /// Whether a caption of the source is there, and none whose word counts before it.
    private static func caption(by source: DescriptionSource, of asset: String) -> String {
        let isThere = DescriptionSource.allCases.filter { $0 <= source }.map { other in
            other == source
                ? hasCaption(asset, "source = '\(other.name)' AND text <> ''")
                : "NOT \(hasCaption(asset, "source = '\(other.name)'"))"
        }
        return isThere.reversed().joined(separator: " AND ")
    }

    private static func hasCaption(_ asset: String, _ condition: String) -> String {
        """
        EXISTS (SELECT 1 FROM description WHERE description.asset_id = \(asset) AND \(condition)
            AND prompt = '\(WrittenPrompt.caption)' AND start_s IS NULL)
        """
    }

    private static func lacks(_ missing: Missing, on asset: String) -> String {
        switch missing {
        case .place:
            "NOT EXISTS (SELECT 1 FROM capture WHERE asset_id = \(asset) AND latitude IS NOT NULL)"
        case .date:
            "NOT EXISTS (SELECT 1 FROM capture WHERE asset_id = \(asset) AND taken_at IS NOT NULL)"
        case .caption:
            "(NOT \(hasCaption(asset, "1")) OR \(hasCaption(asset, "source = 'human' AND text = ''")))"
        case .tag:
            """
            NOT EXISTS (SELECT 1 FROM asset_tag AS given
                WHERE given.asset_id = \(asset) AND given.is_superseded = 0)
            """
        case .rating: "(SELECT rating FROM asset AS rated WHERE rated.id = \(asset)) IS NULL"
        }
    }
}

/// What lies within some distance of a place.
struct GeographicCircle {
    /// The function of SQL that tells the distance of two places in kilometres.
    static let function = "vignette_kilometres"
    /// The mean radius of the earth in kilometres (IUGG).
    private static let radius = 6371.0088

    var latitude: Double
    var longitude: Double
    var kilometres: Double

    /// Latitudes outside of which nothing lies in it.
    var latitudes: ClosedRange<Double> {
        let degrees = kilometres / Self.radius * 180 / .pi + 1e-6
        return latitude - degrees...latitude + degrees
    }

    /// Longitudes outside of which nothing lies in it; all, where it reaches a pole or the date line.
    var longitudes: ClosedRange<Double> {
        let highest = max(abs(latitudes.lowerBound), abs(latitudes.upperBound))
        guard highest < 89 else { return -180...180 }
        let degrees = kilometres / Self.radius * 180 / .pi / cos(highest * .pi / 180) + 1e-6
        guard degrees < 180, abs(longitude) + degrees < 180 else { return -180...180 }
        return longitude - degrees...longitude + degrees
    }

    /// Lets a connection compute distances.
    static func register(in database: Database) {
        database.add(
            function: DatabaseFunction(function, argumentCount: 4, pure: true) { values in
                let degrees = values.compactMap { Double.fromDatabaseValue($0) }
                guard degrees.count == 4 else { return nil }
                return distance(degrees[0], degrees[1], degrees[2], degrees[3])
            })
    }

    /// The distance of two places in kilometres, on a sphere (haversine).
    static func distance(
        _ latitude: Double, _ longitude: Double, _ otherLatitude: Double, _ otherLongitude: Double
    ) -> Double {
        let radian = Double.pi / 180
        let north = sin((otherLatitude - latitude) * radian / 2)
        let east = sin((otherLongitude - longitude) * radian / 2)
        let share =
            north * north + cos(latitude * radian) * cos(otherLatitude * radian) * east * east
        return 2 * radius * asin(min(1, share.squareRoot()))
    }
}
