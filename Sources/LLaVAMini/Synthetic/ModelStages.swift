import CLIP
import ModelLoading
public import SystemPackage
import Tensor

/// The engine's stages, each to be run alone: for measuring, where no words are needed.
///
/// Weights come from a checkpoint folder or are made up. All calls block and compute.
public struct ModelStages: Sendable {
    /// The model's sizes.
    public let configuration: ModelConfiguration
    /// Bytes of all weights.
    public let weightBytes: Int
    /// Bytes of the weights that one step of decoding reads, whatever the batch.
    public let stepBytes: Int
    /// How the language model's matrices are stored: 4, 8, 16 or 32 bits.
    public let languageBits: Int
    let network: Network

    /// Loads a checkpoint folder; no tokenizer is needed.
    ///
    /// - Throws: `ModelError` or `CheckpointError` naming the file, key or tensors that are wrong.
    public init(folder: FilePath) throws {
        let configuration = try ModelConfiguration(folder: folder)
        try self.init(configuration, try ModelWeights(configuration, folder: folder))
    }

    /// Makes up the weights of a model in memory.
    ///
    /// - Throws: `Errno` where there is not enough memory.
    public init(synthetic configuration: ModelConfiguration, bits: SyntheticBits) throws {
        let made = try SyntheticWeights(Self.tensors(configuration), bits: bits)
        try self.init(
            configuration,
            ModelWeights(
                WeightInventory(made.tensors, packed: made.packed),
                hasProjection: configuration.embeddingDimension != nil))
    }

    private init(_ configuration: ModelConfiguration, _ found: ModelWeights) throws {
        let weights = found.inventory
        self.configuration = configuration
        weightBytes = weights.byteCount { _ in true }
        let head = configuration.language.tiesEmbeddings ? "model.embed_tokens." : "lm_head."
        stepBytes = weights.byteCount {
            $0.hasPrefix("model.layers.") || $0.hasPrefix("model.norm.") || $0.hasPrefix(head)
        }
        languageBits = weights.bits(of: "model.layers.0.mlp.up_proj.weight")
        network = try Network(configuration, found)
    }

    /// Bytes that made-up weights would take.
    public static func syntheticBytes(
        of configuration: ModelConfiguration, bits: SyntheticBits
    ) -> Int {
        SyntheticWeights.byteCount(tensors(configuration), bits: bits)
    }

    private static func tensors(_ c: ModelConfiguration) -> [TensorShape] {
        let projection = c.embeddingDimension.map { dimension in
            c.vision.poolingTensors(at: TowerWeights.keyInOwnFolder)
                + TensorShape.linear(
                    CLIPFolder.visualProjection, inputs: c.vision.pooledWidth,
                    outputs: dimension, hasBias: false)
        }
        return Network.ownTensors(c) + c.vision.tensors(at: TowerWeights.keyInCheckpoint)
            + (projection ?? [])
    }

    /// Multiply-adds of a token in the language model's matrices, the output matrix left out.
    public var layerMultiplyAdds: Int { Self.layerMultiplyAdds(configuration.language) }

    /// Multiply-adds of a token in the output matrix.
    public var headMultiplyAdds: Int { Self.headMultiplyAdds(configuration.language) }

    static func layerMultiplyAdds(_ c: LanguageConfiguration) -> Int {
        let attention = 2 * (c.heads + c.keyValueHeads) * c.headWidth * c.width
        return c.layers * (attention + 3 * c.width * c.intermediateWidth)
    }

    static func headMultiplyAdds(_ c: LanguageConfiguration) -> Int { c.width * c.vocabularySize }
}
