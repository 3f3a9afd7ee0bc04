import Concepts
import Digests
import Foundation
import LLaVAMini

/// What is asked of the model about a picture: with image and model, the key under which an answer
/// is kept.
public struct CaptioningSettings: Codable, Equatable, Sendable {
    /// The question whose answer becomes the caption.
    public var captionPrompt = AnswerLanguage.english.captionPrompt
    /// The question whose answer becomes the tags.
    public var tagsPrompt = AnswerLanguage.english.tagsPrompt
    /// The language that both are in, which enters no digest, since they do.
    ///
    /// But what is known of a picture is put into its words.
    public var language = AnswerLanguage.english
    /// What is told of a picture with the caption's question: that these are told is part of the recipe, what they
    /// say is not.
    public var context: [PictureContext.Part] = []
    /// Most tokens of an answer.
    public var answerTokens = 60
    /// Whether stills are looked at in four blocks and as a whole.
    public var highResolution = false
    /// Seconds of a clip that share one caption.
    public var spanSeconds = 10.0
    /// The smallest probability of a tag that is kept, 0 … 1.
    public var certainty = CaptioningSettings.usualCertainty

    /// Regular expressions of what captions are to be said without, such as `^The image shows `.
    public var cleaning: [String] = []

    /// Keeps every tag.
    public static let usualCertainty = 0.0

    /// The defaults.
    public init() {}

    /// The names that enter the digest; changing one would make every description look out of date.
    private enum CodingKeys: String, CodingKey {
        case captionPrompt, tagsPrompt, answerTokens, highResolution
        case spanSeconds = "stretchSeconds"
        case certainty, cleaning, context, language
    }

    /// Reads what was encoded.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        captionPrompt = try container.decode(String.self, forKey: .captionPrompt)
        tagsPrompt = try container.decode(String.self, forKey: .tagsPrompt)
        answerTokens = try container.decode(Int.self, forKey: .answerTokens)
        highResolution = try container.decode(Bool.self, forKey: .highResolution)
        spanSeconds = try container.decode(Double.self, forKey: .spanSeconds)
        certainty = try container.decodeIfPresent(Double.self, forKey: .certainty) ?? 0
        cleaning = try container.decodeIfPresent([String].self, forKey: .cleaning) ?? []
        context =
            try container.decodeIfPresent([PictureContext.Part].self, forKey: .context) ?? []
        language =
            try container.decodeIfPresent(AnswerLanguage.self, forKey: .language) ?? .english
    }

    /// Encodes everything; a certainty that drops nothing, no cleaning and no context are left out, since descriptions of the
    /// time before there were any are like that.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(captionPrompt, forKey: .captionPrompt)
        try container.encode(tagsPrompt, forKey: .tagsPrompt)
        try container.encode(answerTokens, forKey: .answerTokens)
        try container.encode(highResolution, forKey: .highResolution)
        try container.encode(spanSeconds, forKey: .spanSeconds)
        if certainty > 0 { try container.encode(certainty, forKey: .certainty) }
        if !cleaning.isEmpty { try container.encode(cleaning, forKey: .cleaning) }
        guard !context.isEmpty else { return }
        try container.encode(context, forKey: .context)
        try container.encode(language, forKey: .language)
    }

    /// The tags of a picture that are certain enough.
    ///
    /// A model that tells concepts is believed about these, whose probabilities are calibrated, and not about what it
    /// writes of them; what it writes beside them, such as colours, stands behind.
    ///
    /// - Parameters:
    ///   - answer: What the model wrote.
    ///   - concepts: What it can tell, if it can.
    ///   - seen: What it told of the picture.
    /// - Returns: The tags.
    func tags(
        of answer: Generation, concepts: ConceptList?, seen: ConceptProbabilities?
    ) -> [PictureDescription.Tag] {
        let spoken = AnswerText.tags(answer.text, pieces: answer.pieces, certainty: certainty)
        guard let concepts, let seen else { return spoken }
        let told = concepts.tags(
            seen, spoken: spoken.map(\.text), certainty: Float(certainty)
        ).map { PictureDescription.Tag(text: $0.word, probability: Double($0.probability)) }
        return Array(
            (told + spoken.filter { !concepts.words.contains($0.text) })
                .prefix(AnswerText.mostTags))
    }

    /// A caption of what the model wrote.
    func caption(of answer: Generation?, span: ClosedRange<Double>? = nil)
        -> PictureDescription.Caption
    {
        let written = AnswerText.caption(answer?.text ?? "")
        let cleaned = AnswerText.cleaned(written, without: cleaning)
        return PictureDescription.Caption(
            text: cleaned, original: cleaned == written ? nil : written, span: span)
    }

    /// How answers are written: greedily, up to the limit.
    var generation: GenerationOptions {
        GenerationOptions(maximumTokens: answerTokens)
    }

    /// SHA-256 (32 bytes) over all of the above: equal digests, equal answers.
    public var digest: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Texts, numbers and a flag always encode; an empty digest would only mean a common key.
        let data = (try? encoder.encode(self)) ?? Data()
        return MessageDigest.hash(data)
    }
}
