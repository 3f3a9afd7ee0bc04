public import Foundation
import GRDB

extension Catalogue {
    /// Records what a leased job's file holds, and says what is to be done with it.
    ///
    /// One transaction.
    ///
    /// Equal identities are the same asset: it is described by one job only, now or ever.
    ///
    /// - Parameters:
    ///   - job: The lease.
    ///   - facts: What was found.
    ///   - now: The moment.
    /// - Returns: What is to be done.
    /// - Throws: `CatalogueError`.
    public func identified(
        _ job: LeasedJob, as facts: AssetFacts, at now: Date = Date()
    ) throws(CatalogueError) -> Identification {
        guard !facts.identity.isEmpty else {
            throw .invalid(reason: "\(job.path): no identity was found")
        }
        let time = now.timeIntervalSince1970
        return try write { database in
            guard try database.holds(job) else { return .superseded }
            let asset = try database.asset(facts, at: time)
            try database.link(job, to: asset, facts.capture, at: time)
            if try database.isDescribed(asset) {
                try database.finish(job, at: time)
                return .described(assetID: asset)
            }
            if try database.isBeingDescribed(asset, byOtherThan: job) {
                try database.wait(job, for: asset, at: time)
                return .beingDescribed(assetID: asset)
            }
            try database.run("UPDATE job SET describing = ? WHERE id = ?", [asset, job.id])
            return .needsDescription(assetID: asset)
        }
    }

    /// Whether a model has described the asset.
    ///
    /// - Throws: `CatalogueError`.
    public func isDescribed(_ assetID: Int64) throws(CatalogueError) -> Bool {
        try read { try $0.isDescribed(assetID) }
    }
}

extension Database {
    /// The asset with this identity, made if it is new.
    fileprivate func asset(_ facts: AssetFacts, at time: Double) throws -> Int64 {
        let statement = try cachedStatement(
            sql: """
                INSERT INTO asset (identity, kind, format, width, height, duration, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (identity) DO UPDATE SET kind = excluded.kind,
                    format = excluded.format, width = excluded.width, height = excluded.height,
                    duration = excluded.duration, orphaned_at = NULL
                RETURNING id
                """)
        let id = try Int64.fetchOne(
            statement,
            arguments: [
                Data(facts.identity), facts.kind.rawValue, StoredText.clean(facts.format),
                facts.width, facts.height, facts.duration, time,
            ])
        guard let id else { throw CatalogueError.invalid(reason: "an asset has no number") }
        return id
    }

    /// The job's file holds the asset, verified, and no other.
    fileprivate func link(
        _ job: LeasedJob, to asset: Int64, _ capture: CaptureFacts, at time: Double
    ) throws {
        let former = try Int64.fetchOne(
            cachedStatement(sql: "SELECT asset_id FROM file WHERE id = ?"), arguments: [job.fileID])
        try run(
            """
            UPDATE file SET asset_id = ?, is_current = 1, taken_at = ?, camera = ?,
                latitude = ?, longitude = ?
            WHERE id = ?
            """,
            [
                asset, capture.takenAt.map(StoredText.clean), capture.camera.map(StoredText.clean),
                capture.latitude, capture.longitude, job.fileID,
            ])
        if let former, former != asset {
            try fileLeft(former, at: time)
        }
        try refreshSearch(asset)
    }

    func isDescribed(_ asset: Int64) throws -> Bool {
        let statement = try cachedStatement(
            sql: "SELECT 1 FROM described WHERE asset_id = ? LIMIT 1")
        return try Bool.fetchOne(statement, arguments: [asset]) ?? false
    }

    fileprivate func isBeingDescribed(_ asset: Int64, byOtherThan job: LeasedJob) throws -> Bool {
        let statement = try cachedStatement(
            sql: "SELECT 1 FROM job WHERE describing = ? AND id <> ?")
        return try Bool.fetchOne(statement, arguments: [asset, job.id]) ?? false
    }

    /// Nothing was tried that could have failed: the attempt is given back.
    fileprivate func wait(_ job: LeasedJob, for asset: Int64, at time: Double) throws {
        try run(
            """
            UPDATE job SET state = 'waiting', awaits = ?, attempts = max(attempts - 1, 0),
                describing = NULL, leased_at = NULL, owner = NULL, updated_at = ?
            WHERE id = ?
            """, [asset, time, job.id])
    }

    /// The job is done.
    func finish(_ job: LeasedJob, at time: Double) throws {
        try run(
            """
            UPDATE job SET state = 'done', interruptions = 0, leased_at = NULL, owner = NULL,
                last_error = NULL, describing = NULL, updated_at = ?
            WHERE id = ?
            """, [time, job.id])
    }
}
