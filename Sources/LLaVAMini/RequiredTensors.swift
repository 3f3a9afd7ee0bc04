import ModelLoading
import CLIP

/// A tensor that a model is loaded from.
public struct RequiredTensor: Equatable, Sendable {
    /// The part of the model that a tensor belongs to.
    public enum Component: String, CaseIterable, Sendable {
        /// The language model.
        case languageModel
        /// The layers in which text meets the patches.
        case preFusion
        /// From the vision tower's width to the language model's.
        case projector
        /// From patches to tokens.
        case compressor
        /// From the whole picture's features to how likely it shows each concept.
        case concepts
        /// From pixels to features: CLIP's vision transformer or EfficientNet-Lite.
        case visionTower
        /// From features to embeddings, and the text tower: what descriptions do without.
        case embedding
    }

    /// Its key in the checkpoint.
    public let name: String
    /// Its key in the vision tower's own folder, where alone those for embeddings stand; `nil` for
    /// the other components' tensors.
    public let nameInTowerFolder: String?
    /// Row-major, outermost first.
    public let shape: [Int]
    /// What it is part of.
    public let component: Component

    /// Whether it is a linear layer's weight [outputs, inputs], which can be packed.
    ///
    /// Tables whose rows are looked up are matrices as well; the compressor's are used in parts; and
    /// the projections, which are small, are the last thing that an embedding goes through.
    public var isLinearWeight: Bool {
        shape.count == 2 && component != .compressor && name.hasSuffix(".weight")
            && !name.hasSuffix("_projection.weight")
            && !Self.tables.contains { name.hasSuffix($0) }
    }

    private static let tables = [
        "embed_tokens.weight", "position_embedding.weight", "token_embedding.weight",
    ]

    fileprivate static func all(of c: ModelConfiguration) -> [RequiredTensor] {
        let parts: [(Component, [TensorShape])] = [
            (.languageModel, LanguageModel.tensors(c.language)),
            (.preFusion, PreFusion.tensors(c)),
            (.projector, Projector.tensors(c)),
            (.compressor, Compressor.tensors(c)),
            (.concepts, Network.conceptTensors(c)),
            (.visionTower, c.vision.tensors(at: TowerWeights.keyInCheckpoint)),
        ]
        return parts.flatMap { component, tensors in
            tensors.map { RequiredTensor($0, component) }
        }
    }

    init(_ tensor: TensorShape, _ component: Component) {
        name = tensor.name
        shape = tensor.shape
        self.component = component
        if component == .embedding {
            nameInTowerFolder = name
            return
        }
        let towerKey = TowerWeights.keyInCheckpoint
        nameInTowerFolder =
            component == .visionTower
            ? TowerWeights.keyInOwnFolder + tensor.name.dropFirst(towerKey.count) : nil
    }
}

extension ModelConfiguration {
    /// Every tensor that a model of this configuration is loaded from.
    public var requiredTensors: [RequiredTensor] { RequiredTensor.all(of: self) }

    /// What the keys of a vision tower within the checkpoint begin with.
    public static var towerPrefix: String { "\(TowerWeights.keyInCheckpoint)." }

    /// Whether checkpoints of this kind hold a tensor although it is never computed with.
    ///
    /// - Parameter name: A key of the checkpoint, or of the vision tower's own folder, where a whole
    ///   CLIP may stand.
    /// - Returns: whether it may be left out.
    public func isSuperfluous(_ name: String) -> Bool {
        if name.hasSuffix(".rotary_emb.inv_freq") { return true }
        if name == "lm_head.weight" { return language.tiesEmbeddings }
        let towers = [TowerWeights.keyInCheckpoint, TowerWeights.keyInOwnFolder]
        guard let tower = towers.first(where: { name.hasPrefix("\($0).") }) else {
            let textTower = ["text_model.", "text_projection.", "visual_projection."]
            return ["logit_scale", "logit_bias"].contains(name)
                || textTower.contains { name.hasPrefix($0) }
        }
        return vision.isSuperfluous(name.dropFirst(tower.count + 1))
    }
}
