import CLIP
import Checkpoint
import ModelLoading
public import SystemPackage
import Tensor

/// The tensors that a model's embeddings take beside those of its descriptions.
public struct EmbeddingTensors: Sendable {
    /// The vision tower's own folder, where they are.
    public let folder: FilePath
    /// By the keys that they have there.
    public let tensors: [RequiredTensor]

    /// Looks at a checkpoint folder.
    ///
    /// - Returns: nil where the model makes no embeddings.
    /// - Throws: `ModelError` or `CheckpointError` where it has something for them that cannot be
    ///   used, or cannot be used itself.
    public init?(of folder: FilePath) throws {
        let c = try ModelConfiguration(folder: folder)
        let tower = try TowerWeights(c, in: try CheckpointFolder(folder))
        guard let own = tower.own, let pictures = try tower.picturePart(c.vision) else {
            return nil
        }
        self.folder = own.path
        try tower.textFolder?.checkTextTower()
        let texts = try tower.textFolder?.textTensors() ?? []
        tensors = (pictures.tensors + texts).map { RequiredTensor($0, .embedding) }
    }

    /// Looks at a CLIP's own folder, for a model that was packed without it.
    ///
    /// - Parameters:
    ///   - clip: The folder that the model's vision tower came from.
    ///   - model: The packed model.
    /// - Throws: `ModelError` where the folder lacks what embeddings take, or its vision tower is
    ///   another than the model's; `CheckpointError` for files that cannot be read.
    public init(in clip: FilePath, for model: FilePath) throws {
        let own = try CLIPFolder(clip)
        guard own.hasVisualProjection, let weights = own.weights else {
            throw ModelError(
                clip, "has no weights with '\(CLIPFolder.visualProjection).weight'",
                advice: "Name the folder of the whole CLIP that the vision tower is a part of.")
        }
        let configuration = try ConfigurationFile(ModelFiles(folder: model).configuration)
        let vision = try VisionConfiguration(
            tower: own.configuration, selection: .configured(configuration))
        let other = try ModelConfiguration(folder: model).vision
        try Self.checkIsSame(vision, as: other, weights, try CheckpointFolder(model))
        let pictures =
            vision.poolingTensors(at: TowerWeights.keyInOwnFolder)
            + (try own.visualProjection(of: vision))
        let texts = own.hasTextTower ? try own.textTensors() : []
        _ = try WeightInventory([(weights, pictures + texts)])
        if own.hasTextTower { try own.checkTextTower() }
        folder = clip
        tensors = (pictures + texts).map { RequiredTensor($0, .embedding) }
    }

    /// Compares what a conversion leaves as it is: a tower that was trained on has other numbers there.
    private static func checkIsSame(
        _ vision: VisionConfiguration, as other: VisionConfiguration, _ weights: CheckpointFolder,
        _ checkpoint: CheckpointFolder
    ) throws(ModelError) {
        let names = vision.tensors(at: "").map(\.name).filter { name in
            checkpoint[TowerWeights.keyInCheckpoint + name] != nil
        }
        let isSame =
            vision == other && !names.isEmpty
            && names.allSatisfy { name in
                weights[TowerWeights.keyInOwnFolder + name]?.floats
                    == checkpoint[TowerWeights.keyInCheckpoint + name]?.floats
            }
        guard isSame else {
            throw ModelError(
                weights.folder, "holds another vision tower than \(checkpoint.folder)",
                advice: "Name the folder of the CLIP that the model was made with.")
        }
    }
}
