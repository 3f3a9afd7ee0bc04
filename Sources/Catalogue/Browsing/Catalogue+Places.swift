import Foundation
import GRDB
import SystemPackage

/// Something that assets are counted by, such as a folder or a camera.
public struct PlaceCount: Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// How many.
    public var assets: Int

    /// Builds a count from its parts.
    public init(name: String, assets: Int) {
        self.name = name
        self.assets = assets
    }
}

/// Pictures that were taken near each other.
public struct CellCount: Equatable, Sendable {
    /// Degrees north of the middle of them.
    public var latitude: Double
    /// Degrees east of the middle of them.
    public var longitude: Double
    /// How many.
    public var assets: Int
    /// The one that was found last.
    public var newest: Int64
    /// When the first of them was taken, and the last; `nil` where none tells a date.
    public var taken: ClosedRange<String>?

    /// Builds a count from its parts.
    public init(
        latitude: Double, longitude: Double, assets: Int, newest: Int64,
        taken: ClosedRange<String>? = nil
    ) {
        (self.latitude, self.longitude) = (latitude, longitude)
        (self.assets, self.newest, self.taken) = (assets, newest, taken)
    }
}

extension Catalogue {
    /// Where pictures were taken, by cells of a tenth of a degree, the most first.
    ///
    /// Reads a row for each asset that tells a place.
    ///
    /// - Parameter limit: How many cells at most.
    /// - Returns: The cells that have any.
    /// - Throws: `CatalogueError`.
    public func cells(limit: Int) throws(CatalogueError) -> [CellCount] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT avg(latitude) AS north, avg(longitude) AS east, count(*) AS assets,
                        max(asset_id) AS newest, min(taken_at) AS first, max(taken_at) AS last
                    FROM capture
                    WHERE latitude IS NOT NULL AND longitude IS NOT NULL
                        AND asset_id NOT IN (SELECT asset_id FROM hidden_asset)
                    GROUP BY round(latitude * 10), round(longitude * 10)
                    ORDER BY assets DESC, north DESC, east LIMIT ?
                    """, arguments: [limit]
            ).map { row in
                let (first, last): (String?, String?) = (row["first"], row["last"])
                return CellCount(
                    latitude: row["north"], longitude: row["east"], assets: row["assets"],
                    newest: row["newest"],
                    taken: first.flatMap { first in last.map { first...max(first, $0) } })
            }
        }
    }

    /// Cameras by the pictures that were taken with them, the most first.
    ///
    /// Reads a row for each asset.
    ///
    /// - Throws: `CatalogueError`.
    public func cameras(limit: Int) throws(CatalogueError) -> [PlaceCount] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT camera, count(*) AS assets FROM capture
                    WHERE camera IS NOT NULL
                        AND asset_id NOT IN (SELECT asset_id FROM hidden_asset)
                    GROUP BY camera ORDER BY assets DESC, camera LIMIT ?
                    """, arguments: [limit]
            ).map { PlaceCount(name: $0["camera"], assets: $0["assets"]) }
        }
    }

    /// Folders by the files that lie in them and are known, the most first.
    ///
    /// Reads an index of all files.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: Paths below their roots, without the roots themselves.
    /// - Throws: `CatalogueError`.
    public func folders(limit: Int) throws(CatalogueError) -> [PlaceCount] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT directory, count(*) AS files FROM file
                    WHERE missing_since IS NULL AND is_sidecar = 0 AND length(directory) > 2
                    GROUP BY directory ORDER BY files DESC, directory LIMIT ?
                    """, arguments: [limit]
            ).map { row in
                let path = PathBytes.path(row["directory"], Data())
                return PlaceCount(name: path.string, assets: row["files"])
            }
        }
    }
}
