public import Imaging
public import LLaVAMini
import Foundation
import Synchronization
public import SystemPackage
import Tensor

/// Looks at pictures and clips with a model, which it loads when first needed and can give back.
///
/// Calls block and belong on a thread that is allowed to; one description runs at a time.
public final class Captioner: Sendable {
    /// The model's folder.
    public let folder: FilePath
    /// Name and version of the model.
    public let identity: ModelIdentity
    /// What is asked.
    public let settings: CaptioningSettings
    private let threads: Int
    private let model = Mutex<LLaVAMini?>(nil)

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
        self.threads = threads
        identity = try ModelIdentity(folder: folder)
    }

    /// The model, loaded if it is not.
    ///
    /// - Throws: Errors of loading that name file, tensor or key.
    public func loaded() throws -> LLaVAMini {
        try model.withLock { model in
            if let model { return model }
            ComputeThreads.set(
                threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount)
            let fresh = try LLaVAMini.load(from: folder)
            model = fresh
            return fresh
        }
    }

    /// Whether the model's weights are in memory.
    public var isLoaded: Bool { model.withLock { $0 != nil } }

    /// Gives the model's memory back until it is needed again.
    public func unload() {
        model.withLock { $0 = nil }
    }

    /// The shortest edge of pixels that the model can make use of.
    ///
    /// - Throws: Errors of loading.
    public func minimumShortEdge() throws -> Int {
        try loaded().minimumShortEdge(highResolution: settings.highResolution)
    }

    /// Describes a picture: caption, tags and its token.
    ///
    /// - Parameters:
    ///   - image: Upright pixels.
    ///   - shouldStop: Asked often; `true` ends the work with `CancellationError`.
    /// - Returns: What the model said.
    /// - Throws: Errors of the model; `CancellationError`.
    public func describe(_ image: RGBImage, shouldStop: () -> Bool = { false }) throws
        -> PictureDescription
    {
        let model = try loaded()
        let encoded = try model.encode(
            image, highResolution: settings.highResolution, shouldStop: shouldStop)
        var prompts = try [model.prompt(settings.captionPrompt), model.prompt(settings.tagsPrompt)]
        for index in prompts.indices { try prompts[index].add(encoded, shouldStop: shouldStop) }
        let answers = try model.generate(
            prompts, options: settings.generation, shouldStop: shouldStop
        ).map(\.text)
        return PictureDescription(
            captions: [.init(text: AnswerText.caption(answers[0]), stretch: nil)],
            tags: AnswerText.tags(answers[1]),
            tokens: [.init(second: nil, values: encoded.token)])
    }

    /// Begins to describe a clip; frames are handed in one by one.
    ///
    /// - Parameter duration: The clip's length in seconds as its container states it, if it does.
    /// - Returns: A describer that waits for frames.
    /// - Throws: Errors of loading.
    public func beginClip(duration: Double?) throws -> ClipDescriber {
        try ClipDescriber(
            model: loaded(), settings: settings,
            plan: ClipPlan(duration: duration, settings: settings))
    }
}
