public import CLIP
import Checkpoint
import ModelLoading
public import SystemPackage

extension LLaVAMini {
    /// What makes embeddings without describing, of the layers that are loaded anyway.
    ///
    /// nil where the model has no projection, or none that can be used.
    public var pictureEncoder: PictureEncoder? {
        network.projection.map {
            PictureEncoder(
                processor: network.processor, tower: network.visionTower, projection: $0)
        }
    }

    /// Loads what embeds pictures of a checkpoint folder's model, without its language model.
    ///
    /// - Returns: nil where the model has no projection.
    /// - Throws: as for loading the model, and `ModelError` for a projection that cannot be used.
    public static func pictureEncoder(of folder: FilePath) throws -> PictureEncoder? {
        let c = try ModelConfiguration(folder: folder)
        let tower = try TowerWeights(c, in: try CheckpointFolder(folder))
        guard let part = try tower.picturePart(c.vision) else { return nil }
        let weights = try WeightInventory([
            (tower.folder, c.vision.tensors(at: tower.key)), part,
        ])
        return PictureEncoder(
            processor: ImageProcessor(c.processor, padsToSquare: c.padsToSquare),
            tower: try c.vision.tower(
                at: tower.key, poolingKey: TowerWeights.keyInOwnFolder, from: weights),
            projection: try PictureProjection(from: weights))
    }

    /// Loads the text tower of a checkpoint folder's model, and nothing else of it.
    ///
    /// - Returns: nil where the model has none.
    /// - Throws: `ModelError`, `CheckpointError` or `TokenizerError` naming what is wrong.
    public static func textEncoder(of folder: FilePath) throws -> TextEncoder? {
        let c = try ModelConfiguration(folder: folder)
        let tower = try TowerWeights(c, in: try CheckpointFolder(folder))
        return try tower.textFolder.flatMap { try TextEncoder.load(from: $0.path) }
    }
}
