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
    /// Removes files that have been missing for the length of the grace, and assets that no file has held
    /// for so long.
    ///
    /// Several short transactions.
    ///
    /// The grace counts from the moment at which the file was missed, or if that is later from the one at
    /// which its volume had been looked through since it came online: only then is it known that the file
    /// has not moved. Files on volumes that are offline stay, and so do those in roots that are not
    /// watched.
    ///
    /// Assets stay while any job is open: its file may turn out to hold the asset, moved there in the
    /// meantime, and what was seen in it must not be seen twice. They stay for good if a person wrote a
    /// text for them. Call this when `nextWakeUp` says so, and when the queue has run dry.
    ///
    /// - Parameters:
    ///   - grace: How long what is missing is kept.
    ///   - now: The moment.
    /// - Returns: How much was removed.
    /// - Throws: `CatalogueError`.
    public func removeExpired(
        grace: Duration, at now: Date = Date()
    ) throws(CatalogueError) -> RemovalOutcome {
        let deadline = now.timeIntervalSince1970 - grace / .seconds(1)
        var outcome = RemovalOutcome()
        try writeInSlices { database in
            let files = try Row.fetchAll(
                database.cachedStatement(sql: Database.expiredFilesSQL),
                arguments: ["deadline": deadline])
            for file in files {
                try database.remove(
                    file: file["id"], asset: file["asset_id"], at: file["missing_since"])
            }
            outcome.files += files.count
            return !files.isEmpty
        }
        try writeInSlices { database in
            guard try !database.hasOpenJobs() else { return false }
            try database.run(
                """
                DELETE FROM asset WHERE id IN (SELECT id FROM asset
                    WHERE orphaned_at <= ? AND \(Database.isForgettable) LIMIT 32)
                """, [deadline])
            outcome.assets += database.changesCount
            return database.changesCount > 0
        }
        return outcome
    }
}

extension Database {
    /// Whether a row of `asset` carries nothing that a person wrote.
    static let isForgettable = """
        NOT EXISTS (
            SELECT 1 FROM description
            WHERE description.asset_id = asset.id AND source = 'human')
        AND NOT EXISTS (
            SELECT 1 FROM asset_tag WHERE asset_tag.asset_id = asset.id AND source = 'human')
        AND NOT EXISTS (
            SELECT 1 FROM removed_tag WHERE removed_tag.asset_id = asset.id AND source = 'human')
        """

    static let expiredFilesSQL = """
        SELECT file.id, asset_id, missing_since
        FROM live_volume CROSS JOIN file ON file.volume_id = live_volume.id
        WHERE missing_since IS NOT NULL AND missing_since <= :deadline
            AND looked_through_at <= :deadline
        LIMIT 32
        """

    /// Removes a file and its job.
    ///
    /// - Parameters:
    ///   - file: Its number.
    ///   - asset: The asset that it held.
    ///   - time: When it went, seconds since 1970.
    /// - Throws: Errors of the database.
    func remove(file: Int64, asset: Int64?, at time: Double) throws {
        let isNamedApart = try Bool.fetchOne(
            cachedStatement(sql: "SELECT 1 FROM more_names WHERE rowid = ?"), arguments: [file])
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT is_sidecar, texts IS NOT NULL OR sidecar_id IS NOT NULL AS has_texts,
                        asset_id IS NULL OR is_current = 0 AS is_unread
                    FROM file WHERE id = ?
                    """), arguments: [file])
        guard let row else { return }
        let pictures = row["is_sidecar"] ? try pictures(ofSidecar: file) : []
        let spokenFor = row["is_sidecar"] ? try assetApart(ofSidecar: file) : nil
        let unread = row["is_unread"] ? try pairPlace(ofFile: file) : nil
        try run("DELETE FROM file WHERE id = ?", [file])
        for picture in pictures { try findSidecar(of: picture, isNews: true) }
        if let spokenFor { try refreshTexts(spokenFor) }
        if let asset {
            try fileLeft(asset, at: time, hadSay: isNamedApart == nil || row["has_texts"])
        }
        if let unread { try refreshPairs(at: unread, time: time) }
    }

    /// When the orphan went that is the next to be removed, of those that went after `time`.
    func nextOrphan(after time: Double) throws -> Double? {
        let statement = try cachedStatement(
            sql: """
                SELECT orphaned_at FROM asset WHERE orphaned_at > ? AND \(Self.isForgettable)
                ORDER BY orphaned_at LIMIT 1
                """)
        return try Double.fetchOne(statement, arguments: [time])
    }

    /// Whether any job can or does run; those of missing files and of volumes out of reach rest.
    func hasOpenJobs() throws -> Bool {
        try Bool.fetchOne(cachedStatement(sql: Self.openJobsSQL)) ?? false
    }

    static let openJobsSQL = """
        SELECT EXISTS (SELECT 1 FROM live_volume WHERE EXISTS (
            SELECT 1 FROM job
            WHERE volume_id = live_volume.id AND is_held = 0 AND state = 'queued'))
        OR EXISTS (SELECT 1 FROM job WHERE state = 'leased')
        """

    /// A file no longer holds the asset: notes the time if it was the last, or else its name's end.
    ///
    /// The index keeps the row of an asset without files, which is not found and is written anew when a
    /// file comes or goes for good with the asset: half a million files that go rewrite nothing.
    ///
    /// - Parameters:
    ///   - assetID: The asset.
    ///   - time: When the file went, seconds since 1970.
    ///   - hadSay: Whether the asset's texts or its row of the index may have something of the file.
    /// - Throws: GRDB's errors.
    func fileLeft(_ assetID: Int64, at time: Double, hadSay: Bool = true) throws {
        try run(
            """
            UPDATE asset SET orphaned_at = ? WHERE id = ? AND orphaned_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM file WHERE asset_id = asset.id)
            """, [time, assetID])
        let isHeld = try Bool.fetchOne(
            cachedStatement(sql: "SELECT 1 FROM file WHERE asset_id = ? LIMIT 1"),
            arguments: [assetID])
        if hadSay && isHeld != nil { try refreshTexts(assetID) }
        try pairsLeft(by: assetID, time: time)
    }
}
