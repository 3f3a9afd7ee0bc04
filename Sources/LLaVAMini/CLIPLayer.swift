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

    static func tensors(at key: String, _ c: CLIPConfiguration) -> [TensorShape] {
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

    init(at key: String, _ c: CLIPConfiguration, from weights: WeightInventory) throws {
        norm1 = try weights.layerNorm("\(key).layer_norm1", epsilon: c.epsilon)
        query = try weights.linear("\(key).self_attn.q_proj")
        self.key = try weights.linear("\(key).self_attn.k_proj")
        value = try weights.linear("\(key).self_attn.v_proj")
        output = try weights.linear("\(key).self_attn.out_proj")
        attention = MultiHeadAttention(
            heads: c.heads, keyValueHeads: c.heads, headWidth: c.width / c.heads)
        norm2 = try weights.layerNorm("\(key).layer_norm2", epsilon: c.epsilon)
        expand = try weights.linear("\(key).mlp.fc1")
        activation = c.activation
        contract = try weights.linear("\(key).mlp.fc2")
    }

    /// Runs the rows of several pictures, all of equal length, through the layer.
    ///
    /// Each weight is read once for all of them; every picture attends to itself alone.
    ///
    /// - Parameters:
    ///   - x: Hidden states [pictures × rows, width], one picture's after the other's.
    ///   - pictures: How many pictures there are.
    /// - Returns: hidden states of that shape.
    func callAsFunction(_ x: Matrix, pictures: Int) -> Matrix {
        var hidden = x
        let projected = Linear.all([query, key, value], of: norm1(x))
        let keyValues = KeyValues(keys: projected[1], values: projected[2])
        let parts = [Range<Int>].equal(pictures, of: x.rows / max(pictures, 1)).map { rows in
            AttentionPart(rows: rows, segments: [keyValues.rows(rows)], mask: .none)
        }
        hidden += output(attention(projected[0], parts: parts))
        var wide = expand(norm2(hidden))
        wide.apply(activation)
        hidden += contract(wide)
        return hidden
    }
}
