/// How text is generated; decoding is greedy.
public struct GenerationOptions: Equatable, Sendable {
    /// At most this many tokens.
    public var maximumTokens: Int
    /// Goes on after a token that ends the answer.
    public var ignoresEndTokens: Bool

    /// Sets the options.
    public init(maximumTokens: Int, ignoresEndTokens: Bool = false) {
        self.maximumTokens = maximumTokens
        self.ignoresEndTokens = ignoresEndTokens
    }
}

/// What the model answered to a prompt.
public struct Generation: Sendable {
    /// The tokens, the assistant's header among them, without the end token that stopped them.
    public let ids: [Int]
    /// The answer: the assistant's header and special tokens left out.
    public let text: String
    /// The answer's tokens in their order, special ones left out: together the text, spaces aside.
    public let pieces: [AnswerPiece]
    /// The model ended the answer itself; otherwise there was no room for more.
    public let reachedEnd: Bool
    /// The logits that the first token was chosen from: [vocabulary].
    public let firstLogits: [Float]
    /// For each token, by how much its logit exceeded the next best.
    let gaps: [Float]
}

/// A token of an answer.
public struct AnswerPiece: Equatable, Sendable {
    /// What it stands for: UTF-8, of which a character may be in several pieces.
    public var bytes: [UInt8]
    /// The probability that the model gave it behind what it had said before: softmax over the logits.
    public var probability: Float

    /// Builds a piece from its parts.
    public init(bytes: [UInt8], probability: Float) {
        self.bytes = bytes
        self.probability = probability
    }
}
