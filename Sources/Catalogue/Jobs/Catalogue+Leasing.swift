import FileSystem
public import Foundation
import GRDB

extension Catalogue {
    /// Lends out the next job, its attempt counted and committed before anybody opens the file.
    ///
    /// One transaction.
    ///
    /// First come the jobs that were interrupted least, so that a file that brings the machine down
    /// is the last one tried and not the next one; then those tried least; then the files that
    /// changed last by the kernel's clock (ctime, which a copy cannot take from its original), so
    /// that the picture just put in is described at once, however long the queue is. Files that are
    /// missing and roots that are offline rest.
    ///
    /// A job that was interrupted `maximumSharedInterruptions` times is lent out alone: none is while
    /// another is in hand, and none beside it. When it ends, there may be a job where there was none.
    ///
    /// - Parameters:
    ///   - owner: Who works on it, for people who look.
    ///   - now: The moment; jobs that wait for a later one stay.
    /// - Returns: The job, or `nil` if none is ready.
    /// - Throws: `CatalogueError`.
    public func lease(owner: String, at now: Date = Date()) throws(CatalogueError) -> LeasedJob? {
        try write { database in
            let inHand = try database.inHand()
            guard !inHand.needsQuiet,
                let (id, needsQuiet) = try database.nextJob(at: now.timeIntervalSince1970),
                !(needsQuiet && inHand.any)
            else { return nil }
            try database.run(
                """
                UPDATE job SET state = 'leased', lease = lease + 1, attempts = attempts + 1,
                    not_before = NULL, leased_at = ?1, owner = ?2, updated_at = ?1
                WHERE id = ?3
                """, [now.timeIntervalSince1970, StoredText.clean(owner), id])
            return try database.leasedJob(id)
        }
    }

    /// When the first of the jobs that may not run yet may; `nil` if none waits for a moment.
    ///
    /// - Throws: `CatalogueError`.
    public func nextNotBefore() throws(CatalogueError) -> Date? {
        try read { database in
            try Double.fetchOne(
                database,
                sql: """
                    SELECT not_before FROM job JOIN root ON root.id = root_id AND is_online = 1
                    WHERE state = 'queued' AND is_held = 0 AND not_before IS NOT NULL
                    ORDER BY not_before LIMIT 1
                    """
            ).map(Date.init(timeIntervalSince1970:))
        }
    }

    /// How many jobs are queued, waiting or in hand, of files that are there in roots that are online.
    ///
    /// - Throws: `CatalogueError`.
    public func pendingCount() throws(CatalogueError) -> Int {
        try read { database in
            try Int.fetchOne(database.cachedStatement(sql: Database.pendingCountSQL)) ?? 0
        }
    }
}

extension Database {
    /// Whether any job is in hand, and whether one is that must be alone.
    fileprivate func inHand() throws -> (any: Bool, needsQuiet: Bool) {
        let most = try Row.fetchOne(cachedStatement(sql: Self.inHandSQL))?[0] as Int?
        return (most != nil, (most ?? 0) >= maximumSharedInterruptions)
    }

    static let inHandSQL = "SELECT max(interruptions) FROM job WHERE state = 'leased'"

    /// The next job's number, and whether it must be alone: the best of each online root, of which
    /// there are few, by its index.
    fileprivate func nextJob(at now: Double) throws -> (id: Int64, needsQuiet: Bool)? {
        let roots = try Int64.fetchAll(self, sql: "SELECT id FROM root WHERE is_online = 1")
        let candidates = try roots.compactMap { root in
            try Row.fetchOne(cachedStatement(sql: Self.nextJobSQL), arguments: [root, now])
        }
        let order = { (row: Row) -> (Int, Int, Int64, Int64) in
            // The complement turns the order round as the minus sign would, but never overflows.
            (row["interruptions"], row["attempts"], ~(row["changed"] as Int64), row["id"])
        }
        return candidates.min { order($0) < order($1) }.map { row in
            (row["id"], row["interruptions"] as Int >= maximumSharedInterruptions)
        }
    }

    static let nextJobSQL = """
        SELECT id, interruptions, attempts, changed FROM job
        WHERE root_id = ? AND state = 'queued' AND is_held = 0
            AND (not_before IS NULL OR not_before <= ?)
        ORDER BY interruptions, attempts, changed DESC, id LIMIT 1
        """

    /// Every root in turn, so that its counts come from one stretch of one index.
    static let pendingCountSQL = """
        SELECT count(*) FROM root CROSS JOIN job ON job.root_id = root.id
        WHERE is_online = 1 AND is_held = 0 AND state IN ('queued', 'waiting', 'leased')
        """

    fileprivate func leasedJob(_ id: Int64) throws -> LeasedJob? {
        let statement = try cachedStatement(
            sql: """
                SELECT job.lease, job.attempts, job.file_id, job.root_id, root.path AS root_path,
                    directory, name, device, inode, size, mtime, ctime
                FROM job JOIN file ON file.id = file_id JOIN root ON root.id = job.root_id
                WHERE job.id = ?
                """)
        return try Row.fetchOne(statement, arguments: [id]).map { row in
            LeasedJob(
                id: id, lease: row["lease"], fileID: row["file_id"], rootID: row["root_id"],
                root: PathBytes.path(row["root_path"] as Data),
                relativePath: PathBytes.path(row["directory"], row["name"]),
                status: FileStatus(row), attempt: row["attempts"])
        }
    }

    /// Whether the lease still stands: nothing has happened to the job since it was lent out.
    func holds(_ job: LeasedJob) throws -> Bool {
        let statement = try cachedStatement(
            sql: "SELECT 1 FROM job WHERE id = ? AND lease = ? AND state = 'leased'")
        return try Bool.fetchOne(statement, arguments: [job.id, job.lease]) ?? false
    }
}
