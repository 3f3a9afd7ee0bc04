/// Fetches files over several connections into a partial folder, and verifies each.
struct Downloader: Sendable {
    let repositories: HubRepositories
    let session: HubSession
    let folder: PartialFolder
    let settings: PullSettings
    let observer: PullObserver

    /// Fetches files; those that are complete and verified already must not be among them.
    ///
    /// - Returns: The digests of each.
    /// - Throws: `HubError`, `CancellationError`. What has arrived is kept.
    func fetch(_ plans: [PlannedFile]) throws -> [RepositoryPath: FileDigests] {
        let queue = SegmentQueue(longest: max(1, settings.segmentBytes / settings.blockBytes))
        for plan in plans {
            let file = try PartialFile(
                plan, in: folder, blockBytes: settings.blockBytes, stop: session.stop,
                kept: { observer.found(Int64($0)) })
            queue.add(file)
        }
        try Workers.run(settings.connections, stop: session.stop) {
            while let job = try queue.next(stop: session.stop) {
                if let restart = try queue.finish(job, run(job)) {
                    observer.lost(restart.lostBytes)
                    let reason = restart.reason
                    observer.say(.notice("\(reason.subject): \(reason.reason); fetching it anew"))
                }
            }
        }
        return queue.digests
    }

    private func run(_ job: SegmentQueue.Job) throws -> SegmentQueue.Outcome {
        switch job.work {
        case .transfer(let blocks): try transfer(blocks, job)
        case .verification: try verify(job.file.plan)
        }
    }

    private func transfer(
        _ blocks: Range<Int>, _ job: SegmentQueue.Job
    ) throws -> SegmentQueue.Outcome {
        let plan = job.file.plan
        do {
            try SegmentTransfer(
                file: job.file, blocks: blocks,
                address: repositories.address(of: plan.remote, in: plan.repository),
                session: session, retry: settings.retry, tags: job.tags, observer: observer
            ).run()
            return .transferred
        } catch let error as HubError where error.recovery == .startOver {
            return .mustStartOver(error)
        }
    }

    private func verify(_ plan: PlannedFile) throws -> SegmentQueue.Outcome {
        let path = folder.data(plan.local)
        let digests = try FileDigests(of: path, for: plan.digest, stop: session.stop)
        guard plan.digest.map(digests.matches) ?? true else {
            return .mustStartOver(
                HubError(
                    plan, "came with other bytes than the hub says (SHA-256 \(digests.sha256))",
                    advice: "Run the command again; if it stays, the server or a proxy is broken."))
        }
        try folder.accept(plan.local)
        observer.say(.verified(plan.local.description))
        return .verified(digests)
    }
}
