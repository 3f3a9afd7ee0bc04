import Concepts
import LLaVAMini
public import MediaDecoding

/// Describes a clip frame by frame in memory that does not grow with the clip.
public struct ClipDescriber {
    private let model: LLaVAMini
    private let settings: CaptioningSettings
    /// Caption and tags; a span's question is the caption's.
    private let questions: [FusedPrompt]
    /// The questions fused with single frames, spread over the whole clip.
    private var whole: SpreadSample<[FusedPrompt]>
    private var spans: ClipSpans
    private var tokens = TokenRecorder()
    private var embeddings: [PictureEmbedding] = []
    private var concepts = ConceptSeconds()
    private var lastSecond = 0.0

    /// Prompts that are answered together: more would take more memory and save little.
    private static let promptsAtOnce = 10

    init(
        model: LLaVAMini, prompts: [FusedPrompt], settings: CaptioningSettings, plan: ClipPlan
    ) {
        self.model = model
        self.settings = settings
        questions = prompts
        whole = SpreadSample(stride: plan.stride, limit: ClipPlan.mostFramesOfWhole)
        spans = ClipSpans(question: prompts[0], seconds: plan.spanSeconds)
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
                frames: group.map(\.image), embedding: true, shouldStop: shouldStop)
            var left = zip(group.map(\.second), images).map { Frame(second: $0, image: $1) }[...]
            while let first = left.first {
                if spans.isOver(at: first.second) {
                    spans.begin(at: first.second, lastSecond: lastSecond)
                }
                let count = max(left.prefix { !spans.isOver(at: $0.second) }.count, 1)
                try fuse(left.prefix(count), shouldStop: shouldStop)
                left = left.dropFirst(count)
            }
        }
    }

    /// Writes the captions and the tags.
    ///
    /// - Throws: Errors of the model; `CancellationError`.
    /// - Precondition: At least one frame was added.
    public mutating func finish(shouldStop: () -> Bool = { false }) throws -> PictureDescription {
        precondition(frameCount > 0, "a clip has at least one frame")
        // A clip that fits into one span is described by the caption of the whole.
        if !spans.closed.isEmpty { spans.close(lastSecond: lastSecond) }
        let wholePrompts = questions.indices.map { index in
            whole.elements.reduce(into: questions[index]) { $0.append($1[index]) }
        }
        let answers = try answer(
            wholePrompts + spans.closed.map(\.prompt), shouldStop: shouldStop)
        let captions = zip(spans.closed, answers.dropFirst(wholePrompts.count)).map {
            settings.caption(of: $1, span: $0.bounds)
        }
        return PictureDescription(
            captions: [settings.caption(of: answers[0])] + captions,
            tags: settings.tags(
                of: answers[1], concepts: model.configuration.concepts, seen: concepts.whole),
            tokens: tokens.finish(), embeddings: embeddings)
    }

    private struct Frame {
        let second: Double
        let image: EncodedImage
    }

    /// Takes in frames of the open span.
    private mutating func fuse(_ frames: ArraySlice<Frame>, shouldStop: () -> Bool) throws {
        let images = frames.map(\.image)
        let ofWhole = whole.wanted(ofNext: images.count)
        let ofSpan = spans.wanted(ofNext: images.count)
        var prompts = ofWhole.flatMap { _ in questions } + ofSpan.map { _ in questions[0] }
        let asked =
            ofWhole.flatMap { place in questions.map { _ in images[place] } }
            + ofSpan.map { images[$0] }
        try model.add(
            asked.enumerated().map { (image: $1, prompt: $0) }, to: &prompts,
            shouldStop: shouldStop)
        let (wholePrompts, spanPrompts) = (
            prompts.prefix(ofWhole.count * questions.count), prompts.suffix(ofSpan.count)
        )
        whole.pass(
            images.count,
            keeping: ofWhole.indices.map {
                Array(wholePrompts[$0 * questions.count..<($0 + 1) * questions.count])
            })
        spans.pass(images.count, keeping: Array(spanPrompts))
        for frame in frames {
            try tokens.append(.init(second: frame.second, values: frame.image.token))
            if let embedding = PictureEmbedding(frame.image.embedding, second: frame.second) {
                embeddings.append(embedding)
            }
            if let seen = frame.image.concepts { concepts.add(seen) }
            lastSecond = frame.second
        }
    }

    private func answer(
        _ prompts: [FusedPrompt], shouldStop: () -> Bool
    ) throws -> [Generation] {
        try stride(from: 0, to: prompts.count, by: Self.promptsAtOnce).flatMap { start in
            try model.generate(
                Array(prompts[start..<min(start + Self.promptsAtOnce, prompts.count)]),
                options: settings.generation, shouldStop: shouldStop)
        }
    }
}
