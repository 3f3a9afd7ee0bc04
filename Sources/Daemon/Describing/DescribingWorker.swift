import CLinux
import Captioning
import Catalogue
import Foundation
import Imaging
import MediaDecoding
import WorkQueue

/// Runs the model on decoded pixels and stores what it said, or what it makes to find them by.
///
/// Pictures that are waiting are looked at together, up to a batch; one that comes alone is
/// looked at at once. Runs on a thread of its own; the loop that it is feeds the service's watchdog.
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
            if case .clip(let clip) = work { clip.frames.close() }
            // This is the way out of an error; opening the catalogue again puts back what is left.
            try? context.giveBack(work.assignment)
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
        let kind = first.assignment.work?.kind
        let others = input.takeWaiting(upTo: room) {
            $0.still != nil && $0.assignment.work?.kind == kind
        }
        return [first] + others.compactMap(\.still)
    }

    /// Looks at a picture and those that are waiting behind it.
    private func process(_ first: StillWork) throws {
        var pictures = [first]
        let results: [Result<WorkResult, any Error>]?
        do {
            pictures = try batch(after: first)
            for index in pictures.indices { pictures[index].assignment.trace.finished("waited") }
            results = try look(at: pictures)
        } catch let error as ModelUnavailable {
            for picture in pictures { try context.giveBack(picture.assignment) }
            return try context.modelPatience.wait(after: error)
        }
        guard let results else {
            for picture in pictures { try context.giveBack(picture.assignment) }
            return
        }
        for (picture, result) in zip(pictures, results) {
            var assignment = picture.assignment
            assignment.trace.finished("model", note: "\(pictures.count) together")
            try context.settle(assignment, result, signature: picture.signature)
            context.progress.notify()
        }
    }

    /// - Returns: what came of each picture; `nil` where the model was stopped.
    private func look(at pictures: [StillWork]) throws -> [Result<WorkResult, any Error>]? {
        guard !context.signal.stopped else { return nil }
        do {
            return try results(of: pictures, pictures[0].assignment.work?.kind)
        } catch is CancellationError {
            return nil
        } catch let error as ModelUnavailable {
            throw error
        } catch {
            return pictures.map { _ in .failure(error) }
        }
    }

    private func results(
        of pictures: [StillWork], _ kind: WorkKind?
    ) throws -> [Result<WorkResult, any Error>] {
        let images = pictures.map(\.image)
        return switch kind {
        case .embed:
            try context.captioner.embed(images, shouldStop: context.shouldStop)
                .map { $0.map { .embeddings([$0]) }.mapError { $0 } }
        case .describe, nil:
            try context.captioner.describe(
                images, contexts: pictures.map(\.known), shouldStop: context.shouldStop
            ).map { $0.map(WorkResult.description) }
        }
    }

    private func process(_ clip: ClipWork) throws {
        defer { clip.frames.close() }
        var assignment = clip.assignment
        guard !context.signal.stopped else { return try context.giveBack(assignment) }
        assignment.trace.finished("waited")
        do {
            let feed = ClipFeed(clip, context: context)
            let result: WorkResult =
                assignment.work?.kind == .embed
                ? .embeddings(try feed.embed()) : .description(try feed.describe())
            assignment.trace.finished("frames and model")
            try context.settle(assignment, .success(result), signature: clip.signature.value)
        } catch let error as CatalogueError {
            throw error
        } catch is CancellationError {
            try context.giveBack(assignment)
        } catch let error as ModelUnavailable {
            try context.giveBack(assignment)
            clip.frames.close()
            try context.modelPatience.wait(after: error)
        } catch {
            try context.settle(assignment, .failure(error))
        }
    }
}

/// Looks at a clip by frames that another thread decodes meanwhile.
struct ClipFeed {
    /// Most frames that wait for the model, and that it is given together.
    static let framesAtOnce = 8
    /// Most bytes of pixels that wait for the model.
    static let mostBytes = 64 << 20

    private let clip: ClipWork
    private let context: PipelineContext

    init(_ clip: ClipWork, context: PipelineContext) {
        self.clip = clip
        self.context = context
    }

    /// Describes the clip up to its end.
    ///
    /// - Throws: `DecodingError` that the frames ended with, `EmptyClip`, errors of the model,
    ///   `CancellationError`.
    func describe() throws -> PictureDescription {
        var describer = try context.captioner.beginClip(
            duration: clip.duration, context: clip.known)
        try forEachGroup { try describer.add($0, shouldStop: context.shouldStop) }
        return try describer.finish(shouldStop: context.shouldStop)
    }

    /// Makes what the clip's seconds are found by, up to its end.
    ///
    /// - Throws: As `describe`.
    func embed() throws -> [PictureEmbedding] {
        var embeddings: [PictureEmbedding] = []
        try forEachGroup {
            embeddings += try context.captioner.embed($0, shouldStop: context.shouldStop)
        }
        guard !embeddings.isEmpty else { throw NoEmbedding() }
        return embeddings
    }

    /// Hands the frames on as they come, a few together, of which there is at least one.
    private func forEachGroup(_ take: ([VideoFrame]) throws -> Void) throws {
        var isEmpty = true
        while true {
            switch clip.frames.pop() {
            case .element(.frame(let first)):
                let others = clip.frames.takeWaiting(upTo: Self.framesAtOnce - 1) {
                    $0.frame != nil
                }
                isEmpty = false
                try take([first] + others.compactMap(\.frame))
            case .element(.end(let error?)): throw error
            case .element(.end(nil)), .closed, .timeout:
                guard !isEmpty else { throw EmptyClip() }
                return
            }
        }
    }
}

/// A clip without a single frame.
struct EmptyClip: Error, CustomStringConvertible {
    let description = "the clip holds no frame that can be decoded"
}
