import Foundation

/// The work of a download, handed to the threads that do it: parts of files to fetch, and files that
/// are whole to verify.
///
/// A file that has to start over does so when the last thread has let go of it, so that no bytes of
/// the old one come after.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class SegmentQueue: @unchecked Sendable {
    /// Something to do.
    struct Job {
        enum Work {
            case transfer(Range<Int>)
            case verification
        }
        let file: PartialFile
        let tags: EntityTags
        let work: Work
        fileprivate let index: Int
    }

    /// What became of it.
    enum Outcome {
        case transferred
        case verified(FileDigests)
        case mustStartOver(HubError)
    }

    /// What a file's restart cost.
    struct Restart {
        let reason: HubError
        let lostBytes: Int64
    }

    private struct Entry {
        let file: PartialFile
        var tags = EntityTags()
        var pending: [Range<Int>]
        var running = 0
        var digests: FileDigests?
        var restarts = 0
        var fault: HubError?
    }

    private let condition = NSCondition()
    private let longest: Int
    private var entries: [Entry] = []

    /// Files start over so often before it is given up.
    private static let maximumRestarts = 1
    private static let glance = 0.25

    /// Makes an empty queue whose parts have at most `longest` blocks.
    init(longest: Int) { self.longest = longest }

    /// Adds a file with all that it lacks.
    func add(_ file: PartialFile) {
        condition.lock()
        defer { condition.unlock() }
        entries.append(Entry(file: file, pending: file.missingRuns(longest: longest)))
    }

    /// The digests of the files that were verified.
    var digests: [RepositoryPath: FileDigests] {
        condition.lock()
        defer { condition.unlock() }
        return entries.reduce(into: [:]) { $0[$1.file.plan.local] = $1.digests }
    }

    /// Waits for something to do; nil once all files are verified.
    ///
    /// - Throws: `CancellationError`.
    func next(stop: StopSignal) throws -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            try stop.check()
            if entries.allSatisfy({ $0.digests != nil }) { return nil }
            if let job = take() { return job }
            _ = condition.wait(until: Date(timeIntervalSinceNow: Self.glance))
        }
    }

    private func take() -> Job? {
        for (index, entry) in entries.enumerated() {
            let work: Job.Work
            if entry.fault == nil, !entry.pending.isEmpty {
                work = .transfer(entries[index].pending.removeFirst())
            } else if entry.fault == nil, entry.running == 0, entry.digests == nil {
                work = .verification
            } else {
                continue
            }
            entries[index].running += 1
            return Job(file: entry.file, tags: entry.tags, work: work, index: index)
        }
        return nil
    }

    /// Takes a job back that was done.
    ///
    /// - Returns: A restart of the file, where this was the last thread that had it.
    /// - Throws: `HubError` where the file would have to start over once too often, or its journal
    ///   cannot be written.
    func finish(_ job: Job, _ outcome: Outcome) throws -> Restart? {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        let index = job.index
        entries[index].running -= 1
        switch outcome {
        case .transferred: break
        case .verified(let digests): entries[index].digests = digests
        case .mustStartOver(let error):
            entries[index].fault = entries[index].fault ?? error
            entries[index].pending = []
        }
        guard let fault = entries[index].fault, entries[index].running == 0 else { return nil }
        let lost = try job.file.startOver()
        guard entries[index].restarts < Self.maximumRestarts else { throw fault }
        entries[index].restarts += 1
        entries[index].fault = nil
        entries[index].tags = EntityTags()
        entries[index].pending = job.file.missingRuns(longest: longest)
        return Restart(reason: fault, lostBytes: lost)
    }
}
