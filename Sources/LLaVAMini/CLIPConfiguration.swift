public import Tensor

/// The shape of CLIP's vision transformer, from its `config.json`, and what the model takes from it.
public struct CLIPConfiguration: VisionShape {
    /// `hidden_size`: numbers in a patch's features.
    public let width: Int
    /// `intermediate_size`.
    public let intermediateWidth: Int
    /// `num_attention_heads`; divides `width`.
    public let heads: Int
    /// `num_hidden_layers`: layers that the tower has; not all are used.
    public let layers: Int
    /// Layers that run before the features are taken, from `mm_vision_select_layer`.
    public let usedLayers: Int
    /// `image_size`: edge of the square input in pixels.
    public let imageSize: Int
    /// `patch_size`: edge of a patch in pixels.
    public let patchSize: Int
    /// `layer_norm_eps`.
    public let epsilon: Float
    /// `hidden_act`.
    public let activation: Activation
    /// `mm_vision_select_feature` is `cls_patch`: the features begin with the class token's.
    public let keepsClassToken: Bool

    /// Patches along an edge.
    public var grid: Int { imageSize / patchSize }

    /// Patches along an edge that memory and patience allow.
    private static let largestGrid = 128

    /// Reads the shape; keys that are absent have the defaults of Hugging Face's CLIP.
    ///
    /// - Parameters:
    ///   - tower: The tower's `config.json`, of the vision model alone or of a whole CLIP.
    ///   - model: The checkpoint's `config.json`.
    /// - Throws: `ModelError` naming file and key.
    init(tower: ConfigurationFile, model: ConfigurationFile) throws(ModelError) {
        let file = try tower.object("vision_config") ?? tower
        width = try file.integer("hidden_size", in: 1...65_536, default: 768)
        intermediateWidth = try file.integer(
            "intermediate_size", in: 1...1_048_576, default: 3072)
        heads = try file.integer("num_attention_heads", in: 1...1024, default: 12)
        guard width.isMultiple(of: heads) else {
            throw file.wrong(
                "num_attention_heads", "is \(heads), which does not divide 'hidden_size' \(width)")
        }
        layers = try file.integer("num_hidden_layers", in: 1...1024, default: 12)
        imageSize = try file.integer("image_size", in: 1...4096, default: 224)
        patchSize = try file.integer("patch_size", in: 1...imageSize, default: 32)
        guard imageSize / patchSize <= Self.largestGrid else {
            throw file.wrong(
                "patch_size", "is \(patchSize), too many patches for 'image_size' \(imageSize)")
        }
        _ = try file.integer("num_channels", in: 3...3, default: 3)
        epsilon = Float(try file.number("layer_norm_eps", in: 0...1, default: 1e-5))
        activation = try Self.activation(file)
        usedLayers = try Self.usedLayers(model, layers: layers)
        keepsClassToken = try Self.keepsClassToken(model)
    }

    private static func activation(_ file: ConfigurationFile) throws(ModelError) -> Activation {
        switch try file.text("hidden_act", default: "quick_gelu") {
        case "quick_gelu": return .quickGELU
        case "gelu": return .gelu
        case let other:
            throw file.wrong(
                "hidden_act", "is '\(other.prefix(60))'; 'quick_gelu' and 'gelu' are known")
        }
    }

    /// `hidden_states[k]` is what k layers leave; a negative k counts from the end.
    private static func usedLayers(
        _ model: ConfigurationFile, layers: Int
    ) throws(ModelError) -> Int {
        let selected = try model.integer(
            "mm_vision_select_layer", in: (-layers - 1)...layers, default: -2)
        return selected >= 0 ? selected : layers + 1 + selected
    }

    private static func keepsClassToken(_ model: ConfigurationFile) throws(ModelError) -> Bool {
        switch try model.text("mm_vision_select_feature", default: "patch") {
        case "patch": return false
        case "cls_patch": return true
        case let other:
            throw model.wrong(
                "mm_vision_select_feature",
                "is '\(other.prefix(60))'; 'patch' and 'cls_patch' are known")
        }
    }

    /// Of the linear layers that run, for one picture.
    var multiplyAdds: Double {
        let layer = 4 * width * width + 2 * width * intermediateWidth
        return Double(grid * grid + 1) * Double(usedLayers * layer)
    }
}
