import ModelLoading
import Tensor

/// A pre-norm transformer layer: `x + attention(norm(x))`, then `x + mlp(norm(x))`.
struct CLIPLayer: Sendable {
    private let norm1: LayerNorm
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: Linear
    private let attention: MultiHeadAttention
    private let norm2: LayerNorm
    private let expand: Linear
    private let activation: Activation
    private let contract: Linear

    static func tensors(at key: String, _ c: CLIPStack) -> [TensorShape] {
        let (width, wide) = (c.width, c.intermediateWidth)
        return TensorShape.layerNorm("\(key).layer_norm1", width: width)
            + TensorShape.layerNorm("\(key).layer_norm2", width: width)
            + ["q_proj", "k_proj", "v_proj", "out_proj"].flatMap {
                TensorShape.linear(
                    "\(key).self_attn.\($0)", inputs: width, outputs: width, hasBias: true)
            }
            + TensorShape.linear("\(key).mlp.fc1", inputs: width, outputs: wide, hasBias: true)
            + TensorShape.linear("\(key).mlp.fc2", inputs: wide, outputs: width, hasBias: true)
    }

    init(at key: String, _ c: CLIPStack, from weights: WeightInventory) throws {
        norm1 = try weights.layerNorm("\(key).layer_norm1", epsilon: c.epsilon)
        query = try weights.linear("\(key).self_attn.q_proj")
        self.key = try weights.linear("\(key).self_attn.k_proj")
        value = try weights.linear("\(key).self_attn.v_proj")
        output = try weights.linear("\(key).self_attn.out_proj")
        attention = MultiHeadAttention(
            heads: c.heads, keyValueHeads: c.heads, headWidth: c.width / c.heads,
            rounds: [query, self.key, value, output].allSatisfy(\.roundsRows))
        norm2 = try weights.layerNorm("\(key).layer_norm2", epsilon: c.epsilon)
        expand = try weights.linear("\(key).mlp.fc1")
        activation = c.activation
        contract = try weights.linear("\(key).mlp.fc2")
    }

    /// Runs several sequences through the layer, each of which attends to itself alone.
    ///
    /// Each weight is read once for all of them.
    ///
    /// - Parameters:
    ///   - x: Hidden states [rows, width], one sequence's after the other's.
    ///   - sequences: Where each lies.
    ///   - mask: What a position sees of its sequence.
    /// - Returns: hidden states of that shape.
    func callAsFunction(_ x: Matrix, sequences: [Range<Int>], mask: AttentionMask) -> Matrix {
        let projected = Linear.all([query, key, value], of: norm1(x))
        let keyValues = KeyValues(keys: projected[1], values: projected[2])
        let parts = sequences.map { rows in
            AttentionPart(rows: rows, segments: [keyValues.rows(rows)], mask: mask)
        }
        return finished(x, attention(projected[0], parts: parts))
    }

    /// As all of it, but for the first position of each sequence alone: [sequences, width].
    ///
    /// Keys and values are the only products of the other positions that it needs.
    func first(_ x: Matrix, sequences: [Range<Int>]) -> Matrix {
        let places = sequences.map(\.lowerBound)
        let normed = norm1(x)
        let projected = Linear.all([key, value], of: normed)
        let keyValues = KeyValues(keys: projected[0], values: projected[1])
        let parts = sequences.enumerated().map { place, rows in
            AttentionPart(
                rows: place..<place + 1, segments: [keyValues.rows(rows)], mask: .none)
        }
        let attended = attention(query(normed.gathering(places)), parts: parts)
        return finished(x.gathering(places), attended)
    }

    /// Adds what was attended to, and runs the perceptron.
    private func finished(_ x: Matrix, _ attended: Matrix) -> Matrix {
        var hidden = x
        hidden += output(attended)
        var wide = expand(norm2(hidden))
        wide.apply(activation)
        hidden += contract(wide)
        return hidden
    }
}
