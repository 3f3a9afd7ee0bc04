public import Foundation
import GRDB
public import SystemPackage

/// What `forget` forgets, or has forgotten.
public struct Forgetting: Equatable, Sendable {
    /// Files that cannot be reached: missing, on volumes that are offline, or in roots not watched.
    public var files = 0
    /// Pictures that were in no other file, with all that a model said of them.
    public var assets = 0
    /// Files that are kept since they are there.
    public var reachable = 0

    /// Builds an outcome of nothing.
    public init() {}
}

extension Catalogue {
    /// What `forget` would forget.
    ///
    /// - Throws: `CatalogueError`.
    public func forgetting(under path: FilePath) throws(CatalogueError) -> Forgetting {
        try read { database in
            let ranges = try database.ranges(of: path)
            let place = FileRange.condition(ranges)
            let arguments = FileRange.arguments(ranges)
            func count(_ sql: String, _ arguments: StatementArguments) throws -> Int {
                try Int.fetchOne(database, sql: sql, arguments: arguments) ?? 0
            }
            var outcome = Forgetting()
            outcome.files = try count(
                """
                SELECT count(*) FROM file WHERE \(place) AND is_sidecar = 0
                    AND \(Database.isOutOfReach)
                """, arguments)
            outcome.reachable =
                try count(
                    "SELECT count(*) FROM file WHERE \(place) AND is_sidecar = 0", arguments)
                - outcome.files
            outcome.assets = try count(
                """
                SELECT count(*) FROM asset WHERE \(Database.isForgettable)
                    AND id IN (SELECT asset_id FROM file
                        WHERE \(place) AND \(Database.isOutOfReach))
                    AND NOT EXISTS (SELECT 1 FROM file WHERE asset_id = asset.id
                        AND NOT (\(place) AND \(Database.isOutOfReach)))
                """, arguments + arguments)
            return outcome
        }
    }

    /// Forgets files at and below a path that cannot be reached, and pictures that were in no other file.
    ///
    /// Several short transactions. What people wrote stays, and so does what can be read now.
    ///
    /// - Parameters:
    ///   - path: Absolute.
    ///   - now: The moment.
    /// - Returns: What was forgotten.
    /// - Throws: `CatalogueError`.
    public func forget(
        under path: FilePath, at now: Date = Date()
    ) throws(CatalogueError) -> Forgetting {
        var outcome = Forgetting()
        try writeInSlices { database in
            let ranges = try database.ranges(of: path)
            let place = FileRange.condition(ranges)
            let files = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, asset_id, is_sidecar FROM file WHERE \(place) AND \(Database.isOutOfReach)
                    LIMIT 64
                    """, arguments: FileRange.arguments(ranges))
            for file in files {
                let asset: Int64? = file["asset_id"]
                try database.remove(file: file["id"], asset: asset, at: now.timeIntervalSince1970)
                guard let asset else { continue }
                try database.run(
                    """
                    DELETE FROM asset WHERE id = ? AND orphaned_at IS NOT NULL
                        AND \(Database.isForgettable)
                    """, [asset])
                outcome.assets += database.changesCount
            }
            outcome.files += files.count { !($0["is_sidecar"] as Bool) }
            return !files.isEmpty
        }
        try write { database in
            try database.removeEmptyVolumes()
            let ranges = try database.ranges(of: path)
            outcome.reachable =
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) FROM file
                        WHERE \(FileRange.condition(ranges)) AND is_sidecar = 0
                        """,
                    arguments: FileRange.arguments(ranges)) ?? 0
        }
        return outcome
    }
}

extension Database {
    /// Whether a row of `file` cannot be read now.
    fileprivate static let isOutOfReach = """
        (missing_since IS NOT NULL OR file.volume_id NOT IN (SELECT id FROM live_volume))
        """

    /// Forgets volumes that are offline and hold nothing, and then roots that are not watched and have
    /// none.
    fileprivate func removeEmptyVolumes() throws {
        try execute(
            sql: """
                DELETE FROM volume WHERE id NOT IN (SELECT id FROM live_volume)
                    AND NOT EXISTS (SELECT 1 FROM file WHERE volume_id = volume.id)
                """)
        try execute(
            sql: """
                DELETE FROM root WHERE is_watched = 0
                    AND NOT EXISTS (SELECT 1 FROM volume WHERE root_id = root.id)
                """)
    }
}
