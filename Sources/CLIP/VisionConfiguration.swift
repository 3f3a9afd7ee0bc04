package import ModelLoading
import Tensor

/// What the model needs to know of a vision tower, whatever it is made of.
public protocol VisionShape: Equatable, Sendable {
    /// Numbers in the features of a place, a patch or a cell of a grid.
    var width: Int { get }
    /// Edge of the square input in pixels.
    var imageSize: Int { get }
    /// Places along an edge.
    var grid: Int { get }
    /// Numbers in the features of the whole picture, which an embedding is made of.
    var pooledWidth: Int { get }
    /// Those of them, from the first on, that are no largest values.
    var meanWidth: Int { get }
    /// Layers that the tower has; not all need be used.
    var layers: Int { get }
    /// Layers that run before the features are taken.
    var usedLayers: Int { get }
    /// Whether the features begin with those of a class token.
    var keepsClassToken: Bool { get }
}

/// The vision tower's shape, of the kind that `model_type` in its `config.json` names.
public enum VisionConfiguration: Equatable, Sendable {
    /// CLIP's vision transformer; also where `model_type` is absent.
    case clip(CLIPVisionConfiguration)
    /// `efficientnet_lite`: convolutions.
    case efficientNetLite(EfficientNetConfiguration)

    /// Reads the shape.
    ///
    /// - Parameters:
    ///   - tower: The tower's `config.json`.
    ///   - selection: What is taken of the features.
    /// - Throws: `ModelError` naming file and key.
    package init(
        tower: ConfigurationFile, selection: FeatureSelection
    ) throws(ModelError) {
        switch try tower.text("model_type", default: "clip") {
        case EfficientNetConfiguration.modelType:
            self = .efficientNetLite(
                try EfficientNetConfiguration(tower: tower, selection: selection))
        case let kind where kind.hasPrefix("clip"):
            self = .clip(try CLIPVisionConfiguration(tower: tower, selection: selection))
        case let other:
            throw tower.wrong(
                "model_type",
                "is '\(other.prefix(60))'; CLIP and '\(EfficientNetConfiguration.modelType)' are "
                    + "known")
        }
    }

    private var shape: any VisionShape {
        switch self {
        case .clip(let shape): shape
        case .efficientNetLite(let shape): shape
        }
    }

    /// `hidden_size`: numbers in a place's features.
    public var width: Int { shape.width }
    /// Numbers in the features of the whole picture, which an embedding is made of.
    public var pooledWidth: Int { shape.pooledWidth }
    /// Those of them, from the first on, that are no largest values.
    public var meanWidth: Int { shape.meanWidth }
    /// `image_size`: edge of the square input in pixels.
    public var imageSize: Int { shape.imageSize }
    /// Places along an edge.
    public var grid: Int { shape.grid }
    /// Layers that the tower has.
    public var layers: Int { shape.layers }
    /// Layers that run before the features are taken.
    public var usedLayers: Int { shape.usedLayers }
    /// Whether the features begin with those of a class token.
    public var keepsClassToken: Bool { shape.keepsClassToken }

    /// The tensors that the features of places take.
    package func tensors(at key: String) -> [TensorShape] {
        switch self {
        case .clip(let shape): CLIPVisionTower.tensors(at: key, shape)
        case .efficientNetLite(let shape): EfficientNetTower.tensors(at: key, shape)
        }
    }

    /// The tensors that the whole picture's features take beside them.
    package func poolingTensors(at key: String) -> [TensorShape] {
        switch self {
        case .clip(let shape): CLIPVisionTower.poolingTensors(at: key, shape)
        case .efficientNetLite: []
        }
    }

    /// Loads the tower.
    ///
    /// - Parameters:
    ///   - key: What the keys of its tensors begin with.
    ///   - poolingKey: What those begin with that the whole picture's features take; nil where these
    ///     are not to be had.
    ///   - weights: All of them.
    /// - Returns: the tower.
    /// - Throws: `ModelError` where a tensor is not among the weights.
    package func tower(
        at key: String, poolingKey: String?, from weights: WeightInventory
    ) throws -> any VisionTower {
        switch self {
        case .clip(let shape):
            try CLIPVisionTower(at: key, poolingKey: poolingKey, shape, from: weights)
        case .efficientNetLite(let shape): try EfficientNetTower(at: key, shape, from: weights)
        }
    }

    /// Whether checkpoints of the kind hold a tensor although it is never computed with; its name is
    /// that behind the tower's key.
    package func isSuperfluous(_ name: Substring) -> Bool {
        guard case .clip = self else { return false }
        if name == "embeddings.position_ids" || name.hasPrefix("post_layernorm.") { return true }
        guard let match = name.prefixMatch(of: /encoder\.layers\.([0-9]{1,4})\./) else {
            return false
        }
        return Int(match.1).map { $0 >= usedLayers } ?? false
    }

    /// Multiply-adds that a picture costs, of the layers that have most of them.
    public var multiplyAdds: Double {
        switch self {
        case .clip(let shape): shape.multiplyAdds
        case .efficientNetLite(let shape): shape.multiplyAdds
        }
    }
}
