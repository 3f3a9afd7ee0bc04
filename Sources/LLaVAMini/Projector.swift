import CLIP
import ModelLoading
import Tensor

/// From the vision tower's width to the language model's: linear layers with exact GELU between.
struct Projector: Sendable {
    private static let key = "model.mm_projector"
    private let layers: [Linear]

    /// The layers' keys: their places in a sequence whose odd places are the activations.
    private static func keys(_ c: ModelConfiguration) -> [String] {
        switch c.projector {
        case .linear: [key]
        case .perceptron(let layers): (0..<layers).map { "\(key).\(2 * $0)" }
        }
    }

    static func tensors(_ c: ModelConfiguration) -> [TensorShape] {
        keys(c).enumerated().flatMap { index, key in
            TensorShape.linear(
                key, inputs: index == 0 ? c.vision.width : c.language.width,
                outputs: c.language.width, hasBias: true)
        }
    }

    init(_ c: ModelConfiguration, from weights: WeightInventory) throws {
        layers = try Self.keys(c).map { try weights.linear($0) }
    }

    /// [rows, vision width] to [rows, language width].
    func callAsFunction(_ features: Matrix) -> Matrix {
        var hidden = features
        for (index, layer) in layers.enumerated() {
            if index > 0 { hidden.apply(.gelu) }
            hidden = layer(hidden)
        }
        return hidden
    }
}
