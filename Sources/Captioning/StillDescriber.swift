import Concepts
import Imaging
import LLaVAMini

/// Asks a loaded model about stills, several at a time.
struct StillDescriber: Sendable {
    let model: LLaVAMini
    private let settings: CaptioningSettings
    /// Caption and tags, tokenised and embedded once for all pictures.
    let prompts: [FusedPrompt]

    /// Memory that the answers to one batch may take for keys and values.
    private static let batchBytes = 800 << 20
    /// A language model of fewer weights, at most 80 MB of them, reads little of them from memory at a step.
    private static let weightsOfLargeModels = 20_000_000

    /// - Throws: `LanguageUnknown`, errors of the tokenizer.
    init(model: LLaVAMini, settings: CaptioningSettings) throws {
        if let known = model.configuration.languages, !known.contains(settings.language.rawValue) {
            throw LanguageUnknown(known: known, wanted: settings.language)
        }
        self.model = model
        self.settings = settings
        prompts = try [model.prompt(settings.captionPrompt), model.prompt(settings.tagsPrompt)]
    }

    /// The questions about a picture of which something is known: the caption's is told that, the tags' is not, so
    /// that no keyword comes back as the model's word.
    ///
    /// - Throws: Errors of the tokenizer.
    func prompts(knowing context: PictureContext?) throws -> [FusedPrompt] {
        let known = context?.text(of: settings.context, in: settings.language)
        guard let known else { return prompts }
        return [try model.prompt("\(known)\n\(settings.captionPrompt)")] + prompts.dropFirst()
    }

    /// How many pictures to describe together where as many are waiting.
    var batchSize: Int {
        let positions = prompts.reduce(0) { $0 + $1.length + settings.answerTokens }
        let bytes = max(positions * model.bytesPerPosition, 1)
        let isSmall = model.configuration.language.weights < Self.weightsOfLargeModels
        let most = isSmall ? Captioner.mostPicturesOfSmallModels : Captioner.mostPictures
        return min(max(Self.batchBytes / bytes, 1), most)
    }

    /// Describes pictures together; an error of one is an error of all.
    ///
    /// Of an encoded picture nothing but its token outlives the fusing of its prompts.
    ///
    /// - Parameters:
    ///   - images: Upright pixels.
    ///   - contexts: What is known of each.
    ///   - shouldStop: Asked often; `true` ends the work.
    /// - Returns: What the model said of each.
    /// - Throws: Errors of the model, `CancellationError`.
    func callAsFunction(
        _ images: [RGBImage], contexts: [PictureContext?], shouldStop: () -> Bool
    ) throws -> [PictureDescription] {
        var asked: [FusedPrompt] = []
        var tokens: [[Float]] = []
        var embeddings: [PictureEmbedding?] = []
        var concepts: [ConceptProbabilities?] = []
        let questions = try contexts.map(prompts(knowing:))
        let step = model.picturesAtOnce(highResolution: settings.highResolution)
        for start in stride(from: 0, to: images.count, by: step) {
            let end = min(start + step, images.count)
            let encoded = try model.encode(
                Array(images[start..<end]),
                highResolution: settings.highResolution, embedding: true, shouldStop: shouldStop)
            var fused = questions[start..<end].flatMap { $0 }
            try model.add(
                fused.indices.map { (encoded[$0 / prompts.count], $0) }, to: &fused,
                shouldStop: shouldStop)
            asked += fused
            tokens += encoded.map(\.token)
            embeddings += encoded.map { PictureEmbedding($0.embedding, second: nil) }
            concepts += encoded.map(\.concepts)
        }
        let answers = try model.generate(
            asked, options: settings.generation, shouldStop: shouldStop)
        return tokens.indices.map { picture in
            let own = answers[picture * prompts.count..<(picture + 1) * prompts.count]
            return PictureDescription(
                captions: [settings.caption(of: own.first)],
                tags: own.last.map {
                    settings.tags(
                        of: $0, concepts: model.configuration.concepts, seen: concepts[picture])
                } ?? [],
                tokens: TokenTrack([.init(second: nil, values: tokens[picture])]),
                embeddings: embeddings[picture].map { [$0] } ?? [])
        }
    }
}
