import CLIP
import Checkpoint
import ModelLoading

/// Where a model's vision tower lies, and what leads from it to embeddings.
///
/// The tower stands within the checkpoint or in a folder of its own. What embeddings take (the layers
/// that the language model has no use for, the projections and the text tower) stands in the tower's
/// own folder: as it was published, or as a conversion has put it there. A tower within a checkpoint
/// that no conversion made may have been trained on, and then the projections that are published are
/// those of another: such a model has none.
struct TowerWeights {
    /// Where the tower's keys begin within a LLaVA-Mini checkpoint.
    static let keyInCheckpoint = "model.vision_tower.vision_tower.vision_model"
    /// Where they begin in a folder of the tower's own.
    static let keyInOwnFolder = CLIPFolder.visionTower

    /// What the keys of the tower's tensors begin with.
    let key: String
    /// Where they are.
    let folder: CheckpointFolder
    /// Where what embeddings take is, if there is any.
    let own: CLIPFolder?

    /// Finds the tower of a checkpoint.
    ///
    /// - Throws: `ModelError` or `CheckpointError` where there is none.
    init(_ c: ModelConfiguration, in checkpoint: CheckpointFolder) throws {
        // The checkpoint's own copy of the tower wins over the one in the tower's folder.
        let isInside = checkpoint.names.contains { $0.hasPrefix("\(Self.keyInCheckpoint).") }
        own = isInside && !c.isPacked ? nil : try CLIPFolder(c.towerFolder)
        key = isInside ? Self.keyInCheckpoint : Self.keyInOwnFolder
        folder = isInside ? checkpoint : try own?.weights ?? CheckpointFolder(c.towerFolder)
    }

    /// The tensors that pictures' embeddings take beside the tower's, and where they are.
    ///
    /// - Returns: nil where the model has no projection.
    /// - Throws: `ModelError` where it has one that cannot be used; descriptions do without.
    func picturePart(
        _ vision: VisionConfiguration
    ) throws(ModelError) -> (folder: CheckpointFolder, tensors: [TensorShape])? {
        guard let own, own.hasVisualProjection, let weights = own.weights else { return nil }
        let part = (
            folder: weights,
            tensors: vision.poolingTensors(at: Self.keyInOwnFolder)
                + (try own.visualProjection(of: vision))
        )
        _ = try WeightInventory([part])
        return part
    }

    /// Where the text tower is.
    ///
    /// - Returns: nil where the model has none, or no projection that leads to the same space.
    var textFolder: CLIPFolder? {
        guard let own, own.hasVisualProjection, own.hasTextTower else { return nil }
        return own
    }
}
