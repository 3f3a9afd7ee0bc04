import CLIP
import Checkpoint
import Concepts
import ModelLoading
import SystemPackage
import Tensor

/// The model's components, loaded: everything between pixels and logits, and no words.
struct Network: Sendable {
    let configuration: ModelConfiguration
    let processor: ImageProcessor
    let visionTower: any VisionTower
    /// From the whole picture's features to its embedding; nil where the model has none.
    let projection: PictureProjection?
    /// From the same to how likely it shows each concept; nil where the model has none.
    let conceptHead: ConceptHead?
    let compressor: Compressor
    let projector: Projector
    let preFusion: PreFusion
    let language: LanguageModel
    /// What stands before the language model, as it is stored.
    private let seeing: [Weights]
    /// As much of the language model's layers as that takes.
    private let asMuchOfLanguage: [Weights]

    /// From so many bytes on it pays to let pages go.
    private static let worthDiscarding = 256 << 20

    /// Loads a checkpoint folder.
    ///
    /// - Throws: `ModelError` for the configuration and for tensors that do not fit it,
    ///   `CheckpointError` for files that cannot be read.
    init(folder: FilePath) throws {
        let configuration = try ModelConfiguration(folder: folder)
        try self.init(configuration, try ModelWeights(configuration, folder: folder))
    }

    /// Puts the components together.
    ///
    /// - Throws: `ModelError` where a tensor is not among the weights.
    init(_ c: ModelConfiguration, _ found: ModelWeights) throws {
        let weights = found.inventory
        configuration = c
        processor = ImageProcessor(c.processor, padsToSquare: c.padsToSquare)
        visionTower = try c.vision.tower(
            at: found.towerKey, poolingKey: found.poolingKey, from: weights)
        projection = try found.poolingKey.map { _ in try PictureProjection(from: weights) }
        conceptHead = try Self.conceptHead(c, from: weights, visionTower)
        compressor = try Compressor(c, from: weights)
        projector = try Projector(c, from: weights)
        preFusion = try PreFusion(c, from: weights)
        language = try LanguageModel(c.language, from: weights)
        let own = Set(LanguageModel.tensors(c.language).map(\.name))
        seeing = weights.weights { !own.contains($0) }
        let layers = Set(LanguageModel.layerTensors(c.language).map(\.name))
        asMuchOfLanguage = Self.asMuch(
            as: Self.bytes(seeing), of: weights.weights(where: layers.contains))
    }

    private static func conceptHead(
        _ c: ModelConfiguration, from weights: WeightInventory, _ tower: any VisionTower
    ) throws(ModelError) -> ConceptHead? {
        guard let concepts = c.concepts else { return nil }
        guard tower.canPool else {
            throw ModelError(
                nil,
                "the model has \(ConceptList.fileName), and its vision tower lacks what the whole picture's "
                    + "features are made with",
                advice: "Copy the whole checkpoint again.")
        }
        return try ConceptHead(concepts, from: weights)
    }

    /// The tensors that a checkpoint holds beside the vision tower's.
    static func ownTensors(_ c: ModelConfiguration) -> [TensorShape] {
        LanguageModel.tensors(c.language) + PreFusion.tensors(c) + Projector.tensors(c)
            + Compressor.tensors(c) + conceptTensors(c)
    }

    /// The concept head's, where there is one.
    static func conceptTensors(_ c: ModelConfiguration) -> [TensorShape] {
        c.concepts.map {
            ConceptHead.tensors($0, width: c.vision.pooledWidth, classified: c.vision.meanWidth)
        } ?? []
    }

    private static func bytes(_ weights: [Weights]) -> Int {
        weights.reduce(0) { $0 + $1.range.count }
    }

    private static func asMuch(as bytes: Int, of weights: [Weights]) -> [Weights] {
        var left = bytes
        return weights.filter { weights in
            guard left > 0 else { return false }
            left -= weights.range.count
            return true
        }
    }

    /// Makes room for answers.
    ///
    /// In a large model what looks at pictures leaves memory, and is mapped again, from the system's
    /// cache, for the next ones; and so does spare memory, since keys and values come in other sizes
    /// than patches.
    func makeRoomForAnswers() { makeRoom(without: seeing) }

    /// Makes room for the next pictures: as much of the language model leaves memory, in the same way.
    func makeRoomForPictures() { makeRoom(without: asMuchOfLanguage) }

    private func makeRoom(without parts: [Weights]) {
        SpareMemory.shared.beginPeriod()
        guard Self.bytes(seeing) >= Self.worthDiscarding else { return }
        for weights in parts { weights.discardPages() }
        SpareMemory.shared.release()
    }

    /// Refuses a sequence that is longer than the model has positions.
    func checkRoom(for rows: Int) throws {
        let positions = configuration.language.maximumPositions
        guard rows <= positions else {
            throw ModelError(
                nil,
                "image and text take \(rows) positions, and the model has \(positions) "
                    + "('max_position_embeddings')",
                advice: "Ask a shorter question, or use standard resolution.")
        }
    }
}
