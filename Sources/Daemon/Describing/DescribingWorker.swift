import CLinux
import Captioning
import Catalogue
import Foundation
import MediaDecoding

/// Runs the model on decoded pixels, one file after the other, and stores what it said.
///
/// Runs on a thread of its own; the loop that it is feeds the service's watchdog.
struct DescribingWorker {
    let context: PipelineContext
    let input: BoundedQueue<DescribingWork>
    let idle: Duration

    /// Works until the queue is closed and empty.
    ///
    /// - Throws: `CatalogueError` when the catalogue cannot be used, errors of loading the model.
    func run() throws {
        var lastWork = Date()
        while true {
            context.notifier.workLoopAdvanced()
            switch input.pop(until: nextWake(lastWork)) {
            case .element(let work):
                try process(work)
                context.progress.notify()
                lastWork = Date()
            case .timeout:
                if context.captioner.isLoaded, Date() >= lastWork + idle / .seconds(1) { rest() }
            case .closed: return
            }
        }
    }

    /// Gives back what is only needed for work.
    private func rest() {
        context.captioner.unload()
        context.catalogue.releaseMemory()
        // Freed pages go back to the system, not only to the allocator.
        malloc_trim(0)
    }

    /// When to look up without work: to give the model back, or to feed the watchdog.
    private func nextWake(_ lastWork: Date) -> Date? {
        let unload = context.captioner.isLoaded ? lastWork + idle / .seconds(1) : nil
        let watchdog = context.notifier.watchdogInterval.map { Date() + $0 / .seconds(1) / 3 }
        return [unload, watchdog].compactMap { $0 }.min()
    }

    private func process(_ work: DescribingWork) throws {
        guard !context.signal.stopped else { return try abandon(work) }
        do {
            let (assetID, description) = try describe(work)
            guard context.isUnchanged(work.job) else { return try context.reconsider(work.job) }
            let isStored = try context.patience.run { () throws(CatalogueError) in
                try context.catalogue.complete(
                    work.job, assetID: assetID, with: context.stored(description))
            }
            guard isStored else { return }
            context.onEvent(
                .described(root: work.job.root, path: work.job.relativePath, description))
        } catch CatalogueError.invalid(let reason) {
            // What this model said of this picture cannot be stored; that is not the catalogue's fault.
            try context.fail(work.job, reason: "the model failed: \(reason)", isFinal: true)
        } catch let error as CatalogueError {
            throw error
        } catch let error as DecodingError {
            try context.report(error, of: work.job)
        } catch is CancellationError {
            try abandon(work)
        } catch {
            try context.fail(work.job, reason: "the model failed: \(error)", isFinal: false)
        }
    }

    private func describe(_ work: DescribingWork) throws -> (Int64, PictureDescription) {
        let shouldStop = {
            context.notifier.workLoopAdvanced()
            return context.signal.stopped
        }
        switch work {
        case .still(_, let assetID, let image):
            return (assetID, try context.captioner.describe(image, shouldStop: shouldStop))
        case .clip(_, let assetID, let duration, let channel):
            defer { channel.close() }
            let clip = try describeClip(duration, channel, shouldStop: shouldStop)
            return (assetID, clip)
        }
    }

    private func describeClip(
        _ duration: Double?, _ channel: FrameChannel, shouldStop: () -> Bool
    ) throws -> PictureDescription {
        var clip = try context.captioner.beginClip(duration: duration)
        while true {
            switch channel.pop() {
            case .element(.frame(let frame)): try clip.add(frame, shouldStop: shouldStop)
            case .element(.end(let error?)): throw error
            case .element(.end(nil)), .closed, .timeout:
                guard clip.frameCount > 0 else { throw EmptyClip() }
                return try clip.finish(shouldStop: shouldStop)
            }
        }
    }

    private func abandon(_ work: DescribingWork) throws {
        if case .clip(_, _, _, let channel) = work { channel.close() }
        try context.giveBack(work.job)
    }
}

/// A clip without a single frame.
struct EmptyClip: Error, CustomStringConvertible {
    let description = "the clip holds no frame that can be decoded"
}

extension PipelineContext {
    /// The catalogue's form of what the model said.
    func stored(_ description: PictureDescription) -> DescribedAsset {
        DescribedAsset(
            recipe: Recipe(
                model: captioner.identity.name, version: captioner.identity.version,
                settings: captioner.settings.digest),
            texts: description.captions.map { caption in
                ModelText(
                    prompt: "caption", text: caption.text,
                    stretch: caption.stretch.map {
                        Stretch(start: $0.lowerBound, end: $0.upperBound)
                    })
            },
            tags: description.tags,
            tokens: description.tokens.map { VisionToken(second: $0.second, elements: $0.values) })
    }
}
