public import Imaging
import LLaVAMini
public import MediaDecoding

/// An answer to a question about one picture, an album or a clip.
public struct GivenAnswer: Equatable, Sendable {
    /// What the answer rests on, of one picture.
    public struct Share: Equatable, Sendable {
        /// The picture's place in the album; the clip's frame.
        public var picture: Int
        /// The second of a clip.
        public var second: Double?
        /// Its part in what the answer rests on, 0 … 1: by the attention that the answer paid to the question's words,
        /// and these to the picture (`LLaVAMini.grounds`).
        public var share: Double
    }

    /// The question.
    public var question: String
    /// The answer, in one line.
    public var text: String
    /// What it rests on, the most first; of one picture alone, nothing.
    public var restsOn: [Share]
}

/// Questions about one picture, up to 64 pictures in time order, or a clip; each picture is looked at once for all of them.
public struct Asking {
    /// The most pictures of an album, and frames of a clip that are looked at.
    public static let mostPictures = ClipPlan.mostFramesOfWhole
    /// The longest question, in characters.
    public static let longestQuestion = 2000

    /// One picture, with every question fused with it alone.
    private struct Seen {
        var picture: Int
        var second: Double?
        var prompts: [FusedPrompt]
        /// What the words of each question gave to it; the first picture's stand apart (`firstLooks`).
        var looks: [FirstLook]
    }

    private let model: LLaVAMini
    private let settings: CaptioningSettings
    private let questions: [String]
    private let prompts: [FusedPrompt]
    private var seen: SpreadSample<Seen>
    /// The first picture, until there is a second: an answer about one alone rests on nothing else, so nobody needs to
    /// know what the words gave to it.
    private var alone: EncodedImage?
    private var firstLooks: [FirstLook] = []
    private var count = 0

    init(
        model: LLaVAMini, settings: CaptioningSettings, questions: [String], stride: Int
    ) throws {
        self.model = model
        self.settings = settings
        self.questions = questions
        prompts = try questions.map(model.prompt)
        seen = SpreadSample(stride: stride, limit: Self.mostPictures)
    }

    /// How many pictures or frames were shown.
    public var pictureCount: Int { count }

    /// Shows the next picture.
    ///
    /// - Throws: Errors of the model, `CancellationError`.
    public mutating func add(_ image: RGBImage, shouldStop: () -> Bool = { false }) throws {
        let encoded = try model.encode(
            image, highResolution: settings.highResolution, shouldStop: shouldStop)
        try add(encoded, second: nil, shouldStop: shouldStop)
    }

    /// Shows the frame of a clip's next second; of a long clip's not all are looked at.
    ///
    /// - Throws: Errors of the model, `CancellationError`.
    public mutating func add(_ frame: VideoFrame, shouldStop: () -> Bool = { false }) throws {
        guard !seen.wanted(ofNext: 1).isEmpty else {
            seen.pass(1, keeping: [])
            count += 1
            return
        }
        let encoded = try model.encode(frame: frame.image, shouldStop: shouldStop)
        try add(encoded, second: frame.second, shouldStop: shouldStop)
    }

    private mutating func add(
        _ image: EncodedImage, second: Double?, shouldStop: () -> Bool
    ) throws {
        var fused = prompts
        try model.add(
            fused.indices.map { (image: image, prompt: $0) }, to: &fused, shouldStop: shouldStop)
        if let first = alone {
            firstLooks = try looks(at: first, shouldStop: shouldStop)
            alone = nil
        }
        let looks = count == 0 ? [] : try looks(at: image, shouldStop: shouldStop)
        if count == 0 { alone = image }
        seen.pass(
            1, keeping: [Seen(picture: count, second: second, prompts: fused, looks: looks)])
        count += 1
    }

    private func looks(at image: EncodedImage, shouldStop: () -> Bool) throws -> [FirstLook] {
        try prompts.map { try model.firstLook(of: $0, at: image, shouldStop: shouldStop) }
    }

    /// Answers the questions.
    ///
    /// - Parameters:
    ///   - onText: Told what each answer says so far.
    ///   - shouldStop: Asked at every token.
    /// - Returns: The answers, in the order of the questions.
    /// - Throws: Errors of the model, `CancellationError`.
    /// - Precondition: at least one picture was shown.
    public func answers(
        onText: (([String]) -> Void)? = nil, shouldStop: () -> Bool = { false }
    ) throws -> [GivenAnswer] {
        precondition(count > 0, "a question is about a picture")
        let whole = prompts.indices.map { index in
            seen.elements.dropFirst().reduce(into: seen.elements[0].prompts[index]) {
                $0.append($1.prompts[index])
            }
        }
        let answers = try model.generate(
            whole, options: settings.generation, onText: onText, shouldStop: shouldStop)
        return try answers.indices.map { index in
            GivenAnswer(
                question: questions[index], text: AnswerText.caption(answers[index].text),
                restsOn: try shares(
                    of: answers[index], to: whole[index], question: index, shouldStop: shouldStop))
        }
    }

    private func shares(
        of answer: Generation, to prompt: FusedPrompt, question: Int, shouldStop: () -> Bool
    ) throws -> [GivenAnswer.Share] {
        guard seen.elements.count > 1 else { return [] }
        let looks = [firstLooks[question]] + seen.elements.dropFirst().map { $0.looks[question] }
        let grounds = try model.grounds(
            of: answer, to: prompt, looks: looks, shouldStop: shouldStop)
        let all = grounds.reduce(0, +)
        guard all > 0 else { return [] }
        return zip(seen.elements, grounds).map { element, weight in
            GivenAnswer.Share(
                picture: element.picture, second: element.second, share: Double(weight / all))
        }.sorted { ($1.share, $0.picture) < ($0.share, $1.picture) }
    }
}

extension Captioner {
    /// Begins to answer questions; pictures, or a clip's frames, are handed in one by one.
    ///
    /// - Parameters:
    ///   - questions: What is asked; tokenised once.
    ///   - duration: Of a clip, its length in seconds as its container states it.
    /// - Returns: Something that waits for pictures.
    /// - Throws: `ModelUnavailable`, errors of the tokenizer.
    public func beginAsking(_ questions: [String], clipOf duration: Double? = nil) throws -> Asking
    {
        try Asking(
            model: try loaded(), settings: settings, questions: questions,
            stride: ClipPlan(duration: duration, settings: settings).stride)
    }
}
