import CLIP
import Checkpoint
import ModelLoading
import SystemPackage

/// Every tensor of a model, found, and what the keys of the vision tower's begin with.
struct ModelWeights {
    let inventory: WeightInventory
    /// What the keys of the tower's tensors begin with.
    let towerKey: String
    /// What those begin with that embeddings take of the tower; nil where the model has no
    /// projection, or none that can be used.
    let poolingKey: String?

    /// Finds the tensors of a checkpoint folder.
    ///
    /// - Throws: `ModelError` for tensors that do not fit the configuration, `CheckpointError` for
    ///   files that cannot be read.
    init(_ c: ModelConfiguration, folder: FilePath) throws {
        let checkpoint = try CheckpointFolder(folder)
        let tower = try TowerWeights(c, in: checkpoint)
        // Who only wants descriptions is not to go without for the sake of embeddings.
        let pictures = try? tower.picturePart(c.vision)
        towerKey = tower.key
        poolingKey = pictures == nil ? nil : TowerWeights.keyInOwnFolder
        inventory = try WeightInventory(
            [
                (checkpoint, Network.ownTensors(c)),
                (tower.folder, c.vision.tensors(at: tower.key)),
            ] + [pictures].compactMap { $0 })
    }

    /// Takes weights that were made for the purpose, within one checkpoint.
    init(_ inventory: WeightInventory, hasProjection: Bool) {
        self.inventory = inventory
        towerKey = TowerWeights.keyInCheckpoint
        poolingKey = hasProjection ? TowerWeights.keyInOwnFolder : nil
    }
}
