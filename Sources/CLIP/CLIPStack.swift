import ModelLoading
public import Tensor

/// The shape of a stack of CLIP's transformer layers; the vision and the text tower have one each.
public struct CLIPStack: Equatable, Sendable {
    /// `hidden_size`: numbers in a position's hidden state.
    public let width: Int
    /// `intermediate_size`.
    public let intermediateWidth: Int
    /// `num_attention_heads`; divides `width`.
    public let heads: Int
    /// `num_hidden_layers`.
    public let layers: Int
    /// `layer_norm_eps`.
    public let epsilon: Float
    /// `hidden_act`.
    public let activation: Activation

    /// What a key's absence stands for in Hugging Face's CLIP.
    struct Defaults {
        let width: Int
        let intermediateWidth: Int
        let heads: Int

        static let vision = Defaults(width: 768, intermediateWidth: 3072, heads: 12)
        static let text = Defaults(width: 512, intermediateWidth: 2048, heads: 8)
    }

    /// Reads the shape.
    ///
    /// - Throws: `ModelError` naming file and key.
    init(_ file: ConfigurationFile, defaults: Defaults) throws(ModelError) {
        width = try file.integer("hidden_size", in: 1...65_536, default: defaults.width)
        intermediateWidth = try file.integer(
            "intermediate_size", in: 1...1_048_576, default: defaults.intermediateWidth)
        heads = try file.integer("num_attention_heads", in: 1...1024, default: defaults.heads)
        guard width.isMultiple(of: heads) else {
            throw file.wrong(
                "num_attention_heads", "is \(heads), which does not divide 'hidden_size' \(width)")
        }
        layers = try file.integer("num_hidden_layers", in: 1...1024, default: 12)
        epsilon = Float(try file.number("layer_norm_eps", in: 0...1, default: 1e-5))
        switch try file.text("hidden_act", default: "quick_gelu") {
        case "quick_gelu": activation = .quickGELU
        case "gelu": activation = .gelu
        case let other:
            throw file.wrong(
                "hidden_act", "is '\(other.prefix(60))'; 'quick_gelu' and 'gelu' are known")
        }
    }

    /// Of a layer's linear layers, for one position.
    var multiplyAddsPerLayer: Int { 4 * width * width + 2 * width * intermediateWidth }
}
