import Foundation
import GRDB
public import SystemPackage
public import WorkQueue

/// What tells a still from others besides how it looks.
public struct StillFacts: Equatable, Sendable {
    /// Its asset.
    public var asset: Int64
    /// When it was taken, local time as ISO 8601; `nil` where no file says so.
    public var takenAt: String?
    /// What it was taken with.
    public var camera: String?
    /// Its size in pixels.
    public var width: Int
    /// Its size in pixels.
    public var height: Int
    /// Bytes of its largest file.
    public var bytes: Int64
}

extension Catalogue {
    /// Stills that stand for themselves and are shown, behind an asset.
    ///
    /// - Parameters:
    ///   - asset: The last that is known; 0 for all.
    ///   - limit: The most to read.
    /// - Returns: The stills, in the order of their numbers; fewer than asked for if there are no more.
    /// - Throws: `CatalogueError`.
    public func stills(after asset: Int64, limit: Int) throws(CatalogueError) -> [StillFacts] {
        try read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT asset.id, width, height, capture.taken_at, capture.camera,
                            (SELECT max(size) FROM file WHERE asset_id = asset.id) AS bytes
                        FROM asset LEFT JOIN capture ON capture.asset_id = asset.id
                        WHERE asset.id > ? AND kind = 'still' AND primary_id IS NULL
                            AND NOT EXISTS (SELECT 1 FROM hidden_asset
                                WHERE hidden_asset.asset_id = asset.id)
                        ORDER BY asset.id LIMIT ?
                        """), arguments: [asset, limit]
            ).map { row in
                StillFacts(
                    asset: row["id"], takenAt: row["taken_at"], camera: row["camera"],
                    width: row["width"], height: row["height"], bytes: row["bytes"] ?? 0)
            }
        }
    }

    /// What a still is compared by; `nil` where it has nothing of that version.
    ///
    /// - Throws: `CatalogueError`.
    public func signature(of asset: Int64, version: Int) throws(CatalogueError) -> [UInt8]? {
        try read { database in
            try Data.fetchOne(
                database.cachedStatement(
                    sql: "SELECT bytes FROM signature WHERE asset_id = ? AND version = ?"),
                arguments: [asset, version]
            ).map { [UInt8]($0) }
        }
    }

    /// The assets that a recipe has embedded.
    ///
    /// - Throws: `CatalogueError`.
    public func embeddedAssets(by recipe: Recipe) throws(CatalogueError) -> Set<Int64> {
        try read { database in
            guard let number = try database.knownRecipe(recipe) else { return [] }
            return try Set(
                Int64.fetchCursor(
                    database, sql: "SELECT asset_id FROM embedding WHERE recipe_id = ?",
                    arguments: [number]))
        }
    }

    /// The files that hold an asset and are there, in the order in which they were found.
    ///
    /// - Throws: `CatalogueError`.
    public func files(of asset: Int64) throws(CatalogueError) -> [FilePath] {
        try read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT root.path, directory, name
                        FROM file JOIN root ON root.id = file.root_id
                        WHERE asset_id = ? AND is_current = 1 AND missing_since IS NULL
                        ORDER BY file.id
                        """), arguments: [asset]
            ).map { row in
                PathBytes.path(row["path"] as Data)
                    .pushing(PathBytes.path(row["directory"], row["name"]))
            }
        }
    }

    /// Assets that more than one file holds, byte for byte or but for what stands beside the picture.
    ///
    /// - Throws: `CatalogueError`.
    public func assetsWithCopies() throws(CatalogueError) -> [Int64] {
        try read { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT asset_id FROM file
                    WHERE asset_id IS NOT NULL AND is_current = 1 AND missing_since IS NULL
                    GROUP BY asset_id HAVING count(*) > 1 ORDER BY asset_id
                    """)
        }
    }
}
