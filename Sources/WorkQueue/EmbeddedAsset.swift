/// A vector by which a picture, or one second of a clip, is found.
public struct StoredEmbedding: Equatable, Sendable {
    /// The second of the clip; `nil` for a still.
    public var second: Int32?
    /// Its numbers, in units of `scale`.
    public var values: [Int8]
    /// What a value's one stands for: a number that is not below 0.
    public var scale: Float
    /// What rounding to `values` left, in 256ths of `scale`; `nil` of what was made before that was kept.
    public var fine: [Int8]?

    /// Builds an embedding from its parts.
    public init(second: Int32? = nil, values: [Int8], scale: Float, fine: [Int8]? = nil) {
        self.second = second
        self.values = values
        self.scale = scale
        self.fine = fine
    }

    /// Its numbers, as exactly as they are known.
    public var numbers: [Float] {
        guard let fine, fine.count == values.count else { return values.map { Float($0) * scale } }
        return zip(values, fine).map { scale * (Float($0) + Float($1) / 256) }
    }
}

/// The embeddings of an asset by one recipe.
public struct EmbeddedAsset: Equatable, Sendable {
    /// What made them.
    public var recipe: Recipe
    /// One of a still, one of each sampled second of a clip; none where the recipe makes signatures alone.
    public var embeddings: [StoredEmbedding]
    /// What a still is compared by with others, where the same look at the pixels made it.
    public var signature: StoredSignature?

    /// Builds it from its parts.
    public init(
        recipe: Recipe, embeddings: [StoredEmbedding], signature: StoredSignature? = nil
    ) {
        self.recipe = recipe
        self.embeddings = embeddings
        self.signature = signature
    }
}

/// What a still is compared by with others, to find the same picture in another coding or size.
public struct StoredSignature: Equatable, Sendable {
    /// The way in which it came about; those of one version can be compared.
    public var version: Int
    /// What it is.
    public var bytes: [UInt8]

    /// Builds it from its parts.
    public init(version: Int, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }
}
