/// What the model said about a picture or a clip.
public struct PictureDescription: Equatable, Sendable {
    /// A caption, of the whole or of a span of a clip.
    public struct Caption: Equatable, Sendable {
        /// The text.
        public var text: String
        /// What the model wrote, where the text was cleaned of something.
        public var original: String?
        /// Start and end in seconds; `nil` for the whole.
        public var span: ClosedRange<Double>?

        /// Builds a caption from its parts.
        public init(text: String, original: String? = nil, span: ClosedRange<Double>? = nil) {
            self.text = text
            self.original = original
            self.span = span
        }
    }

    /// The vision token of a picture, or of one sampled second of a clip.
    public struct Token: Equatable, Sendable {
        /// The second of the clip; `nil` for a picture.
        public var second: Double?
        /// `compressor_size² × hidden_size` numbers: the compressed tokens after pre-fusion.
        public var values: [Float]
    }

    /// A word, or a few, for what can be seen.
    public struct Tag: Equatable, Sendable {
        /// The word, lower case.
        public var text: String
        /// The probability that the model gave it at its place in the answer; `nil` where it is not known.
        ///
        /// A list has an order: what could as well have been said later has a lower one.
        public var probability: Double?

        /// Builds a tag from its parts.
        public init(text: String, probability: Double? = nil) {
            self.text = text
            self.probability = probability
        }
    }

    /// The caption of the whole first, then those of the spans in time order.
    public var captions: [Caption]
    /// Tags in the model's order, each once.
    public var tags: [Tag]
    /// One for a picture, one a sampled second for a clip, in time order.
    public var tokens: TokenTrack
    /// What it is found by: one for a picture, one a sampled second for a clip; none where the model has none.
    public var embeddings: [PictureEmbedding] = []

    /// Builds a description from its parts.
    public init(
        captions: [Caption], tags: [Tag], tokens: TokenTrack, embeddings: [PictureEmbedding] = []
    ) {
        self.captions = captions
        self.tags = tags
        self.tokens = tokens
        self.embeddings = embeddings
    }

    /// The caption of the whole.
    public var caption: String { captions.first?.text ?? "" }
}
