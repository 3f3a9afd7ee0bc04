import LLaVAMini
public import MediaDecoding

/// Describes a clip frame by frame in memory that does not grow with the clip.
public struct ClipDescriber {
    private let model: LLaVAMini
    private let settings: CaptioningSettings
    private let plan: ClipPlan
    /// The question for a stretch, which is that for the whole.
    private let captionPrompt: FusedPrompt
    /// Caption and tags of the whole.
    private var whole: [FusedPrompt]
    private var framesOfWhole = 0
    private var open: OpenStretch?
    /// Stretches that are over and wait to be captioned together.
    private var closed: [ClosedStretch] = []
    private var captions: [PictureDescription.Caption] = []
    private var tokens = TokenRecorder()
    private var lastSecond = 0.0

    /// Stretches that are captioned at a time, and so the most that wait.
    private static let stretchesAtOnce = 8

    /// A stretch whose frames are still coming in.
    private struct OpenStretch {
        var start: Double
        var prompt: FusedPrompt
        var frameCount = 0
    }

    private struct ClosedStretch {
        let bounds: ClosedRange<Double>
        let prompt: FusedPrompt
    }

    init(
        model: LLaVAMini, prompts: [FusedPrompt], settings: CaptioningSettings, plan: ClipPlan
    ) {
        self.model = model
        self.settings = settings
        self.plan = plan
        captionPrompt = prompts[0]
        whole = prompts
    }

    /// Number of frames seen.
    public var frameCount: Int { tokens.count }

    /// Takes in the frame of the next second.
    ///
    /// - Throws: Errors of the model and of keeping its tokens; `CancellationError`.
    public mutating func add(_ frame: VideoFrame, shouldStop: () -> Bool = { false }) throws {
        try add([frame], shouldStop: shouldStop)
    }

    /// Takes in the frames of the next seconds, which are looked at together.
    ///
    /// - Throws: Errors of the model and of keeping its tokens; `CancellationError`.
    public mutating func add(_ frames: [VideoFrame], shouldStop: () -> Bool = { false }) throws {
        let step = model.picturesAtOnce(highResolution: false)
        for start in stride(from: 0, to: frames.count, by: step) {
            let group = frames[start..<min(start + step, frames.count)]
            let images = try model.encode(
                frames: group.map(\.image), shouldStop: shouldStop)
            var rest = zip(group.map(\.second), images).map { Frame(second: $0, image: $1) }[...]
            while let first = rest.first {
                try enterStretch(at: first.second, shouldStop: shouldStop)
                let count = rest.prefix { !isOver(at: $0.second) }.count
                try fuse(rest.prefix(max(count, 1)), shouldStop: shouldStop)
                rest = rest.dropFirst(max(count, 1))
            }
        }
    }

    /// Writes the caption of the whole and the tags.
    ///
    /// - Throws: Errors of the model; `CancellationError`.
    /// - Precondition: At least one frame was added.
    public mutating func finish(shouldStop: () -> Bool = { false }) throws -> PictureDescription {
        precondition(frameCount > 0, "a clip has at least one frame")
        // A clip that fits into one stretch is described by the caption of the whole.
        if !captions.isEmpty || !closed.isEmpty { closeStretch() }
        let answers = try caption(closed, beside: whole, shouldStop: shouldStop)
        let caption = PictureDescription.Caption(
            text: AnswerText.caption(answers[0]), stretch: nil)
        return PictureDescription(
            captions: [caption] + captions, tags: AnswerText.tags(answers[1]),
            tokens: tokens.finish())
    }

    private struct Frame {
        let second: Double
        let image: EncodedImage
    }

    /// Whether the open stretch ends before this second.
    private func isOver(at second: Double) -> Bool {
        open.map { second >= $0.start + plan.stretchSeconds } ?? true
    }

    private mutating func enterStretch(at second: Double, shouldStop: () -> Bool) throws {
        guard isOver(at: second) else { return }
        closeStretch()
        open = OpenStretch(start: second, prompt: captionPrompt)
        guard closed.count >= Self.stretchesAtOnce else { return }
        _ = try caption(closed, beside: [], shouldStop: shouldStop)
        closed = []
    }

    /// The last sampled second lasts until the next one would have begun.
    private mutating func closeStretch() {
        guard let stretch = open else { return }
        closed.append(
            ClosedStretch(
                bounds: stretch.start...max(stretch.start, lastSecond + 1),
                prompt: stretch.prompt))
        open = nil
    }

    /// Takes in frames of the open stretch.
    private mutating func fuse(_ frames: ArraySlice<Frame>, shouldStop: () -> Bool) throws {
        guard var stretch = open else { return }
        var prompts = whole + [stretch.prompt]
        var pairs: [(image: EncodedImage, prompt: Int)] = []
        for (place, frame) in frames.enumerated() {
            let isOfWhole =
                (frameCount + place).isMultiple(of: plan.stride)
                && framesOfWhole < ClipPlan.mostFramesOfWhole
            framesOfWhole += isOfWhole ? 1 : 0
            let isOfStretch = stretch.frameCount.isMultiple(of: plan.stretchStride)
            stretch.frameCount += 1
            if isOfWhole { pairs += whole.indices.map { (frame.image, $0) } }
            if isOfStretch { pairs.append((frame.image, whole.count)) }
        }
        try model.add(pairs, to: &prompts, shouldStop: shouldStop)
        stretch.prompt = prompts.removeLast()
        open = stretch
        whole = prompts
        for frame in frames {
            try tokens.append(.init(second: frame.second, values: frame.image.token))
            lastSecond = frame.second
        }
    }

    /// Captions stretches, and answers other prompts on the way.
    private mutating func caption(
        _ stretches: [ClosedStretch], beside others: [FusedPrompt], shouldStop: () -> Bool
    ) throws -> [String] {
        let answers = try model.generate(
            others + stretches.map(\.prompt), options: settings.generation,
            shouldStop: shouldStop
        ).map(\.text)
        captions += zip(stretches, answers.dropFirst(others.count)).map { stretch, answer in
            .init(text: AnswerText.caption(answer), stretch: stretch.bounds)
        }
        return Array(answers.prefix(others.count))
    }
}
