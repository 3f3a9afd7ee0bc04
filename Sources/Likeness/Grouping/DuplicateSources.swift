/// Where a `DuplicateSearch` reads what pictures look like, by their assets, so that a million of them need not
/// be in memory.
public struct DuplicateSources {
    /// The signature of an asset; `nil` where it has none, which leaves it out of `same` groups.
    public var signature: (Int64) throws -> PictureSignature?
    /// Whether an asset has an embedding, and neighbours by it.
    ///
    /// Candidates of one that has none are looked for among hashes.
    public var hasEmbedding: (Int64) throws -> Bool
    /// The assets whose embeddings are nearest to an asset's.
    ///
    /// They may lack some, and may name the asset itself or strangers. Asked once for each asset.
    public var neighbours: (Int64) throws -> [Int64]
    /// The cosine of two assets' embeddings; `nil` where one has none.
    public var cosine: (Int64, Int64) throws -> Double?

    /// Sources; without embeddings unless given.
    public init(
        signature: @escaping (Int64) throws -> PictureSignature?,
        hasEmbedding: @escaping (Int64) throws -> Bool = { _ in false },
        neighbours: @escaping (Int64) throws -> [Int64] = { _ in [] },
        cosine: @escaping (Int64, Int64) throws -> Double? = { _, _ in nil }
    ) {
        self.signature = signature
        self.hasEmbedding = hasEmbedding
        self.neighbours = neighbours
        self.cosine = cosine
    }
}
