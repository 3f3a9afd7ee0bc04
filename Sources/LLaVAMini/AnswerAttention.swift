import Tensor

/// The attention that an answer's words paid to what they answer, averaged over words, layers and heads.
public struct AnswerAttention: Sendable {
    /// To each image's tokens.
    public var images: [Float]
    /// To each of the prompt's tokens behind the images; nothing to those before.
    public var words: [Float]
}

extension LLaVAMini {
    /// The attention that an answer's words paid to each of the prompt's images and words.
    ///
    /// Reads prompt and answer once more, summing weights as they are computed.
    ///
    /// - Parameters:
    ///   - answer: An answer to the prompt.
    ///   - prompt: Fused with at least one image.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the weights; the rest of 1 went to what stands before the images, and to the answer.
    /// - Throws: `ModelError` where the prompt has no image, `CancellationError` where `shouldStop` says so.
    public func attention(
        of answer: Generation, to prompt: FusedPrompt, shouldStop: () -> Bool = { false }
    ) throws -> AnswerAttention {
        let input = try prompt.inputsEmbeds()
        let (images, text) = (prompt.imageRows, prompt.wordRows)
        let words = words(of: answer.ids).count
        var sums = AnswerAttention(
            images: [Float](repeating: 0, count: images.count),
            words: [Float](repeating: 0, count: prompt.length))
        guard words > 0 else { return sums }
        let before = prompt.length - text.count
        let rows = Matrix(stacking: [input, network.language.embed(answer.ids)])
        var contexts = [network.language.context(room: rows.rows)]
        let layers = configuration.language.layers
        let share = 1 / Float(words * layers * configuration.language.heads)
        _ = try network.language.read(
            rows, [Reading(count: rows.rows, asked: words)], into: &contexts,
            observe: { layer, _, _, row, weights in
                // The last layer asks for the words alone.
                guard layer == layers - 1 || row >= rows.rows - words else { return }
                for (place, tokens) in images.enumerated() {
                    sums.images[place] += weights[tokens].reduce(0, +) * share
                }
                for (place, row) in text.enumerated() {
                    sums.words[before + place] += weights[row] * share
                }
            }, shouldStop: shouldStop)
        return sums
    }
}
