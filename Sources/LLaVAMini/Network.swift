import Checkpoint
import SystemPackage
import Tensor

/// The model's components, loaded: everything between pixels and logits, and no words.
struct Network: Sendable {
    let configuration: ModelConfiguration
    let processor: ImageProcessor
    let visionTower: VisionTower
    let compressor: Compressor
    let projector: Projector
    let preFusion: PreFusion
    let language: LanguageModel

    /// Loads a checkpoint folder.
    ///
    /// - Throws: `ModelError` for the configuration and for tensors that do not fit it,
    ///   `CheckpointError` for files that cannot be read.
    init(folder: FilePath) throws {
        let c = try ModelConfiguration(folder: folder)
        let checkpoint = try CheckpointFolder(folder)
        // The checkpoint's own copy of the tower wins over the one in the tower's folder.
        let isInside = checkpoint.names.contains {
            $0.hasPrefix("\(VisionTower.keyInCheckpoint).")
        }
        let towerKey = isInside ? VisionTower.keyInCheckpoint : VisionTower.keyInOwnFolder
        let tower = isInside ? checkpoint : try CheckpointFolder(c.towerFolder)
        let weights = try WeightInventory([
            (
                checkpoint,
                LanguageModel.tensors(c.language) + PreFusion.tensors(c) + Projector.tensors(c)
                    + Compressor.tensors(c)
            ),
            (tower, VisionTower.tensors(at: towerKey, c.vision)),
        ])
        configuration = c
        processor = ImageProcessor(c)
        visionTower = try VisionTower(at: towerKey, c.vision, from: weights)
        compressor = try Compressor(c, from: weights)
        projector = try Projector(c, from: weights)
        preFusion = try PreFusion(c, from: weights)
        language = try LanguageModel(c.language, from: weights)
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
