import Tensor

/// CLIP's vision transformer, up to the layer whose output the model was trained on.
///
/// The layers after it, and `post_layernorm`, are neither loaded nor run.
struct VisionTower: Sendable {
    /// Where the tower's keys begin within a LLaVA-Mini checkpoint.
    static let keyInCheckpoint = "model.vision_tower.vision_tower.vision_model"
    /// Where they begin in a repository of the tower's own.
    static let keyInOwnFolder = "vision_model"

    private let configuration: VisionConfiguration
    /// [1, width].
    private let classEmbedding: Matrix
    /// A convolution without overlap or bias: [width, 3 × patch²].
    private let patchEmbedding: Linear
    /// [1 + patches, width], the class token's first.
    private let positions: Matrix
    private let preNorm: LayerNorm
    private let layers: [VisionLayer]

    static func tensors(at key: String, _ c: VisionConfiguration) -> [TensorShape] {
        [
            TensorShape("\(key).embeddings.class_embedding", c.width),
            TensorShape(
                "\(key).embeddings.patch_embedding.weight", c.width, 3, c.patchSize, c.patchSize),
            TensorShape(
                "\(key).embeddings.position_embedding.weight", c.grid * c.grid + 1, c.width),
        ] + TensorShape.layerNorm("\(key).pre_layrnorm", width: c.width)
            + (0..<c.usedLayers).flatMap {
                VisionLayer.tensors(at: "\(key).encoder.layers.\($0)", c)
            }
    }

    init(at key: String, _ c: VisionConfiguration, from weights: WeightInventory) throws {
        configuration = c
        classEmbedding = Matrix(
            rows: 1, columns: c.width,
            values: try weights.tensor("\(key).embeddings.class_embedding").floats)
        patchEmbedding = try weights.linear("\(key).embeddings.patch_embedding")
        positions = Matrix(try weights.tensor("\(key).embeddings.position_embedding.weight"))
        preNorm = try weights.layerNorm("\(key).pre_layrnorm", epsilon: c.epsilon)
        layers = try (0..<c.usedLayers).map {
            try VisionLayer(at: "\(key).encoder.layers.\($0)", c, from: weights)
        }
    }

    /// Pixel values [3, size, size] to features: [patches, width], with the class token's in
    /// front where the model keeps it.
    func callAsFunction(_ pixels: [Float], shouldStop: StopCheck) throws -> Matrix {
        let patches = Matrix.patches(
            of: pixels, channels: 3, size: configuration.imageSize,
            patch: configuration.patchSize)
        var hidden = Matrix(stacking: [classEmbedding, patchEmbedding(patches)])
        hidden += positions
        hidden = preNorm(hidden)
        for layer in layers {
            try checkForStop(shouldStop)
            hidden = layer(hidden)
        }
        return configuration.keepsClassToken ? hidden : hidden.rows(1..<hidden.rows)
    }
}

/// A pre-norm transformer layer: `x + attention(norm(x))`, then `x + mlp(norm(x))`.
private struct VisionLayer: Sendable {
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

    static func tensors(at key: String, _ c: VisionConfiguration) -> [TensorShape] {
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

    init(at key: String, _ c: VisionConfiguration, from weights: WeightInventory) throws {
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

    func callAsFunction(_ x: Matrix) -> Matrix {
        var hidden = x
        let normed = norm1(x)
        let keyValues = KeyValues(keys: key(normed), values: value(normed))
        hidden += output(attention(query(normed), over: [keyValues], mask: .none))
        var wide = expand(norm2(hidden))
        wide.apply(activation)
        hidden += contract(wide)
        return hidden
    }
}
