public import Foundation
import GRDB

/// What `removeExpired` removed.
public struct RemovalOutcome: Equatable, Sendable {
    /// Files whose grace was over.
    public var files = 0
    /// Assets that lie in no file any more, with all that a model said of them.
    public var assets = 0

    /// Builds an outcome of nothing.
    public init() {}
}

extension Catalogue {
    /// Removes files that went missing at or before a moment, and assets that no file holds.
    ///
    /// One transaction.
    ///
    /// Assets stay while any job is open: its file may turn out to hold the asset, moved there in
    /// the meantime, and what was seen in it must not be seen twice. They stay for good if a person
    /// wrote a text for them. Call this when `earliestExpiry` says so, and when the queue has run dry.
    ///
    /// - Parameter deadline: Files and assets that went at this moment or earlier go.
    /// - Returns: How much was removed.
    /// - Throws: `CatalogueError`.
    public func removeExpired(missingBefore deadline: Date) throws(CatalogueError) -> RemovalOutcome
    {
        try write { database in
            var outcome = RemovalOutcome()
            outcome.files = try database.removeFiles(missingBy: deadline.timeIntervalSince1970)
            if try !database.hasOpenJobs() {
                try database.run(
                    "DELETE FROM asset WHERE orphaned_at <= ? AND \(Database.isForgettable)",
                    [deadline.timeIntervalSince1970])
                outcome.assets = database.changesCount
            }
            return outcome
        }
    }

    /// When the file or asset went that is the next to be removed; `nil` if none is to be.
    ///
    /// The daemon adds the grace period and sleeps until then.
    ///
    /// - Throws: `CatalogueError`.
    public func earliestExpiry() throws(CatalogueError) -> Date? {
        try read { database in
            let file = try Double.fetchOne(
                database,
                sql: """
                    SELECT missing_since FROM file JOIN root ON root.id = root_id AND is_online = 1
                    WHERE missing_since IS NOT NULL ORDER BY missing_since LIMIT 1
                    """)
            let asset =
                try database.hasOpenJobs()
                ? nil
                : try Double.fetchOne(
                    database,
                    sql: """
                        SELECT orphaned_at FROM asset
                        WHERE orphaned_at IS NOT NULL AND \(Database.isForgettable)
                        ORDER BY orphaned_at LIMIT 1
                        """)
            return [file, asset].compactMap { $0 }.min().map(Date.init(timeIntervalSince1970:))
        }
    }
}

extension Database {
    /// Whether a row of `asset` carries nothing that a person wrote.
    fileprivate static let isForgettable = """
        NOT EXISTS (
            SELECT 1 FROM description
            WHERE description.asset_id = asset.id AND source = 'human')
        AND NOT EXISTS (
            SELECT 1 FROM asset_tag WHERE asset_tag.asset_id = asset.id AND source = 'human')
        """

    /// Removes files of online roots that went missing by `deadline`, seconds since 1970.
    fileprivate func removeFiles(missingBy deadline: Double) throws -> Int {
        let expired = try Row.fetchAll(
            self,
            sql: """
                SELECT file.id, asset_id, missing_since FROM file
                JOIN root ON root.id = root_id AND is_online = 1
                WHERE missing_since <= ?
                """, arguments: [deadline])
        for row in expired {
            try run("DELETE FROM file WHERE id = ?", [row["id"] as Int64])
            if let asset: Int64 = row["asset_id"] {
                try fileLeft(asset, at: row["missing_since"])
            }
        }
        return expired.count
    }

    /// Whether any job can or does run; those of missing files and offline roots rest.
    fileprivate func hasOpenJobs() throws -> Bool {
        try Bool.fetchOne(
            self,
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM root JOIN job ON job.root_id = root.id
                        AND state = 'queued' AND is_held = 0
                    WHERE is_online = 1)
                OR EXISTS (SELECT 1 FROM job WHERE state = 'leased')
                """) ?? false
    }

    /// A file no longer holds the asset: notes the time if it was the last, or else its name's end.
    func fileLeft(_ assetID: Int64, at time: Double) throws {
        try run(
            """
            UPDATE asset SET orphaned_at = ? WHERE id = ? AND orphaned_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM file WHERE asset_id = asset.id)
            """, [time, assetID])
        try refreshSearch(assetID)
    }
}
