import Digests
import Foundation
import LLaVAMini

/// What is asked of the model about a picture: with image and model, the key under which an answer
/// is kept.
public struct CaptioningSettings: Codable, Equatable, Sendable {
    /// The question whose answer becomes the caption.
    public var captionPrompt = "Describe this picture in one sentence."
    /// The question whose answer becomes the tags.
    public var tagsPrompt =
        "List what can be seen in this picture as single words, separated by commas."
    /// Most tokens of an answer.
    public var answerTokens = 60
    /// Whether stills are looked at in four blocks and as a whole.
    public var highResolution = false
    /// Seconds of a clip that share one caption.
    public var spanSeconds = 10.0

    /// The defaults.
    public init() {}

    /// The names that enter the digest; changing one would make every description look out of date.
    private enum CodingKeys: String, CodingKey {
        case captionPrompt, tagsPrompt, answerTokens, highResolution
        case spanSeconds = "stretchSeconds"
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
