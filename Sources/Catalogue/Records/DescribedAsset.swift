/// The model and the settings that made a description.
public struct Recipe: Hashable, Sendable {
    /// The model's name.
    public var model: String
    /// The model's version.
    public var version: String
    /// A digest of prompts and settings: equal digests, equal words.
    public var settings: [UInt8]

    /// Builds a recipe from its parts.
    public init(model: String, version: String, settings: [UInt8]) {
        self.model = model
        self.version = version
        self.settings = settings
    }
}

/// A stretch of a video, in seconds.
public struct Stretch: Hashable, Sendable {
    /// Where it starts.
    public var start: Double
    /// Where it ends.
    public var end: Double

    /// Builds a stretch from its ends.
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
    /// The part of the video that it speaks of; `nil` for the whole.
    public var stretch: Stretch?

    /// Builds a text from its parts.
    public init(prompt: String, text: String, stretch: Stretch? = nil) {
        self.prompt = prompt
        self.text = text
        self.stretch = stretch
    }
}

/// The vision token of a picture, or of one second of a video.
public struct VisionToken: Equatable, Sendable {
    /// The second of the video; `nil` for a still.
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
    public var tags: [String]
    /// The vision tokens.
    public var tokens: [VisionToken]

    /// Builds a result from its parts.
    public init(recipe: Recipe, texts: [ModelText], tags: [String], tokens: [VisionToken]) {
        self.recipe = recipe
        self.texts = texts
        self.tags = tags
        self.tokens = tokens
    }
}
