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
        var lastWork = Date()
        while true {
            context.notifier.workLoopAdvanced()
            switch input.pop(until: nextWake(lastWork)) {
            case .element(.still(let first)):
                try process(batch(after: first))
                workEnded()
                lastWork = Date()
            case .element(.clip(let clip)):
                try process(clip)
                workEnded()
                lastWork = Date()
            case .timeout:
                if context.captioner.isLoaded, Date() >= lastWork + idle / .seconds(1) { rest() }
            case .closed: return
            }
        }
    }

    /// A job that must be worked on alone can be leased only when nothing is in hand.
    private func workEnded() {
        context.progress.notify()
        context.signal.notify()
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

    /// A picture and those that are waiting behind it, as far as a batch goes.
    private func batch(after first: StillWork) throws -> [StillWork] {
        // While the pipeline stops nothing will be described, and the model may not even be loaded.
        guard !context.signal.stopped else { return [first] }
        let room = try context.captioner.batchSize() - 1
        let others = input.takeWaiting(upTo: room) { $0.still != nil }
        return [first] + others.compactMap(\.still)
    }

    private func process(_ pictures: [StillWork]) throws {
        guard let results = try describe(pictures) else {
            for picture in pictures { try context.giveBack(picture.job, picture.work) }
            return
        }
        for (picture, result) in zip(pictures, results) {
            try context.settle(picture.job, picture.work, result)
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
        } catch {
            return pictures.map { _ in .failure(error) }
        }
    }

    private func process(_ clip: ClipWork) throws {
        defer { clip.frames.close() }
        guard !context.signal.stopped else { return try context.giveBack(clip.job, clip.work) }
        do {
            let description = try ClipFeed(clip, context: context).describe()
            try context.settle(clip.job, clip.work, .success(description))
        } catch let error as CatalogueError {
            throw error
        } catch is CancellationError {
            try context.giveBack(clip.job, clip.work)
        } catch {
            try context.settle(clip.job, clip.work, .failure(error))
        }
    }
}
