/// A part of a clip, in seconds.
public struct ClipSpan: Hashable, Sendable {
    /// Where it starts.
    public var start: Double
    /// Where it ends.
    public var end: Double

    /// Builds a span from its ends.
    public init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }
}

/// A text that a model wrote.
public struct ModelText: Equatable, Sendable {
    /// The name of the prompt that it answers, such as `caption`.
    public var prompt: String
    /// The text.
    public var text: String
    /// The part of the clip that it speaks of; `nil` for the whole.
    public var span: ClipSpan?

    /// The name under which a caption is kept as the model wrote it, where it was cleaned of something.
    public static let originalCaption = "caption as written"

    /// Builds a text from its parts.
    public init(prompt: String, text: String, span: ClipSpan? = nil) {
        self.prompt = prompt
        self.text = text
        self.span = span
    }
}

/// A word, or a few, that a model said of what can be seen.
public struct ModelTag: Equatable, Sendable, ExpressibleByStringLiteral {
    /// The tag.
    public var name: String
    /// The probability that the model gave it, 0 … 1; `nil` where it is not known.
    public var probability: Double?

    /// Builds a tag from its parts.
    public init(_ name: String, probability: Double? = nil) {
        self.name = name
        self.probability = probability
    }

    /// A tag whose probability is not known.
    public init(stringLiteral name: String) { self.init(name) }
}

/// The vision token of a picture, or of one second of a clip.
public struct VisionToken: Equatable, Sendable {
    /// The second of the clip; `nil` for a still.
    public var second: Double?
    /// Its elements; stored as 16-bit floats.
    public var elements: [Float]

    /// Builds a token from its parts.
    public init(second: Double? = nil, elements: [Float]) {
        self.second = second
        self.elements = elements
    }
}

/// Everything that one run of a model said of an asset.
public struct DescribedAsset: Equatable, Sendable {
    /// What made it.
    public var recipe: Recipe
    /// The texts.
    public var texts: [ModelText]
    /// The tags.
    public var tags: [ModelTag]
    /// The vision tokens.
    public var tokens: [VisionToken]
    /// The embeddings, where the same look at the pixels made them.
    public var embedded: EmbeddedAsset?
    /// What a still is compared by with others, where the same look at the pixels made it.
    public var signature: StoredSignature?

    /// Builds a result from its parts.
    public init(
        recipe: Recipe, texts: [ModelText], tags: [ModelTag], tokens: [VisionToken],
        embedded: EmbeddedAsset? = nil, signature: StoredSignature? = nil
    ) {
        self.recipe = recipe
        self.texts = texts
        self.tags = tags
        self.tokens = tokens
        self.embedded = embedded
        self.signature = signature
    }
}
