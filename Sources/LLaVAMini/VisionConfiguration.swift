import Tensor

/// What the model needs to know of a vision tower, whatever it is made of.
public protocol VisionShape: Equatable, Sendable {
    /// Numbers in the features of a place, a patch or a cell of a grid.
    var width: Int { get }
    /// Edge of the square input in pixels.
    var imageSize: Int { get }
    /// Places along an edge.
    var grid: Int { get }
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
    case clip(CLIPConfiguration)
    /// `efficientnet_lite`: convolutions.
    case efficientNetLite(EfficientNetConfiguration)

    /// Where the tower's keys begin within a LLaVA-Mini checkpoint.
    static let keyInCheckpoint = "model.vision_tower.vision_tower.vision_model"
    /// Where they begin in a repository of the tower's own.
    static let keyInOwnFolder = "vision_model"

    /// Reads the shape.
    ///
    /// - Parameters:
    ///   - tower: The tower's `config.json`.
    ///   - model: The checkpoint's `config.json`.
    /// - Throws: `ModelError` naming file and key.
    init(tower: ConfigurationFile, model: ConfigurationFile) throws(ModelError) {
        switch try tower.text("model_type", default: "clip") {
        case EfficientNetConfiguration.modelType:
            self = .efficientNetLite(try EfficientNetConfiguration(tower: tower, model: model))
        case let kind where kind.hasPrefix("clip"):
            self = .clip(try CLIPConfiguration(tower: tower, model: model))
        case let other:
            throw tower.wrong(
                "model_type",
                "is '\(other.prefix(60))'; CLIP and '\(EfficientNetConfiguration.modelType)' are "
                    + "known")
        }
        let expected = try model.integer("mm_hidden_size", in: 1...65_536, default: width)
        guard expected == width else {
            throw model.wrong(
                "mm_hidden_size", "is \(expected), but the vision tower's width is \(width)")
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

    /// The tensors that the tower is loaded from.
    func tensors(at key: String) -> [TensorShape] {
        switch self {
        case .clip(let shape): CLIPTower.tensors(at: key, shape)
        case .efficientNetLite(let shape): EfficientNetTower.tensors(at: key, shape)
        }
    }

    /// Loads the tower.
    ///
    /// - Throws: `ModelError` where a tensor is not among the weights.
    func tower(at key: String, from weights: WeightInventory) throws -> any VisionTower {
        switch self {
        case .clip(let shape): try CLIPTower(at: key, shape, from: weights)
        case .efficientNetLite(let shape): try EfficientNetTower(at: key, shape, from: weights)
        }
    }

    /// Whether checkpoints of the kind hold a tensor although it is never computed with; its name is
    /// that behind the tower's key.
    func isSuperfluous(_ name: Substring) -> Bool {
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

/// From pixels to the features of a picture's places.
protocol VisionTower: Sendable {
    /// Pixel values [3, size, size] to features: [places, width], with a class token's in front where
    /// the model keeps it.
    ///
    /// - Parameters:
    ///   - pictures: Pixel values of each picture.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the features of each.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func callAsFunction(_ pictures: [[Float]], shouldStop: StopCheck) throws -> [Matrix]
}
