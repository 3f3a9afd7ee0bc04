package import ModelLoading

/// The shape of CLIP's text transformer, from `text_config` in its `config.json`.
public struct CLIPTextConfiguration: Equatable, Sendable {
    /// The layers' shape.
    public let stack: CLIPStack
    /// `vocab_size`: tokens that have an embedding.
    public let vocabularySize: Int
    /// `max_position_embeddings`: tokens that a text may have, the ones around it counted.
    public let positions: Int

    /// Reads the shape; keys that are absent have the defaults of Hugging Face's CLIP.
    ///
    /// `eos_token_id` is passed over: released files name a token that no text ends with.
    ///
    /// - Throws: `ModelError` naming file and key.
    package init(_ file: ConfigurationFile) throws(ModelError) {
        stack = try CLIPStack(file, defaults: .text)
        vocabularySize = try file.integer("vocab_size", in: 2...1_048_576, default: 49_408)
        positions = try file.integer("max_position_embeddings", in: 2...16_384, default: 77)
    }
}
