/// A vector to be found: a row of the index.
public struct IndexedVector: Equatable, Sendable {
    /// Where its source has it: rises from row to row, and no number is ever used again.
    public var sequence: Int64
    /// The asset that it tells of, from 0 on.
    public var asset: Int64
    /// The second of a clip, or `wholeAsset`.
    public var second: Int32
    /// Its numbers, in units of `scale`.
    public var values: [Int8]
    /// What a value's one stands for: finite, and not below 0.
    public var scale: Float

    /// The `second` of what stands for a whole asset: a still.
    public static let wholeAsset: Int32 = -1

    /// Builds a vector from its parts.
    public init(sequence: Int64, asset: Int64, second: Int32, values: [Int8], scale: Float) {
        self.sequence = sequence
        self.asset = asset
        self.second = second
        self.values = values
        self.scale = scale
    }
}

/// A vector that was found.
public struct VectorHit: Equatable, Sendable {
    /// The asset that it tells of.
    public var asset: Int64
    /// The second of a clip, or `IndexedVector.wholeAsset`.
    public var second: Int32
    /// Its product with the query: their cosine, where both have a length of 1.
    public var similarity: Float

    /// Builds a hit from its parts.
    public init(asset: Int64, second: Int32, similarity: Float) {
        self.asset = asset
        self.second = second
        self.similarity = similarity
    }
}
