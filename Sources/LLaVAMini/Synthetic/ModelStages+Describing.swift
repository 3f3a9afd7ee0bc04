import CLIP
public import Imaging
import ModelLoading
import Tensor
import Tokenization

/// How many tokens are read and written about a picture.
public struct PromptLengths: Equatable, Sendable {
    /// Text before the image, the same in every prompt.
    public var beforeImage: Int
    /// The question behind it.
    public var question: Int

    /// Sets the lengths.
    public init(beforeImage: Int, question: Int) {
        self.beforeImage = beforeImage
        self.question = question
    }

    /// Tokens of text in all.
    public var text: Int { beforeImage + question }
}

extension ModelStages {
    /// What a picture cost until the first token of its answer.
    public struct FirstToken: Sendable {
        /// Positions that the image took in the language model.
        public let imagePositions: Int
        /// Numbers that the language model keeps for them: keys and values of every layer.
        public let keptNumbers: Int
    }

    /// Answers prompts of made-up tokens about pictures, from decoded pixels to token ids.
    ///
    /// - Parameters:
    ///   - pictures: Described together.
    ///   - lengths: Of each prompt.
    ///   - answers: Tokens of the answer to each prompt; one prompt an entry, for every picture.
    /// - Returns: The answers' tokens, picture by picture and prompt by prompt.
    /// - Throws: Errors of the engine.
    @discardableResult
    public func describe(
        _ pictures: [RGBImage], lengths: PromptLengths, answers: [Int]
    ) throws -> [[Int]] {
        var prompts: [FusedPrompt] = []
        // Of an encoded picture nothing but its token outlives the fusing of its prompts.
        for pass in pictures.inPasses(rows: { _ in configuration.imageRows(blocks: 1) }) {
            prompts += try fused(encode(Array(pass)), lengths, questions: answers.count)
        }
        return try decoder(limit: answers.max() ?? 0)(
            prompts, limits: pictures.flatMap { _ in answers }, shouldStop: { false }
        ).map(\.ids)
    }

    /// LLaVA-Mini's way to the first token: the image fused into the text, one token of it read.
    ///
    /// - Throws: Errors of the engine.
    public func firstToken(of picture: RGBImage, lengths: PromptLengths) throws -> FirstToken {
        let encoded = try encode([picture])
        let prompts = try fused(encoded, lengths, questions: 1)
        _ = try decoder(limit: 1)(prompts, shouldStop: { false })
        return keeping(encoded.reduce(0) { $0 + $1.tokens.rows })
    }

    /// LLaVA's way with the same weights: every projected patch read by the language model, with
    /// neither compression nor pre-fusion.
    ///
    /// - Throws: Errors of the engine.
    public func firstTokenAsLLaVA(
        of picture: RGBImage, lengths: PromptLengths
    ) throws -> FirstToken {
        let seen = try see(prepare([picture]))
        let patches = network.projector(network.patches(seen.features[0].places))
        let embed = network.language.embed
        let rows = Matrix(stacking: [
            embed(syntheticIDs(lengths.beforeImage, seed: 0)), patches,
            embed(syntheticIDs(lengths.question, seed: 1)),
        ])
        var contexts = [network.language.context()]
        let last = try network.language.read(
            rows, [Reading(count: rows.rows)], into: &contexts, shouldStop: { false })
        _ = try chosen(last)
        return keeping(patches.rows)
    }

    /// Prompts of made-up tokens about each image, fused: image by image, question by question.
    private func fused(
        _ images: [EncodedImage], _ lengths: PromptLengths, questions: Int
    ) throws -> [FusedPrompt] {
        let pairs = images.flatMap { image in (0..<questions).map { (image, $0) } }
        var prompts = try pairs.map { _, question in
            try FusedPrompt(
                ids: syntheticIDs(lengths.beforeImage, seed: 0) + [ChatPrompt.imagePlaceholder]
                    + syntheticIDs(lengths.question, seed: question + 1),
                network: network)
        }
        let states = try PromptFusion(network).states(
            of: zip(prompts, pairs).map { .init(text: $0.text, image: $1.0) },
            shouldStop: { false })
        for index in prompts.indices { prompts[index].add(states[index], of: pairs[index].0) }
        return prompts
    }

    private func decoder(limit: Int) -> GreedyDecoder {
        GreedyDecoder(
            model: network.language, endTokens: [],
            options: GenerationOptions(maximumTokens: limit, ignoresEndTokens: true))
    }

    private func keeping(_ positions: Int) -> FirstToken {
        let c = configuration.language
        return FirstToken(
            imagePositions: positions,
            keptNumbers: positions * c.layers * 2 * c.keyValueHeads * c.headWidth)
    }
}
