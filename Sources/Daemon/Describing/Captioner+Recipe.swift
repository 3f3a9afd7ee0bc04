public import Captioning
public import WorkQueue

extension Captioner {
    /// What this captioner's descriptions are made by: model and questions.
    public var recipe: Recipe {
        let identity = identity
        return Recipe(
            model: identity.name, version: identity.version, settings: settingsDigest)
    }

    /// What this captioner's embeddings are made by; `nil` where its model makes none.
    ///
    /// The model alone, since nothing is asked.
    public var embeddingRecipe: Recipe? {
        embeddingVersion.map { Recipe(embeddingsOf: identity.name, version: $0) }
    }
}

extension StoredEmbedding {
    /// The catalogue's form of a model's embedding.
    init(_ embedding: PictureEmbedding) {
        self.init(
            second: embedding.second.map { Int32(min(max($0, 0), 1e9)) },
            values: embedding.values, scale: embedding.scale, fine: embedding.fine)
    }
}

extension EmbeddedAsset {
    /// The catalogue's form of a model's embeddings.
    init(_ embeddings: [PictureEmbedding], by recipe: Recipe) {
        self.init(recipe: recipe, embeddings: embeddings.map(StoredEmbedding.init))
    }
}
