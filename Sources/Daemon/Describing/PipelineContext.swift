import Captioning
import Catalogue
import FileSystem
import Foundation
import Logging
import MediaDecoding
import SystemPackage
import WorkQueue

/// What the threads of the pipeline share, and the ways in which a job can end.
struct PipelineContext: Sendable {
    let catalogue: Catalogue
    let captioner: Captioner
    /// Stands in the catalogue beside every lease.
    let owner: String
    let settle: Duration
    /// News of work, and the stop.
    let signal: WakeSignal
    /// News of work done.
    let progress: WakeSignal
    let patience: StoragePatience
    let notifier: ServiceNotifier
    let logger: Logger
    let onEvent: @Sendable (DescribingEvent) -> Void
    /// Called when no job is ready.
    let onDrained: @Sendable () -> Void

    /// What descriptions are made by.
    var recipe: Recipe {
        Recipe(
            model: captioner.identity.name, version: captioner.identity.version,
            settings: captioner.settings.digest)
    }

    /// Whether the file is still the one that was queued.
    func isUnchanged(_ job: LeasedJob) -> Bool {
        (try? FileStatus(at: job.path)) == job.status
    }

    /// Ends a job whose file is no longer what was queued: what stands there now decides.
    ///
    /// - Throws: `CatalogueError`.
    func reconsider(_ job: LeasedJob, _ work: WorkLease? = nil) throws {
        let now = Date()
        guard let status = try? FileStatus(at: job.path), status.kind == .file else {
            _ = try observe(.absent(job.relativePath, job.volume), of: job, at: now)
            try giveBack(job, work, after: settle)
            return
        }
        if status == job.status || status.hasStoodStill(for: settle, at: now) {
            _ = try observe(.settled(job.relativePath, status, job.volume), of: job, at: now)
            try giveBack(job, work)
        } else {
            try giveBack(job, work, after: settle)
        }
    }

    private func observe(_ observation: FileObservation, of job: LeasedJob, at now: Date) throws
        -> ObservationOutcome
    {
        try patience.run { () throws(CatalogueError) in
            try catalogue.observe([observation], in: job.rootID, at: now)
        }
    }

    /// Puts a job back as if it had not been leased.
    ///
    /// - Throws: `CatalogueError`.
    func giveBack(
        _ job: LeasedJob, _ work: WorkLease? = nil, after pause: Duration? = nil
    ) throws {
        try patience.run { () throws(CatalogueError) in
            try catalogue.release(job, retryAfter: pause)
            if let work { try catalogue.release(work, retryAfter: pause) }
        }
    }

    /// Ends a job whose file gave no pixels.
    ///
    /// - Throws: `CatalogueError`.
    func report(
        _ error: DecodingError, of job: LeasedJob, _ work: WorkLease? = nil
    ) throws {
        switch error {
        case .cancelled: try giveBack(job, work)
        case .unreadable(_, .noSuchFileOrDirectory), .unreadable(_, .notDirectory):
            try reconsider(job, work)
        case .unreadable(_, let code):
            let isFinal = code == .permissionDenied || code == .notPermitted
            try fail(job, work, reason: "cannot be read: \(code)", isFinal: isFinal)
        case .rejected(_, let reason): try fail(job, work, reason: reason, isFinal: true)
        case .childFailed(_, let reason):
            try fail(job, work, reason: "decoding failed: \(reason)", isFinal: false)
        }
    }

    /// Records a failure; unless it is final the job is tried again, later each time.
    ///
    /// - Throws: `CatalogueError`.
    func fail(
        _ job: LeasedJob, _ work: WorkLease?, reason: String, isFinal: Bool
    ) throws {
        // A file that changed while it was read failed for that reason, whatever was said.
        guard isUnchanged(job) else { return try reconsider(job, work) }
        let attempt = work?.attempt ?? job.attempt
        let pause: Duration? = isFinal ? nil : .seconds(5 * attempt * attempt)
        let hasFailed = try patience.run { () throws(CatalogueError) in
            if let work {
                let failure = WorkFailure(reason: reason, retryAfter: pause)
                return try catalogue.fail(work, failure) == .failed
            }
            return try catalogue.fail(job, reason: reason, retryAfter: pause) == .failed
        }
        onEvent(
            .failed(
                root: job.root, path: job.relativePath, reason: reason, isFinal: hasFailed))
    }
}

extension FileStatus {
    /// Whether nothing has happened to the file for a while; a time in the future says nothing.
    func hasStoodStill(for settle: Duration, at now: Date) -> Bool {
        let age = now.timeIntervalSince1970 - Double(changed) / 1e9
        return age >= settle / .seconds(1) || age < 0
    }
}
