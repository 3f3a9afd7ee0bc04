import ModelLoading
import Tensor

/// A Llama decoder layer: `x + attention(norm(x))`, then `x + mlp(norm(x))`.
///
/// Pre-fusion and the language model are made of the same layer. Which keys the queries see, and
/// where keys and values are kept, is the caller's.
struct DecoderLayer: Sendable {
    /// Rows that the MLP computes at once.
    ///
    /// Its inner width is several times the layer's, and so is what more rows would take in memory; each weight is then
    /// used often enough that reading it again costs nothing.
    private static let mostRows = 768

    private let inputNorm: RMSNorm
    /// [heads × headWidth, width].
    private let query: Linear
    /// [keyValueHeads × headWidth, width].
    private let key: Linear
    /// [keyValueHeads × headWidth, width].
    private let value: Linear
    /// [width, heads × headWidth].
    private let output: Linear
    private let postAttentionNorm: RMSNorm
    /// [intermediate, width].
    private let gate: Linear
    /// [intermediate, width].
    private let up: Linear
    /// [width, intermediate].
    private let down: Linear

    /// How exactly keys and values need be kept: those of packed weights are rounded already.
    var precision: KeyValues.Precision { key.isPacked && value.isPacked ? .half : .single }

    /// Whether attention may round as coarsely as the products around it do.
    var roundsRows: Bool { [query, key, value, output].allSatisfy(\.roundsRows) }

    static func tensors(at key: String, _ c: LanguageConfiguration) -> [TensorShape] {
        let (width, wide) = (c.width, c.intermediateWidth)
        let (queries, keys) = (c.heads * c.headWidth, c.keyValueHeads * c.headWidth)
        let attention = [("q_proj", queries), ("k_proj", keys), ("v_proj", keys)].flatMap {
            TensorShape.linear(
                "\(key).self_attn.\($0.0)", inputs: width, outputs: $0.1,
                hasBias: c.attentionBias)
        }
        let mlp = ["gate_proj", "up_proj"].flatMap {
            TensorShape.linear("\(key).mlp.\($0)", inputs: width, outputs: wide, hasBias: c.mlpBias)
        }
        return attention + mlp
            + TensorShape.linear(
                "\(key).self_attn.o_proj", inputs: queries, outputs: width,
                hasBias: c.attentionBias)
            + TensorShape.linear(
                "\(key).mlp.down_proj", inputs: wide, outputs: width, hasBias: c.mlpBias)
            + [
                TensorShape("\(key).input_layernorm.weight", width),
                TensorShape("\(key).post_attention_layernorm.weight", width),
            ]
    }

    init(at key: String, _ c: LanguageConfiguration, from weights: WeightInventory) throws {
        inputNorm = try weights.rmsNorm("\(key).input_layernorm", epsilon: c.epsilon)
        query = try weights.linear("\(key).self_attn.q_proj")
        self.key = try weights.linear("\(key).self_attn.k_proj")
        value = try weights.linear("\(key).self_attn.v_proj")
        output = try weights.linear("\(key).self_attn.o_proj")
        postAttentionNorm = try weights.rmsNorm(
            "\(key).post_attention_layernorm", epsilon: c.epsilon)
        gate = try weights.linear("\(key).mlp.gate_proj")
        up = try weights.linear("\(key).mlp.up_proj")
        down = try weights.linear("\(key).mlp.down_proj")
    }

    /// Runs rows through the layer.
    ///
    /// - Parameters:
    ///   - x: Hidden states [rows, width].
    ///   - rotation: The angles of the rows.
    ///   - asked: Rows that are asked for; the others give keys and values and nothing else. All
    ///     where `nil`.
    ///   - attend: Takes in the new keys and values, all rows', and attends to them and to those
    ///     before: queries [asked, heads × headWidth] to a result of that shape.
    /// - Returns: hidden states of the rows that are asked for.
    func callAsFunction(
        _ x: Matrix, rotation: Rotation, asked: AskedRows? = nil,
        attend: (_ queries: Matrix, _ new: KeyValues) -> Matrix
    ) -> Matrix {
        let normed = inputNorm(x)
        var (queries, keys, values) = projected(normed, asked: asked)
        rotation.apply(to: &keys)
        (asked?.rotation ?? rotation).apply(to: &queries)

        var hidden = asked.map { x.gathering($0.rows) } ?? x
        hidden += output(attend(queries, KeyValues(keys: keys, values: values)))
        hidden += mlp(hidden)
        return hidden
    }

    private func mlp(_ hidden: Matrix) -> Matrix {
        guard hidden.rows > Self.mostRows else { return mlp(of: hidden) }
        let parts = (hidden.rows + Self.mostRows - 1) / Self.mostRows
        return Matrix(
            stacking: (0..<parts).map { part in
                let rows = part * hidden.rows / parts..<(part + 1) * hidden.rows / parts
                return mlp(of: hidden.rows(rows))
            })
    }

    private func mlp(of hidden: Matrix) -> Matrix {
        let inner = Linear.all([gate, up], of: postAttentionNorm(hidden))
        var wide = inner[0]
        wide.gateWithSiLU(inner[1])
        return down(wide)
    }

    private func projected(
        _ normed: Matrix, asked: AskedRows?
    ) -> (queries: Matrix, keys: Matrix, values: Matrix) {
        guard let asked else {
            let all = Linear.all([query, key, value], of: normed)
            return (all[0], all[1], all[2])
        }
        let all = Linear.all([key, value], of: normed)
        return (query(normed.gathering(asked.rows)), all[0], all[1])
    }
}

/// The rows of a sequence whose hidden states somebody wants.
///
/// What the last layer of a stack makes of the others nobody sees.
struct AskedRows {
    let rows: [Int]
    /// The angles of these rows.
    let rotation: Rotation
}
