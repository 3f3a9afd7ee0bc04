public import Imaging
public import LLaVAMini
import Foundation
import Processors
import Synchronization
public import SystemPackage
import Tensor

/// Looks at pictures and clips with a model, which it loads when first needed and can give back.
///
/// Calls block and belong on a thread that is allowed to; one description runs at a time.
public final class Captioner: Sendable {
    /// Most pictures of a batch, whatever the model.
    ///
    /// From here on decoding gains little more, and a new picture would wait for many others.
    public static let mostPictures = 16

    /// Most pictures of a batch of a small language model: more are not described sooner, since there is hardly any reading
    /// of weights that they could share, and take a megabyte each.
    public static let mostPicturesOfSmallModels = 8

    /// The model's folder.
    public let folder: FilePath
    /// Name and version of the model that is in memory, or was last.
    ///
    /// Read anew with the model each time that it is loaded: somebody may have put another one into
    /// the folder while it was not.
    public var identity: ModelIdentity { currentIdentity.withLock { $0 } }
    /// What is asked.
    public let settings: CaptioningSettings
    /// The digest of what is asked.
    public let settingsDigest: [UInt8]
    private let threads: Int
    private let describer = Mutex<StillDescriber?>(nil)
    private let currentIdentity: Mutex<ModelIdentity>
    /// What tells the model's embeddings from those of others; `nil` where it makes none.
    ///
    /// Read anew with the model, as its identity.
    public var embeddingVersion: String? { currentEmbedding.withLock { $0 } }
    private let currentEmbedding: Mutex<String?>

    /// Prepares to use the model in a folder; reads its identity, not yet its weights.
    ///
    /// - Parameters:
    ///   - folder: A checkpoint folder in the released format.
    ///   - settings: What is asked.
    ///   - threads: Threads to compute on; 0 for one a core.
    /// - Throws: Errors of reading the folder.
    public init(folder: FilePath, settings: CaptioningSettings, threads: Int = 0) throws {
        self.folder = folder
        self.settings = settings
        settingsDigest = settings.digest
        self.threads = threads
        currentIdentity = Mutex(try ModelIdentity(folder: folder))
        currentEmbedding = Mutex(try ModelIdentity.versionOfEmbeddings(in: folder))
    }

    /// The model, loaded if it is not.
    ///
    /// - Throws: `ModelUnavailable` with an error of loading that names file, tensor or key.
    public func loaded() throws -> LLaVAMini { try ready().model }

    private func ready() throws -> StillDescriber {
        try describer.withLock { describer in
            if let describer { return describer }
            ComputeThreads.set(threads > 0 ? threads : Processors.current.count)
            do {
                let fresh = try load()
                describer = fresh
                return fresh
            } catch {
                throw ModelUnavailable(cause: error)
            }
        }
    }

    /// Loads the model and takes note of which one it is.
    private func load() throws -> StillDescriber {
        let identity = try ModelIdentity(folder: folder)
        let embedding = try ModelIdentity.versionOfEmbeddings(in: folder)
        let describer = try StillDescriber(
            model: LLaVAMini.load(from: folder), settings: settings)
        // Texts must not stand under the name of a model that did not write them.
        guard try ModelIdentity(folder: folder) == identity,
            try ModelIdentity.versionOfEmbeddings(in: folder) == embedding
        else {
            throw ModelChanged(description: "\(folder): the model changed while it was loaded")
        }
        currentIdentity.withLock { $0 = identity }
        currentEmbedding.withLock { $0 = embedding }
        return describer
    }

    /// Whether the model's weights are in memory.
    public var isLoaded: Bool { describer.withLock { $0 != nil } }

    /// Gives the model's memory back until it is needed again.
    public func unload() {
        describer.withLock { $0 = nil }
        SpareMemory.shared.release()
    }

    /// The shortest edge of pixels that the model can make use of.
    ///
    /// - Throws: `ModelUnavailable`.
    public func minimumShortEdge() throws -> Int {
        try loaded().minimumShortEdge(highResolution: settings.highResolution)
    }

    /// What the model looks at of a picture: as good as the picture itself, and small enough for
    /// many to wait.
    ///
    /// - Throws: `ModelUnavailable`.
    public func reduced(_ image: RGBImage) throws -> RGBImage {
        try loaded().reduced(image, highResolution: settings.highResolution)
    }

    /// What the model looks at of a clip's frame.
    ///
    /// - Throws: `ModelUnavailable`.
    public func reduced(frame: RGBImage) throws -> RGBImage {
        try loaded().reduced(frame: frame)
    }

    /// Most pictures that are worth describing together: fewer, the more memory each answer takes.
    ///
    /// - Throws: `ModelUnavailable`.
    public func batchSize() throws -> Int { try ready().batchSize }

    /// Describes a picture: caption, tags and its token.
    ///
    /// - Parameters:
    ///   - image: Upright pixels.
    ///   - shouldStop: Asked often; `true` ends the work with `CancellationError`.
    /// - Returns: What the model said.
    /// - Throws: `ModelUnavailable`, errors of the model, `CancellationError`.
    public func describe(_ image: RGBImage, shouldStop: () -> Bool = { false }) throws
        -> PictureDescription
    {
        try ready()([image], contexts: [nil], shouldStop: shouldStop)[0]
    }

    /// Describes pictures together, which takes little longer than describing one of them.
    ///
    /// What goes wrong with one picture is said in its place and spoils none of the others.
    ///
    /// - Parameters:
    ///   - images: Upright pixels.
    ///   - contexts: What is known of each, of which the settings' parts are told; empty for nothing.
    ///   - shouldStop: Asked often; `true` ends the work with `CancellationError`.
    /// - Returns: What the model said of each, or its error.
    /// - Throws: `ModelUnavailable`, `CancellationError`.
    public func describe(
        _ images: [RGBImage], contexts: [PictureContext?] = [],
        shouldStop: () -> Bool = { false }
    ) throws -> [Result<PictureDescription, any Error>] {
        let describer = try ready()
        let contexts = contexts.isEmpty ? images.map { _ in nil } : contexts
        do {
            return try describer(images, contexts: contexts, shouldStop: shouldStop)
                .map(Result.success)
        } catch let error as CancellationError {
            throw error
        } catch {
            guard images.count > 1 else { return images.map { _ in .failure(error) } }
            // Alone, each shows whether it was the one.
            return try zip(images, contexts).flatMap {
                try describe([$0], contexts: [$1], shouldStop: shouldStop)
            }
        }
    }

    /// Begins to describe a clip; frames are handed in one by one.
    ///
    /// - Parameters:
    ///   - duration: The clip's length in seconds as its container states it, if it does.
    ///   - context: What is known of it, of which the settings' parts are told.
    /// - Returns: A describer that waits for frames.
    /// - Throws: `ModelUnavailable`.
    public func beginClip(
        duration: Double?, context: PictureContext? = nil
    ) throws -> ClipDescriber {
        let ready = try ready()
        return ClipDescriber(
            model: ready.model, prompts: try ready.prompts(knowing: context), settings: settings,
            plan: ClipPlan(duration: duration, settings: settings))
    }
}
