/// The model and the settings that make a result.
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

extension Recipe {
    /// What the embeddings of a model are made by.
    ///
    /// - Parameters:
    ///   - model: Its name.
    ///   - version: What tells its embeddings from those of others.
    public init(embeddingsOf model: String, version: String) {
        // Raised whenever the same weights make other numbers of a picture.
        self.init(model: model, version: version, settings: Array("embedding 1".utf8))
    }

    /// What signatures are made by where nothing else is wanted of a look at the pixels: no model takes part.
    ///
    /// - Parameter version: Their version.
    public init(signaturesOf version: Int) {
        self.init(model: "", version: "\(version)", settings: Self.signatures)
    }

    /// Whether it makes signatures alone.
    public var isOfSignatures: Bool { model.isEmpty && settings == Self.signatures }

    private static let signatures = Array("signature".utf8)
}
