import CLIP
import ModelLoading
import Tensor

/// Learned queries that attend to all patches: an image's patches to C² tokens.
///
/// Keys of the checkpoint: `query` and `pos_embed` [C², width], `ln_q`, `ln_kv`, and torch's
/// `MultiheadAttention` under `attn` with its three input projections packed into one.
struct Compressor: Sendable {
    /// Heads, whatever the width.
    static let heads = 8
    private static let key = "model.compressor"
    private static let epsilon: Float = 1e-5

    /// Queries along an edge of their grid.
    private let size: Int
    /// `(LN_q(query) + pos_embed) W_q + b_q`, the same for every image: [C², width].
    private let query: Matrix
    /// [C², width].
    private let positions: Matrix
    private let normKeyValue: LayerNorm
    private let keyProjection: Linear
    private let valueProjection: Linear
    private let output: Linear
    private let attention: MultiHeadAttention

    static func tensors(_ c: ModelConfiguration) -> [TensorShape] {
        let (queries, width) = (c.compressorSize * c.compressorSize, c.vision.width)
        return [
            TensorShape("\(key).query", queries, width),
            TensorShape("\(key).pos_embed", queries, width),
            TensorShape("\(key).attn.in_proj_weight", 3 * width, width),
            TensorShape("\(key).attn.in_proj_bias", 3 * width),
        ]
            + TensorShape.linear(
                "\(key).attn.out_proj", inputs: width, outputs: width, hasBias: true)
            + TensorShape.layerNorm("\(key).ln_q", width: width)
            + TensorShape.layerNorm("\(key).ln_kv", width: width)
    }

    init(_ c: ModelConfiguration, from weights: WeightInventory) throws {
        let (key, width) = (Self.key, c.vision.width)
        size = c.compressorSize
        positions = Matrix(try weights.tensor("\(key).pos_embed"))
        normKeyValue = try weights.layerNorm("\(key).ln_kv", epsilon: Self.epsilon)

        let packedWeight = try weights.tensor("\(key).attn.in_proj_weight")
        let packedBias = try weights.tensor("\(key).attn.in_proj_bias")
        let projections = (0..<3).map { index in
            let rows = index * width..<(index + 1) * width
            return Linear(weight: packedWeight.rows(rows), bias: packedBias.rows(rows))
        }
        keyProjection = projections[1]
        valueProjection = projections[2]
        output = try weights.linear("\(key).attn.out_proj")
        attention = MultiHeadAttention(
            heads: Self.heads, keyValueHeads: Self.heads, headWidth: width / Self.heads)

        let normQuery = try weights.layerNorm("\(key).ln_q", epsilon: Self.epsilon)
        var placed = normQuery(Matrix(try weights.tensor("\(key).query")))
        placed += positions
        query = projections[0](placed)
    }

    /// Compresses features [patches, width], or [1 + patches, width] with the class token's first.
    ///
    /// - Parameters:
    ///   - features: Patches row by row over a grid of `grid × grid`.
    ///   - grid: Patches along an edge.
    /// - Returns: the tokens [C², width] before the projector, and the attention that each pays to
    ///   each patch, in each head: [C², patches].
    func callAsFunction(_ features: Matrix, grid: Int) -> (tokens: Matrix, attention: [Matrix]) {
        let extra = features.rows - grid * grid
        let values = normKeyValue(features)
        var keys = values
        keys += placement(grid: grid, extra: extra)
        let (attended, weights) = attention.withWeights(
            query,
            over: [KeyValues(keys: keyProjection(keys), values: valueProjection(values))],
            mask: .none)
        return (
            output(attended),
            extra == 0 ? weights : weights.map { $0.columns(extra..<$0.columns) }
        )
    }

    /// Position embeddings of the patches; the class token has no place in the grid and gets none.
    private func placement(grid: Int, extra: Int) -> Matrix {
        let placed = PositionResampling.resample(positions, from: size, to: grid)
        return Matrix(stacking: [Matrix(rows: extra, columns: placed.columns), placed])
    }
}
