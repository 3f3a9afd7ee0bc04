/// Which of several pictures an answer rests on.
///
/// A picture reaches an answer in two ways: by its token, and by the question's words, which met the picture in pre-fusion
/// and carry the mean of what all pictures made of them. Of the token an answer sees little, as far as the models go that
/// were measured (MODEL.md): what it says comes by the words. So what counts is the attention that the answer paid to a
/// word, times what this word gave to the picture, beyond what it gives to any.
enum AnswerGrounds {
    /// A tenth of a word's attention, squared: differences that are no larger tell nothing, and leave pictures alike.
    private static let chance: Float = 0.01

    /// How far an answer rests on each picture: Σ over heads h and words w of paid(w) · max(0, look(h, w) − usual(h, w))²,
    /// where usual is the median over the pictures, so that what a word gives to most of them counts for none.
    ///
    /// Squares let a word that has found something in a few pictures count for more than many that differ a little.
    ///
    /// - Parameters:
    ///   - paid: What the answer's words paid to each of the prompt's tokens.
    ///   - looks: Of each picture what these tokens gave to it, head after head.
    /// - Returns: a number above 0 for each picture.
    static func weights(paid: [Float], looks: [FirstLook]) -> [Float] {
        var weights = [Float](repeating: chance, count: looks.count)
        let all = paid.reduce(0, +)
        guard all > 0, let length = looks.first?.parts.count else { return weights }
        for place in 0..<length where paid[place % paid.count] > 0 {
            let parts = looks.map { $0.parts[place] }
            let usual = parts.sorted()[(parts.count - 1) / 2]
            for (picture, part) in parts.enumerated() where part > usual {
                weights[picture] +=
                    paid[place % paid.count] / all * (part - usual) * (part - usual)
            }
        }
        return weights
    }
}

/// What a question's words gave to a picture when they met it.
///
/// Taken from the first pre-fusion layer, in which words are still nothing but words, so that each looks for what it names.
/// In later ones they have taken in what was found, and look elsewhere.
public struct FirstLook: Sendable {
    /// Of each head, of each of the prompt's tokens, the part of its attention that went to the picture: [heads × text].
    ///
    /// Nothing where the model has no pre-fusion.
    let parts: [Float]
}

extension LLaVAMini {
    /// Looks what a prompt's words give to a picture when they meet it.
    ///
    /// - Parameters:
    ///   - prompt: The prompt; what it was fused with does not matter.
    ///   - image: Encoded by this model.
    ///   - shouldStop: Asked before the layer.
    /// - Returns: the look.
    /// - Throws: `ModelError` where image and text together have too many positions, `CancellationError`.
    public func firstLook(
        of prompt: FusedPrompt, at image: EncodedImage, shouldStop: () -> Bool = { false }
    ) throws -> FirstLook {
        FirstLook(
            parts: try PromptFusion(network).firstLook(
                of: .init(text: prompt.text, image: image), shouldStop: shouldStop))
    }

    /// How far an answer rests on each of the pictures that its prompt was fused with (see `AnswerGrounds`).
    ///
    /// Reads prompt and answer once more. A model without pre-fusion has words that know of no picture: there it is what
    /// the answer paid to each picture's tokens.
    ///
    /// - Parameters:
    ///   - answer: An answer to the prompt.
    ///   - prompt: Fused with the pictures.
    ///   - looks: What its words gave to each of them, in the same order.
    ///   - shouldStop: Asked between layers.
    /// - Returns: a number for each picture; only their ratios mean anything.
    /// - Throws: `ModelError` where the prompt has no image, `CancellationError`.
    public func grounds(
        of answer: Generation, to prompt: FusedPrompt, looks: [FirstLook],
        shouldStop: () -> Bool = { false }
    ) throws -> [Float] {
        let paid = try attention(of: answer, to: prompt, shouldStop: shouldStop)
        precondition(looks.count == paid.images.count, "one look for each picture")
        guard configuration.preFusionLayers > 0 else { return paid.images }
        return AnswerGrounds.weights(paid: paid.words, looks: looks)
    }
}
