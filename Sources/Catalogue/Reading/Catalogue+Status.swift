import FileSystem
public import Foundation
import GRDB
public import SystemPackage

/// The catalogue at a glance.
public struct CatalogueStatus: Equatable, Sendable {
    /// Each root that holds pictures, by path.
    public var roots: [RootStatus]
    /// The root that holds sidecars apart from their pictures, if there is one.
    public var sidecarFolder: Root?
    /// Each model that has described anything, the one with most assets first.
    public var models: [ModelStatus]
    /// How many assets there are.
    public var assets: Int
    /// How many of them were cut short, and are described as far as they go.
    public var incomplete: Int
    /// What the catalogue takes on the disk, with its log, in bytes.
    public var size: Int64
    /// How many changes of the schema it has seen.
    public var schemaVersion: Int
}

/// A root at a glance.
///
/// `described`, `queued` and `failed` leave missing files out.
public struct RootStatus: Equatable, Sendable {
    /// The root.
    public var root: Root
    /// All files that are known, the missing among them.
    public var files: Int
    /// Files whose job is done.
    public var described: Int
    /// Files whose job is queued, waiting or in hand.
    public var queued: Int
    /// Files whose job has failed.
    public var failed: Int
    /// Files that are missing and will be forgotten.
    public var missing: Int
    /// Files, not missing, that are out of reach now, since their volume or root is; each counts above too.
    public var offline = 0
}

/// How much a model has described.
public struct ModelStatus: Equatable, Sendable {
    /// Its name.
    public var model: String
    /// Its version.
    public var version: String
    /// How many assets it has described.
    public var assets: Int
}

/// How many assets carry a tag.
public struct TagCount: Equatable, Sendable {
    /// The tag's name, in small letters.
    public var name: String
    /// How a person writes it, where that is not the name.
    public var written: String?
    /// How many assets carry it.
    public var count: Int
    /// How many of them have it from their files or sidecars.
    public var fromSidecars: Int
}

/// A file whose job has failed.
public struct Failure: Equatable, Sendable {
    /// Its absolute path.
    public var path: FilePath
    /// What went wrong.
    public var reason: String
    /// How often it was tried.
    public var attempts: Int
    /// When it failed.
    public var at: Date
}

extension Catalogue {
    /// Counts everything.
    ///
    /// - Throws: `CatalogueError`.
    public func status() throws(CatalogueError) -> CatalogueStatus {
        let sizes = ["", "-wal"].map { suffix in
            (try? FileStatus(at: FilePath(path.string + suffix)))?.size ?? 0
        }
        return try read { database in
            let apart = try database.sidecarFolder()
            return CatalogueStatus(
                roots: try database.rootStatus().filter { $0.root.id != apart },
                sidecarFolder: try database.roots().first { $0.id == apart },
                models: try database.modelStatus(),
                assets: try Int.fetchOne(database, sql: "SELECT assets FROM asset_total") ?? 0,
                incomplete: try Int.fetchOne(database, sql: "SELECT incomplete FROM asset_total")
                    ?? 0,
                size: sizes.reduce(0, +),
                schemaVersion: try Schema.migrator().appliedMigrations(database).count)
        }
    }

    /// Files whose jobs have failed, the latest first.
    ///
    /// - Throws: `CatalogueError`.
    public func failures(limit: Int = 100) throws(CatalogueError) -> [Failure] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT root.path, directory, name, last_error, attempts, updated_at
                    FROM job JOIN file ON file.id = file_id JOIN root ON root.id = file.root_id
                    WHERE state = 'failed' AND is_held = 0
                    ORDER BY updated_at DESC, job.id LIMIT ?
                    """, arguments: [max(limit, 0)]
            ).map { row in
                let root = PathBytes.path(row["path"] as Data)
                return Failure(
                    path: root.pushing(PathBytes.path(row["directory"], row["name"])),
                    reason: row["last_error"] ?? "", attempts: row["attempts"],
                    at: Date(timeIntervalSince1970: row["updated_at"]))
            }
        }
    }

    /// Tags of files that are there, the most frequent first.
    ///
    /// - Parameters:
    ///   - text: What the name must contain, in small letters; empty for all.
    ///   - limit: The largest number of tags.
    /// - Returns: Tags, and how many assets carry each.
    /// - Throws: `CatalogueError`.
    public func tags(
        matching text: String = "", limit: Int = 100
    ) throws(CatalogueError) -> [TagCount] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT name, assets, sidecar_assets, (SELECT written FROM asset_tag
                        WHERE tag_id = tag.id AND written IS NOT NULL LIMIT 1) AS written
                    FROM tag WHERE assets > 0 AND instr(name, ?) > 0
                    ORDER BY assets DESC, name LIMIT ?
                    """, arguments: [StoredText.clean(text), max(limit, 0)]
            ).map { row in
                TagCount(
                    name: row["name"], written: row["written"], count: row["assets"],
                    fromSidecars: row["sidecar_assets"])
            }
        }
    }
}

extension RootStatus {
    fileprivate mutating func add(_ count: Int, _ state: JobState?, isMissing: Bool) {
        files += count
        switch (isMissing, state) {
        case (true, _): missing += count
        case (false, .done): described += count
        case (false, .failed): failed += count
        case (false, _): queued += count
        }
    }
}

extension Database {
    fileprivate func rootStatus() throws -> [RootStatus] {
        var status = try roots().map { root in
            RootStatus(
                root: root, files: 0, described: 0, queued: 0, failed: 0, missing: 0)
        }
        let counts = try Row.fetchAll(
            self,
            sql: """
                SELECT root_id, is_held, state, sum(files) AS files,
                    sum(CASE WHEN is_held = 0 AND volume.is_online = 0 THEN files ELSE 0 END) AS offline
                FROM job_total JOIN volume ON volume.id = volume_id
                GROUP BY root_id, is_held, state
                """)
        for row in counts {
            let rootID: Int64 = row["root_id"]
            guard let index = status.firstIndex(where: { $0.root.id == rootID }) else { continue }
            status[index].add(
                row["files"], JobState(rawValue: row["state"]), isMissing: row["is_held"])
            let isOffline = status[index].root.state != .online
            status[index].offline +=
                isOffline && !(row["is_held"] as Bool) ? row["files"] : row["offline"]
        }
        return status
    }

    fileprivate func modelStatus() throws -> [ModelStatus] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT model, version, assets FROM model_total WHERE assets > 0
                ORDER BY assets DESC, model, version
                """
        ).map { ModelStatus(model: $0["model"], version: $0["version"], assets: $0["assets"]) }
    }
}
