import Checkpoint
import SystemPackage
import Tensor

/// The model's components, loaded: everything between pixels and logits, and no words.
struct Network: Sendable {
    let configuration: ModelConfiguration
    let processor: ImageProcessor
    let visionTower: any VisionTower
    let compressor: Compressor
    let projector: Projector
    let preFusion: PreFusion
    let language: LanguageModel
    /// What stands before the language model, as it is stored.
    private let seeing: [Weights]

    /// From so many bytes on it pays to let pages go.
    private static let worthDiscarding = 256 << 20

    /// Loads a checkpoint folder.
    ///
    /// - Throws: `ModelError` for the configuration and for tensors that do not fit it,
    ///   `CheckpointError` for files that cannot be read.
    init(folder: FilePath) throws {
        let configuration = try ModelConfiguration(folder: folder)
        let (towerKey, weights) = try Self.weights(configuration, folder: folder)
        try self.init(configuration, towerKey: towerKey, weights: weights)
    }

    /// Puts the components together.
    ///
    /// - Throws: `ModelError` where a tensor is not among the weights.
    init(_ c: ModelConfiguration, towerKey: String, weights: WeightInventory) throws {
        configuration = c
        processor = ImageProcessor(c)
        visionTower = try c.vision.tower(at: towerKey, from: weights)
        compressor = try Compressor(c, from: weights)
        projector = try Projector(c, from: weights)
        preFusion = try PreFusion(c, from: weights)
        language = try LanguageModel(c.language, from: weights)
        let own = Set(LanguageModel.tensors(c.language).map(\.name))
        seeing = weights.weights { !own.contains($0) }
    }

    /// Finds every tensor of a checkpoint folder, and where the vision tower's keys begin.
    ///
    /// - Throws: as for loading.
    static func weights(
        _ c: ModelConfiguration, folder: FilePath
    ) throws -> (towerKey: String, weights: WeightInventory) {
        let checkpoint = try CheckpointFolder(folder)
        // The checkpoint's own copy of the tower wins over the one in the tower's folder.
        let isInside = checkpoint.names.contains {
            $0.hasPrefix("\(VisionConfiguration.keyInCheckpoint).")
        }
        let towerKey =
            isInside ? VisionConfiguration.keyInCheckpoint : VisionConfiguration.keyInOwnFolder
        let tower = isInside ? checkpoint : try CheckpointFolder(c.towerFolder)
        let weights = try WeightInventory([
            (checkpoint, ownTensors(c)), (tower, c.vision.tensors(at: towerKey)),
        ])
        return (towerKey, weights)
    }

    /// The tensors that a checkpoint holds beside the vision tower's.
    static func ownTensors(_ c: ModelConfiguration) -> [TensorShape] {
        LanguageModel.tensors(c.language) + PreFusion.tensors(c) + Projector.tensors(c)
            + Compressor.tensors(c)
    }

    /// Makes room before and after answers are written.
    ///
    /// In a large model what looks at pictures leaves memory, and is mapped again, from the system's
    /// cache, for the next ones; and so does spare memory, since keys and values come in other sizes
    /// than patches.
    func makeRoom() {
        SpareMemory.shared.beginPeriod()
        guard seeing.reduce(0, { $0 + $1.range.count }) >= Self.worthDiscarding else { return }
        for weights in seeing { weights.discardPages() }
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
