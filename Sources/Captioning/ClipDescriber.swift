import LLaVAMini
public import MediaDecoding

/// Describes a clip frame by frame in memory that does not grow with the clip but for its tokens.
public struct ClipDescriber {
    private let model: LLaVAMini
    private let settings: CaptioningSettings
    private let plan: ClipPlan
    private var whole: [FusedPrompt]
    private var framesOfWhole = 0
    private var stretch: OpenStretch?
    private var stretches: [PictureDescription.Caption] = []
    private var tokens: [PictureDescription.Token] = []
    private var lastSecond = 0.0

    /// A stretch whose frames are still coming in.
    private struct OpenStretch {
        var start: Double
        var prompt: FusedPrompt
    }

    init(model: LLaVAMini, settings: CaptioningSettings, plan: ClipPlan) throws {
        self.model = model
        self.settings = settings
        self.plan = plan
        whole = try [model.prompt(settings.captionPrompt), model.prompt(settings.tagsPrompt)]
    }

    /// Number of frames seen.
    public var frameCount: Int { tokens.count }

    /// Takes in the frame of the next second.
    ///
    /// - Throws: Errors of the model; `CancellationError`.
    public mutating func add(_ frame: VideoFrame, shouldStop: () -> Bool = { false }) throws {
        let encoded = try model.encode(frame: frame.image, shouldStop: shouldStop)
        try closeStretch(before: frame.second, shouldStop: shouldStop)
        if stretch == nil {
            stretch = OpenStretch(
                start: frame.second, prompt: try model.prompt(settings.captionPrompt))
        }
        try stretch?.prompt.add(encoded, shouldStop: shouldStop)
        if tokens.count.isMultiple(of: plan.stride), framesOfWhole < ClipPlan.mostFramesOfWhole {
            for index in whole.indices { try whole[index].add(encoded, shouldStop: shouldStop) }
            framesOfWhole += 1
        }
        tokens.append(.init(second: frame.second, values: encoded.token))
        lastSecond = frame.second
    }

    /// Writes the caption of the whole and the tags.
    ///
    /// - Throws: Errors of the model; `CancellationError`.
    /// - Precondition: At least one frame was added.
    public mutating func finish(shouldStop: () -> Bool = { false }) throws -> PictureDescription {
        precondition(!tokens.isEmpty, "a clip has at least one frame")
        // A clip that fits into one stretch is described by the caption of the whole.
        if !stretches.isEmpty { try closeStretch(before: .infinity, shouldStop: shouldStop) }
        let answers = try model.generate(
            whole, options: settings.generation, shouldStop: shouldStop
        ).map(\.text)
        let caption = PictureDescription.Caption(
            text: AnswerText.caption(answers[0]), stretch: nil)
        return PictureDescription(
            captions: [caption] + stretches, tags: AnswerText.tags(answers[1]), tokens: tokens)
    }

    /// Captions the open stretch if `second` lies beyond its end.
    private mutating func closeStretch(before second: Double, shouldStop: () -> Bool) throws {
        guard let open = stretch, second >= open.start + plan.stretchSeconds else { return }
        let answer = try model.generate(
            [open.prompt], options: settings.generation, shouldStop: shouldStop)
        // The last sampled second lasts until the next one would have begun.
        stretches.append(
            .init(
                text: AnswerText.caption(answer.first?.text ?? ""),
                stretch: open.start...max(open.start, lastSecond + 1)))
        stretch = nil
    }
}
