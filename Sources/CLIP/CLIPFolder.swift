package import Checkpoint
package import ModelLoading
package import SystemPackage

/// A CLIP's own folder in the layout of Hugging Face's `CLIPModel`, or what of it there is.
///
/// A vision tower alone has no text tower and perhaps no projection; beside a checkpoint that holds
/// the tower itself there may be no weights at all.
package struct CLIPFolder {
    /// Key of the map from the whole picture's features to an embedding.
    package static let visualProjection = "visual_projection"
    static let textProjection = "text_projection"
    static let (logitScale, logitBias) = ("logit_scale", "logit_bias")
    /// What the keys of the two towers begin with.
    package static let visionTower = "vision_model"
    static let textTower = "text_model"

    /// The folder.
    package let path: FilePath
    /// Its `config.json`.
    package let configuration: ConfigurationFile
    /// Its tensors; nil where there are none.
    package let weights: CheckpointFolder?

    /// Reads the configuration and the headers of the weights.
    ///
    /// - Throws: `ModelError` or `CheckpointError` naming the file.
    package init(_ path: FilePath) throws {
        self.path = path
        configuration = try ConfigurationFile(path.appending("config.json"))
        weights = CheckpointFolder.isPresent(in: path) ? try CheckpointFolder(path) : nil
    }

    /// Whether there is a map from pictures to embeddings.
    package var hasVisualProjection: Bool { holds("\(Self.visualProjection).weight") }

    /// Whether there is a text tower, or part of one.
    package var hasTextTower: Bool {
        holds("\(Self.textProjection).weight")
            || weights?.names.contains { $0.hasPrefix("\(Self.textTower).") } ?? false
    }

    private func holds(_ name: String) -> Bool {
        weights.map { WeightInventory.holds(name, in: $0) } ?? false
    }

    /// `projection_dim`: numbers in an embedding.
    ///
    /// - Throws: `ModelError` where it is no such number.
    package func dimension() throws(ModelError) -> Int {
        try configuration.integer("projection_dim", in: 1...65_536, default: 512)
    }

    /// The tensor that maps pooled features to embeddings.
    ///
    /// - Throws: `ModelError` where the configuration has no such dimension.
    package func visualProjection(
        of vision: VisionConfiguration
    ) throws(ModelError) -> [TensorShape] {
        TensorShape.linear(
            Self.visualProjection, inputs: vision.pooledWidth, outputs: try dimension(),
            hasBias: false)
    }

    /// The text tower's shape.
    ///
    /// - Throws: `ModelError` where there is none.
    package func textConfiguration() throws(ModelError) -> CLIPTextConfiguration {
        guard let file = try configuration.object("text_config") else {
            throw configuration.wrong("text_config", "is missing, and there is a text tower")
        }
        return try CLIPTextConfiguration(file)
    }

    /// The tensors that texts' embeddings take.
    ///
    /// - Throws: `ModelError` where the configuration has no such shape.
    package func textTensors() throws(ModelError) -> [TensorShape] {
        CLIPTextModel.tensors(try textConfiguration(), dimension: try dimension())
            + (isCalibrated ? SimilarityCalibration.tensors : [])
    }

    /// Whether similarities of texts and pictures say how likely these belong together.
    var isCalibrated: Bool { holds(Self.logitBias) }

    /// Makes sure that the text tower can be loaded, by what its headers and its tokenizer say.
    ///
    /// - Throws: `ModelError` or `TokenizerError` where it cannot.
    package func checkTextTower() throws {
        guard let weights else { return }
        _ = try WeightInventory([(weights, try textTensors())])
        let tokens = try CLIPTokenizer(folder: path).vocabularySize
        try TextEncoder.check(tokens, against: try textConfiguration(), in: path)
    }
}
