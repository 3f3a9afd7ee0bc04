import Captioning
import Catalogue
import Foundation
import MediaDecoding
import WorkQueue

/// Takes jobs from the catalogue, finds out what each file holds and decodes what is new.
///
/// Runs on a thread of its own with a decoding child of its own.
struct DecodingWorker {
    let context: PipelineContext
    let decoder: Decoder
    let output: BoundedQueue<DescribingWork>

    /// Works until the pipeline stops.
    ///
    /// - Throws: `CatalogueError` when the catalogue cannot be used, errors of loading the model.
    func run() throws {
        defer { decoder.close() }
        while !context.signal.stopped {
            let mark = context.signal.mark()
            let jobs = try context.patience.run { () throws(CatalogueError) in
                try context.catalogue.lease(limit: 1, owner: context.owner)
            }
            if let job = jobs.first {
                try process(job)
                context.progress.notify()
            } else if try processWork() {
                context.progress.notify()
            } else {
                let next = try context.catalogue.nextWakeUp(after: Date(), grace: nil)
                context.progress.notify()
                context.onDrained()
                context.signal.wait(since: mark, until: next)
            }
        }
    }

    /// Describes an asset whose files have been identified before.
    private func processWork() throws -> Bool {
        let request = LeaseRequest(worker: context.owner)
        guard let work = try context.catalogue.lease(request).first else { return false }
        guard let source = try context.catalogue.file(for: work) else {
            try context.catalogue.release(work)
            return true
        }
        let job = LeasedJob(source)
        guard context.isUnchanged(job) else {
            try context.reconsider(job, work)
            return true
        }
        do {
            try decode(job, try decoder.probe(job.path), work)
        } catch let error as DecodingError {
            try context.report(error, of: job, work)
        }
        return true
    }

    private func process(_ job: LeasedJob) throws {
        guard context.isUnchanged(job) else { return try context.reconsider(job) }
        do {
            let probe = try decoder.probe(job.path)
            let identification = try context.patience.run { () throws(CatalogueError) in
                try context.catalogue.identified(
                    job, as: AssetFacts(probe), wanting: context.recipe)
            }
            switch identification {
            case .needsDescription(let work):
                do {
                    try decode(job, probe, work)
                } catch let error as DecodingError {
                    try context.report(error, of: job, work)
                }
            case .described: context.onEvent(.known(root: job.root, path: job.relativePath))
            case .waiting, .superseded: return
            case .failed(_, let reason):
                context.onEvent(
                    .failed(root: job.root, path: job.relativePath, reason: reason, isFinal: true))
            }
        } catch let error as DecodingError {
            try context.report(error, of: job)
        }
    }

    private func decode(_ job: LeasedJob, _ probe: MediaProbe, _ work: WorkLease) throws {
        let edge = try context.captioner.minimumShortEdge()
        switch probe.kind {
        case .still:
            let image = try context.captioner.reduced(
                decoder.still(job.path, minimumShortEdge: edge))
            guard context.isUnchanged(job) else { return try context.reconsider(job, work) }
            let isTaken = output.push(
                .still(StillWork(job: job, work: work, image: image)))
            if !isTaken { try context.giveBack(job, work) }
        case .video:
            let channel = FrameChannel(capacity: ClipFeed.framesAtOnce)
            let isTaken = output.push(
                .clip(
                    ClipWork(
                        job: job, work: work, duration: probe.duration, frames: channel)))
            guard isTaken else { return try context.giveBack(job, work) }
            _ = channel.push(.end(sendFrames(of: job, edge: edge, to: channel)))
        }
    }

    /// Feeds the describing thread; it, not this thread, ends the job.
    ///
    /// - Returns: Why the frames ended early, if they did.
    private func sendFrames(of job: LeasedJob, edge: Int, to channel: FrameChannel)
        -> DecodingError?
    {
        do {
            try decoder.frames(job.path, minimumShortEdge: edge) { frame in
                let small = VideoFrame(
                    second: frame.second,
                    image: try context.captioner.reduced(frame: frame.image))
                guard channel.push(.frame(small)) else { throw DecodingError.cancelled }
            }
            return nil
        } catch let error as DecodingError {
            return error
        } catch {
            return .childFailed(job.path, reason: "\(error)")
        }
    }
}

extension LeasedJob {
    /// A file that stands for its asset; no job is in hand.
    fileprivate init(_ source: WorkSource) {
        self.init(
            id: 0, lease: 0, fileID: source.fileID, rootID: source.rootID, root: source.root,
            relativePath: source.relativePath, volume: source.volume, status: source.status,
            attempt: 1, owner: "")
    }
}

extension AssetFacts {
    /// What the catalogue keeps of a probe.
    init(_ probe: MediaProbe) {
        self.init(
            identity: probe.identity, kind: probe.kind == .still ? .still : .video,
            format: probe.format, width: probe.width, height: probe.height,
            duration: probe.duration,
            capture: CaptureFacts(
                takenAt: probe.metadata.takenAt, camera: probe.metadata.camera,
                latitude: probe.metadata.latitude, longitude: probe.metadata.longitude))
    }
}
