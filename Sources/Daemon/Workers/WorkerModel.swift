import Captioning
import Foundation
import Imaging
import LLaVAMini
import Logging
import MediaDecoding
import RemoteWork
import Synchronization
import SystemPackage
import WorkQueue

/// A piece of somebody's work, on its way to this machine's model.
struct RemoteTask: Sendable {
    let held: WorkerBook.Held
    let recipe: QueueRecipe
    let key: String
    let content: PieceContent
}

/// What became of a piece.
enum RemoteOutcome: Sendable {
    /// Bytes of a `PieceAnswer`, and the seconds that it took.
    case answer(WorkerBook.Held, [UInt8], seconds: Double)
    /// The model cannot describe it.
    case failure(WorkerBook.Held, reason: String)
    /// Something is wrong with this machine.
    case fault(reason: String)
}

/// The model of a machine that works for others, asked by the recipes that they want.
///
/// Calls block and belong on one thread, but for `follows`.
final class WorkerModel: Sendable {
    private let folder: FilePath
    private let threads: Int
    private let current: Mutex<Captioner>
    private static let longestPrompts = 65_536

    init(folder: FilePath, settings: CaptioningSettings, threads: Int) throws {
        self.folder = folder
        self.threads = threads
        current = Mutex(try Captioner(folder: folder, settings: settings, threads: threads))
    }

    /// Name and version of the model.
    var identity: ModelIdentity { current.withLock { $0.identity } }

    /// Most pieces that are worth looking at together.
    func batchSize() throws -> Int { try current.withLock { $0 }.batchSize() }

    /// Loads the model, so that what is wrong with it is said before anything is claimed.
    func load() throws { _ = try current.withLock { $0 }.loaded() }

    /// Gives its memory back until it is needed again.
    func unload() { current.withLock { $0 }.unload() }

    /// Whether its weights are in memory.
    var isLoaded: Bool { current.withLock { $0.isLoaded } }

    /// Whether this machine can do what a recipe says: it has the very model, by the digest of its files, and can
    /// read the settings, by theirs.
    func follows(_ recipe: QueueRecipe) -> Bool {
        switch recipe.kind {
        case .embed: recipe.recipe.version == current.withLock { $0.embeddingVersion }
        case .describe:
            recipe.recipe.version == identity.version && Self.settings(of: recipe) != nil
        }
    }

    /// The settings of a recipe, where they are what their digest says and can be used.
    private static func settings(of recipe: QueueRecipe) -> CaptioningSettings? {
        guard recipe.prompts.count <= longestPrompts,
            let settings = try? JSONDecoder().decode(
                CaptioningSettings.self, from: Data(recipe.prompts)),
            settings.digest == recipe.recipe.settings, (1...1024).contains(settings.answerTokens),
            settings.cleaning.allSatisfy({ (try? Regex($0)) != nil })
        else { return nil }
        return settings
    }

    /// Looks at pieces of one recipe together: pictures, or one clip.
    ///
    /// - Returns: What became of each; `nil` where the model was stopped.
    func work(on tasks: [RemoteTask], shouldStop: () -> Bool) -> [RemoteOutcome]? {
        let start = ContinuousClock.now
        do {
            let captioner = try captioner(for: tasks[0].recipe)
            let results = try results(of: tasks, captioner, shouldStop: shouldStop)
            // Nothing must stand under a recipe that did not make it.
            guard follows(tasks[0].recipe) else {
                return [.fault(reason: "the model in \(folder) was replaced")]
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1) / Double(tasks.count)
            return zip(tasks, results).map { task, result in
                switch result {
                case .success(let answer): .answer(task.held, answer.encoded, seconds: seconds)
                case .failure(let error): .failure(task.held, reason: "\(error)")
                }
            }
        } catch is CancellationError {
            return nil
        } catch let error as ModelUnavailable {
            return [.fault(reason: "\(error)")]
        } catch let error as TokenFileError {
            return [.fault(reason: "\(error)")]
        } catch {
            return tasks.map { .failure($0.held, reason: "\(error)") }
        }
    }

    /// The captioner that asks what a recipe asks; one model is in memory at a time.
    private func captioner(for recipe: QueueRecipe) throws -> Captioner {
        let present = current.withLock { $0 }
        guard recipe.kind == .describe, let settings = Self.settings(of: recipe),
            settings != present.settings
        else { return present }
        present.unload()
        let fresh = try Captioner(folder: folder, settings: settings, threads: threads)
        current.withLock { $0 = fresh }
        return fresh
    }

    private func results(
        of tasks: [RemoteTask], _ captioner: Captioner, shouldStop: () -> Bool
    ) throws -> [Result<PieceAnswer, any Error>] {
        let version = captioner.embeddingVersion ?? ""
        if case .clip(let frames, let duration) = tasks[0].content {
            let answer =
                tasks[0].recipe.kind == .embed
                ? PieceAnswer(
                    embeddings: try captioner.embed(frames, shouldStop: shouldStop).map(
                        StoredEmbedding.init),
                    embeddingVersion: version)
                : try answer(
                    describe(frames, duration, captioner, shouldStop: shouldStop),
                    embeddings: version)
            return [.success(answer)]
        }
        let images = tasks.compactMap {
            if case .still(let image) = $0.content { image } else { nil }
        }
        if tasks[0].recipe.kind == .embed {
            return try captioner.embed(images, shouldStop: shouldStop).map { made in
                made.map {
                    PieceAnswer(embeddings: [StoredEmbedding($0)], embeddingVersion: version)
                }
                .mapError { $0 }
            }
        }
        return try captioner.describe(images, shouldStop: shouldStop).map { made in
            made.flatMap { description in Result { try answer(description, embeddings: version) } }
        }
    }

    private func describe(
        _ frames: [VideoFrame], _ duration: Double?, _ captioner: Captioner, shouldStop: () -> Bool
    ) throws -> PictureDescription {
        var describer = try captioner.beginClip(duration: duration)
        for start in stride(from: 0, to: frames.count, by: ClipFeed.framesAtOnce) {
            try describer.add(
                Array(frames[start..<min(start + ClipFeed.framesAtOnce, frames.count)]),
                shouldStop: shouldStop)
        }
        return try describer.finish(shouldStop: shouldStop)
    }

    private func answer(_ description: PictureDescription, embeddings version: String) throws
        -> PieceAnswer
    {
        let said = DescribedAsset(
            description, by: Recipe(model: "", version: "", settings: []))
        return PieceAnswer(
            texts: said.texts, tags: said.tags,
            tokens: try description.tokens.all().map {
                VisionToken(second: $0.second, elements: $0.values)
            },
            embeddings: description.embeddings.map(StoredEmbedding.init), embeddingVersion: version)
    }
}
