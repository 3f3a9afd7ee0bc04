import Captioning
import Catalogue
import Foundation
import MediaDecoding

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
            let lease = try context.patience.run { () throws(CatalogueError) in
                try context.catalogue.lease(owner: context.owner)
            }
            if let job = lease {
                try process(job)
                context.progress.notify()
            } else {
                let next = try context.catalogue.nextNotBefore()
                context.progress.notify()
                context.onDrained()
                context.signal.wait(since: mark, until: next)
            }
        }
    }

    private func process(_ job: LeasedJob) throws {
        guard context.isUnchanged(job) else { return try context.reconsider(job) }
        do {
            let probe = try decoder.probe(job.path, beneath: job.root)
            let identification = try context.patience.run { () throws(CatalogueError) in
                try context.catalogue.identified(job, as: AssetFacts(probe))
            }
            switch identification {
            case .needsDescription(let asset): try decode(job, probe, assetID: asset)
            case .described: context.onEvent(.known(root: job.root, path: job.relativePath))
            case .beingDescribed, .superseded: return
            }
        } catch let error as DecodingError {
            try context.report(error, of: job)
        }
    }

    private func decode(_ job: LeasedJob, _ probe: MediaProbe, assetID: Int64) throws {
        let edge = try context.captioner.minimumShortEdge()
        switch probe.kind {
        case .still:
            let image = try context.captioner.reduced(
                decoder.still(job.path, minimumShortEdge: edge, beneath: job.root))
            guard context.isUnchanged(job) else { return try context.reconsider(job) }
            let isTaken = output.push(
                .still(StillWork(job: job, assetID: assetID, image: image)))
            if !isTaken { try context.giveBack(job) }
        case .video:
            let channel = FrameChannel(capacity: ClipFeed.framesAtOnce)
            let isTaken = output.push(
                .clip(
                    ClipWork(
                        job: job, assetID: assetID, duration: probe.duration, frames: channel)))
            guard isTaken else { return try context.giveBack(job) }
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
            try decoder.frames(job.path, minimumShortEdge: edge, beneath: job.root) { frame in
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
