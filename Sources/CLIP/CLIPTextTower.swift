import ModelLoading
import Tensor

/// CLIP's text transformer: causal, pre-norm.
struct CLIPTextTower: Sendable {
    private let tokens: EmbeddingTable
    /// [positions, width].
    private let positions: Matrix
    private let layers: [CLIPLayer]
    private let norm: LayerNorm

    static func tensors(at key: String, _ c: CLIPTextConfiguration) -> [TensorShape] {
        [
            TensorShape(
                "\(key).embeddings.token_embedding.weight", c.vocabularySize, c.stack.width),
            TensorShape("\(key).embeddings.position_embedding.weight", c.positions, c.stack.width),
        ]
            + (0..<c.stack.layers).flatMap {
                CLIPLayer.tensors(at: "\(key).encoder.layers.\($0)", c.stack)
            } + TensorShape.layerNorm("\(key).final_layer_norm", width: c.stack.width)
    }

    init(at key: String, _ c: CLIPTextConfiguration, from weights: WeightInventory) throws {
        tokens = EmbeddingTable(try weights.tensor("\(key).embeddings.token_embedding.weight"))
        positions = Matrix(try weights.tensor("\(key).embeddings.position_embedding.weight"))
        layers = try (0..<c.stack.layers).map {
            try CLIPLayer(at: "\(key).encoder.layers.\($0)", c.stack, from: weights)
        }
        norm = try weights.layerNorm("\(key).final_layer_norm", epsilon: c.stack.epsilon)
    }

    /// Token ids of several texts to their hidden states behind the last norm, one text's after the
    /// other's: [tokens, width].
    ///
    /// - Precondition: every id is in the vocabulary, and no text is longer than there are positions.
    func callAsFunction(_ texts: [[Int]], shouldStop: StopCheck) throws -> Matrix {
        let sequences = [Range<Int>].consecutive(texts.map(\.count))
        var hidden = tokens(texts.flatMap { $0 })
        hidden += positions.gathering(sequences.flatMap { Array(0..<$0.count) })
        for layer in layers {
            try checkForStop(shouldStop)
            hidden = layer(hidden, sequences: sequences, mask: .causal)
        }
        return norm(hidden)
    }
}
