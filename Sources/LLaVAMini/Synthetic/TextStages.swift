public import CLIP
import JSONScanning
import ModelLoading
public import SystemPackage
import Tensor

/// A text tower to be measured, without words: of a model, or made up.
public struct TextStages: Sendable {
    private let model: CLIPTextModel

    /// Loads the text tower of a checkpoint folder's model; nil where it has none.
    ///
    /// - Throws: as for loading it.
    public init?(folder: FilePath) throws {
        guard let encoder = try LLaVAMini.textEncoder(of: folder) else { return nil }
        model = encoder.model
    }

    /// Makes up the text tower of a shape; nil where models of the shape have none.
    ///
    /// - Parameters:
    ///   - shape: A model's sizes.
    ///   - isPacked: Whether its matrices have 8 bits; the same numbers in single precision otherwise.
    /// - Throws: `Errno` where there is not enough memory.
    public init?(synthetic shape: ModelShape, isPacked: Bool) throws {
        guard let (configuration, dimension) = try shape.textTower() else { return nil }
        let made = try SyntheticWeights(
            CLIPTextModel.tensors(configuration, dimension: dimension), bits: .eight,
            unpacksPanels: !isPacked)
        model = try CLIPTextModel(
            configuration, from: WeightInventory(made.tensors, packed: made.packed))
    }

    /// Embeds a text of so many made-up tokens.
    ///
    /// - Throws: `ModelError` where the weights make no numbers of it.
    public func embed(tokens: Int) throws -> Embedding {
        guard let embedding = try model([syntheticIDs(tokens, seed: 2)])[0] else {
            throw ModelError(nil, "the text tower makes no numbers of a text")
        }
        return embedding
    }

    /// Token ids that differ, all of a small vocabulary.
    private func syntheticIDs(_ count: Int, seed: Int) -> [Int] {
        (0..<count).map { ($0 &* 7919 &+ seed &* 104_729) % 1024 }
    }
}
