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

extension Catalogue {
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
                let path = PathBytes.path(row["directory"])
                return PlaceCount(name: path.string, assets: row["files"])
            }
        }
    }
}
