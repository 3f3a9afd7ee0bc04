import CLinux
import Captioning
import Catalogue
import Foundation
import MediaDecoding

/// Runs the model on decoded pixels and stores what it said.
///
/// Pictures that are waiting are described together, up to a batch; one that comes alone is
/// described at once. Runs on a thread of its own; the loop that it is feeds the service's watchdog.
struct DescribingWorker {
    let context: PipelineContext
    let input: BoundedQueue<DescribingWork>
    let idle: Duration

    /// Works until the queue is closed and empty.
    ///
    /// - Throws: `CatalogueError` when the catalogue cannot be used, errors of loading the model.
    func run() throws {
        // Whoever still hands something over must not wait for a thread that has gone.
        defer { abandonWaiting() }
        var lastWork = Date()
        while true {
            context.notifier.workLoopAdvanced()
            switch input.pop(until: nextWake(lastWork)) {
            case .element(.still(let first)):
                try process(first)
                workEnded()
                lastWork = Date()
            case .element(.clip(let clip)):
                try process(clip)
                workEnded()
                lastWork = Date()
            case .timeout:
                if context.captioner.isLoaded, Date() >= lastWork + idle / .seconds(1) {
                    releaseMemory()
                }
            case .closed: return
            }
        }
    }

    /// Takes nothing more in, and gives back what waits.
    private func abandonWaiting() {
        input.close()
        while case .element(let work) = input.pop() {
            // This is the way out of an error already; opening the catalogue again puts back what is left.
            switch work {
            case .still(let still): try? context.catalogue.release(still.job)
            case .clip(let clip):
                clip.frames.close()
                try? context.catalogue.release(clip.job)
            }
        }
    }

    /// A job that must be worked on alone can be leased only when nothing is in hand.
    private func workEnded() {
        context.progress.notify()
        context.signal.notify()
    }

    /// Gives back what is only needed for work.
    private func releaseMemory() {
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

    /// A picture and those that are waiting behind it, as far as a batch goes.
    private func batch(after first: StillWork) throws -> [StillWork] {
        // While the pipeline stops nothing will be described, and the model may not even be loaded.
        guard !context.signal.stopped else { return [first] }
        let room = try context.captioner.batchSize() - 1
        let others = input.takeWaiting(upTo: room) { $0.still != nil }
        return [first] + others.compactMap(\.still)
    }

    /// Describes a picture and those that are waiting behind it.
    private func process(_ first: StillWork) throws {
        var pictures = [first]
        let results: [Result<PictureDescription, any Error>]?
        do {
            pictures = try batch(after: first)
            results = try describe(pictures)
        } catch let error as ModelUnavailable {
            for picture in pictures { try context.giveBack(picture.job) }
            return try context.modelPatience.wait(after: error)
        }
        guard let results else {
            for picture in pictures { try context.giveBack(picture.job) }
            return
        }
        for (picture, result) in zip(pictures, results) {
            try context.settle(picture.job, assetID: picture.assetID, result)
            context.progress.notify()
        }
    }

    /// - Returns: what the model said of each picture; `nil` where it was stopped.
    private func describe(
        _ pictures: [StillWork]
    ) throws -> [Result<PictureDescription, any Error>]? {
        guard !context.signal.stopped else { return nil }
        do {
            return try context.captioner.describe(
                pictures.map(\.image), shouldStop: context.shouldStop)
        } catch is CancellationError {
            return nil
        } catch let error as ModelUnavailable {
            throw error
        } catch {
            return pictures.map { _ in .failure(error) }
        }
    }

    private func process(_ clip: ClipWork) throws {
        defer { clip.frames.close() }
        guard !context.signal.stopped else { return try context.giveBack(clip.job) }
        do {
            let description = try ClipFeed(clip, context: context).describe()
            try context.settle(clip.job, assetID: clip.assetID, .success(description))
        } catch let error as CatalogueError {
            throw error
        } catch is CancellationError {
            try context.giveBack(clip.job)
        } catch let error as ModelUnavailable {
            try context.giveBack(clip.job)
            clip.frames.close()
            try context.modelPatience.wait(after: error)
        } catch {
            try context.settle(clip.job, assetID: clip.assetID, .failure(error))
        }
    }
}
