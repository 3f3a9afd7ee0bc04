public import Foundation
import GRDB
public import MediaDecoding

/// How often a job is tried before it counts as failed.
let maximumAttempts = 3

/// How often a job may be in hand when the owner dies before it counts as failed.
///
/// Decoding happens in a process of its own, so that a kill or a power cut is seldom the file's
/// fault and must not use up its attempts; but something that takes the whole machine down each
/// time has to end somewhere.
let maximumInterruptions = 10

/// How often a job may be interrupted among others before it is worked on alone.
///
/// All that is in hand is interrupted together, most of it innocently; what a job is interrupted for
/// when it is alone is more likely its own doing, and a kill for another reason hits one at most.
let maximumSharedInterruptions = 3

extension Catalogue {
    /// Ends an attempt that went wrong.
    ///
    /// One transaction.
    ///
    /// - Parameters:
    ///   - job: The lease; if it is void, nothing happens.
    ///   - reason: What went wrong, in words that name no path; shown by `show` and `status`.
    ///   - delay: How long to wait before the next attempt; `nil` if another would be pointless.
    ///   - codecs: The version of the codecs, if it is they that cannot read the file.
    ///   - now: The moment.
    /// - Returns: Where the job stands now, or `nil` if the lease was void.
    /// - Throws: `CatalogueError`.
    @discardableResult
    public func fail(
        _ job: LeasedJob, reason: String, retryAfter delay: Duration?, codecs: Int? = nil,
        at now: Date = Date()
    ) throws(CatalogueError) -> JobState? {
        let time = now.timeIntervalSince1970
        return try write { database in
            guard try database.holds(job) else { return nil }
            let reason = StoredText.clean(reason)
            guard let delay, job.attempt < maximumAttempts else {
                try database.giveUp(job.id, reason: reason, codecs: codecs, at: time)
                return .failed
            }
            try database.postpone(
                .job, job.id, until: time + delay / .seconds(1), reason: reason, at: time)
            return .queued
        }
    }

    /// Ends a job whose file is neither picture nor clip, and of which nobody wants to hear.
    ///
    /// One transaction.
    ///
    /// - Parameters:
    ///   - job: The lease; if it is void, nothing happens.
    ///   - codecs: The version of the codecs that say so.
    ///   - now: The moment.
    /// - Throws: `CatalogueError`.
    public func passOver(
        _ job: LeasedJob, codecs: Int = CodecsVersion.current, at now: Date = Date()
    ) throws(CatalogueError) {
        try write { database in
            guard try database.holds(job) else { return }
            try database.finish(job, codecs: codecs, at: now.timeIntervalSince1970)
        }
    }

    /// Puts a job back untried, as when the owner stops; the attempt does not count.
    ///
    /// One transaction.
    ///
    /// - Parameters:
    ///   - job: The lease; if it is void, nothing happens.
    ///   - delay: How long to leave it alone, as when its file is being changed at this moment.
    ///   - now: The moment.
    /// - Throws: `CatalogueError`.
    public func release(
        _ job: LeasedJob, retryAfter delay: Duration? = nil, at now: Date = Date()
    ) throws(CatalogueError) {
        let time = now.timeIntervalSince1970
        try write { database in
            guard try database.holds(job) else { return }
            try database.putBack(
                .job, job.id, until: delay.map { time + $0 / .seconds(1) }, at: time)
        }
    }
}

extension Database {
    /// Ends a job as failed.
    ///
    /// A text that was kept from the file's former content goes from it.
    func giveUp(_ job: Int64, reason: String, codecs: Int? = nil, at time: Double) throws {
        try run(
            """
            UPDATE job SET state = 'failed', last_error = ?, codecs = ?, not_before = NULL,
                leased_at = NULL, owner = NULL, updated_at = ?
            WHERE id = ?
            """, [reason, codecs, time, job])
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT file.id, asset_id, is_current
                    FROM file JOIN job ON job.file_id = file.id WHERE job.id = ?
                    """), arguments: [job])
        guard let row else { return }
        let file: Int64 = row["id"]
        if let former: Int64 = row["asset_id"], !(row["is_current"] as Bool) {
            try run("UPDATE file SET asset_id = NULL, texts = NULL WHERE id = ?", [file])
            try fileLeft(former, at: time)
        }
        // Others may have waited to see whether it stands for them.
        if let place = try pairPlace(ofFile: file) { try refreshPairs(at: place, time: time) }
    }

    /// Puts back what a dead owner had in hand, and forgets what it had looked through.
    ///
    /// The new owner does this on opening.
    ///
    /// - Returns: How many jobs and pieces of work were in hand.
    func beginOwnership(at time: Double) throws -> Int {
        try execute(sql: "UPDATE volume SET looked_through_at = NULL")
        let jobs = try Int64.fetchAll(self, sql: "SELECT id FROM job WHERE state = 'leased'")
        for job in jobs {
            guard let reason = try interrupt(.job, job, at: time) else { continue }
            try giveUp(job, reason: reason, at: time)
        }
        let works = try Int64.fetchAll(
            self, sql: "SELECT id FROM work WHERE state = 'leased' AND leased_until IS NULL")
        for work in works { try interrupt(work: work, at: time) }
        return jobs.count + works.count
    }
}
