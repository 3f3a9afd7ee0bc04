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
    /// The model ended the answer itself; otherwise there was no room for more.
    public let reachedEnd: Bool
    /// The logits that the first token was chosen from: [vocabulary].
    public let firstLogits: [Float]
    /// For each token, by how much its logit exceeded the next best.
    let gaps: [Float]
}
