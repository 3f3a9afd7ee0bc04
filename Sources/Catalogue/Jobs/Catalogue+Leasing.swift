import FileSystem
public import Foundation
import GRDB

extension Catalogue {
    /// Lends out the next jobs, their attempts counted and committed before anybody opens a file.
    ///
    /// One transaction.
    ///
    /// First come the jobs that were interrupted least, so that a file that brings the machine down
    /// is the last one tried and not the next one; then those tried least; then the files that
    /// changed last by the kernel's clock (ctime, which a copy cannot take from its original), so
    /// that the picture just put in is looked at at once, however long the queue is. Files that are
    /// missing or on volumes that are offline rest, and so do roots that are not watched.
    ///
    /// A job that was interrupted before comes without others. One that was interrupted
    /// `maximumSharedInterruptions` times is lent out alone: none is while other jobs or work are in
    /// hand, and none beside it. When it ends, there may be a job where there was none.
    ///
    /// - Parameters:
    ///   - limit: The most jobs to lend out.
    ///   - owner: Who works on them, for people who look.
    ///   - now: The moment; jobs that wait for a later one stay.
    /// - Returns: The jobs, the most urgent first; none if none is ready.
    /// - Throws: `CatalogueError`.
    public func lease(
        limit: Int, owner: String, at now: Date = Date()
    ) throws(CatalogueError) -> [LeasedJob] {
        try write { database in
            let inHand = try database.inHand()
            guard !inHand.needsQuiet else { return [] }
            var jobs: [LeasedJob] = []
            while jobs.count < limit {
                guard let next = try database.nextJob(at: now.timeIntervalSince1970),
                    next.interruptions == 0 || jobs.isEmpty,
                    !(next.interruptions >= maximumSharedInterruptions && inHand.any)
                else { break }
                try database.lend(
                    .job, next.id, to: owner, moment: now.timeIntervalSince1970,
                    at: now.timeIntervalSince1970)
                if let job = try database.leasedJob(next.id) { jobs.append(job) }
                if next.interruptions > 0 { break }
            }
            return jobs
        }
    }
}

extension Database {
    /// Whether any job or work is in the hands of this process, and whether one is that must be alone.
    func inHand() throws -> (any: Bool, needsQuiet: Bool) {
        let most = try Row.fetchOne(cachedStatement(sql: Self.inHandSQL))?[0] as Int?
        return (most != nil, (most ?? 0) >= maximumSharedInterruptions)
    }

    /// What other machines hold ends by itself, and does not end with this one.
    static let inHandSQL = """
        SELECT max(interruptions) FROM (
            SELECT interruptions FROM job WHERE state = 'leased'
            UNION ALL
            SELECT interruptions FROM work WHERE state = 'leased' AND leased_until IS NULL)
        """

    /// The volumes whose files are worked on now, of which there are few.
    func liveVolumes() throws -> [Int64] {
        try Int64.fetchAll(cachedStatement(sql: "SELECT id FROM live_volume"))
    }

    /// The next job's number, and how often it was interrupted: the best of each volume, by its index.
    fileprivate func nextJob(at now: Double) throws -> (id: Int64, interruptions: Int)? {
        let candidates = try liveVolumes().compactMap { volume in
            try Row.fetchOne(cachedStatement(sql: Self.nextJobSQL), arguments: [volume, now])
        }
        let order = { (row: Row) -> (Int, Int, Int64, Int64) in
            // The complement turns the order round as the minus sign would, but never overflows.
            (row["interruptions"], row["attempts"], ~(row["changed"] as Int64), row["id"])
        }
        return candidates.min { order($0) < order($1) }.map { ($0["id"], $0["interruptions"]) }
    }

    static let nextJobSQL = """
        SELECT id, interruptions, attempts, changed FROM job
        WHERE volume_id = ? AND state = 'queued' AND is_held = 0
            AND (not_before IS NULL OR not_before <= ?)
        ORDER BY interruptions, attempts, changed DESC, id LIMIT 1
        """

    fileprivate func leasedJob(_ id: Int64) throws -> LeasedJob? {
        let statement = try cachedStatement(
            sql: """
                SELECT job.lease, job.attempts, job.owner, job.file_id, job.is_sidecar, file.root_id, root.path AS root_path,
                    key, point, directory, name, device, inode, size, mtime, ctime
                FROM job JOIN file ON file.id = file_id JOIN root ON root.id = file.root_id
                    JOIN volume ON volume.id = file.volume_id
                WHERE job.id = ?
                """)
        return try Row.fetchOne(statement, arguments: [id]).map { row in
            LeasedJob(
                id: id, lease: row["lease"], fileID: row["file_id"], rootID: row["root_id"],
                root: PathBytes.path(row["root_path"] as Data),
                relativePath: PathBytes.path(row["directory"], row["name"]), volume: Volume(row),
                status: FileStatus(row), attempt: row["attempts"], owner: row["owner"] ?? "",
                isSidecar: row["is_sidecar"])
        }
    }

    /// Whether the lease still stands: nothing has happened to the job since it was lent out.
    func holds(_ job: LeasedJob) throws -> Bool {
        try holds(.job, job.id, number: job.lease)
    }
}

extension Volume {
    /// Reads the columns `key` and `point`.
    init(_ row: Row) {
        let point: Data = row["point"]
        self.init(key: row["key"], point: PathBytes.path(Data(point.dropFirst().dropLast())))
    }
}
