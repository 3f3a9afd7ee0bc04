import ModelLoading
import Tensor

/// CLIP's vision transformer.
///
/// A LLaVA takes the features before the last layer. The layers behind that, and `post_layernorm`,
/// run for a picture's embedding alone, the last one for the class token alone.
struct CLIPVisionTower: VisionTower {
    private let configuration: CLIPVisionConfiguration
    /// [1, width].
    private let classEmbedding: Matrix
    /// A convolution without overlap or bias: [width, 3 × patch²].
    private let patchEmbedding: Linear
    /// [1 + patches, width], the class token's first.
    private let positions: Matrix
    private let preNorm: LayerNorm
    private let layers: [CLIPLayer]
    private let pooling: Pooling?

    /// What leads from the features to the whole picture's.
    private struct Pooling {
        let layers: [CLIPLayer]
        let norm: LayerNorm
    }

    /// The tensors that the features take.
    static func tensors(at key: String, _ c: CLIPVisionConfiguration) -> [TensorShape] {
        [
            TensorShape("\(key).embeddings.class_embedding", c.width),
            TensorShape(
                "\(key).embeddings.patch_embedding.weight", c.width, 3, c.patchSize, c.patchSize),
            TensorShape(
                "\(key).embeddings.position_embedding.weight", c.grid * c.grid + 1, c.width),
        ] + TensorShape.layerNorm("\(key).pre_layrnorm", width: c.width)
            + (0..<c.usedLayers).flatMap {
                CLIPLayer.tensors(at: "\(key).encoder.layers.\($0)", c.stack)
            }
    }

    /// The tensors that the whole picture's features take beside them.
    static func poolingTensors(at key: String, _ c: CLIPVisionConfiguration) -> [TensorShape] {
        (c.usedLayers..<c.layers).flatMap {
            CLIPLayer.tensors(at: "\(key).encoder.layers.\($0)", c.stack)
        } + TensorShape.layerNorm("\(key).post_layernorm", width: c.width)
    }

    init(
        at key: String, poolingKey: String?, _ c: CLIPVisionConfiguration,
        from weights: WeightInventory
    ) throws {
        configuration = c
        classEmbedding = Matrix(
            rows: 1, columns: c.width,
            values: try weights.tensor("\(key).embeddings.class_embedding").floats)
        patchEmbedding = try weights.linear("\(key).embeddings.patch_embedding")
        positions = Matrix(try weights.tensor("\(key).embeddings.position_embedding.weight"))
        preNorm = try weights.layerNorm("\(key).pre_layrnorm", epsilon: c.stack.epsilon)
        layers = try (0..<c.usedLayers).map {
            try CLIPLayer(at: "\(key).encoder.layers.\($0)", c.stack, from: weights)
        }
        pooling = try poolingKey.map { key in
            Pooling(
                layers: try (c.usedLayers..<c.layers).map {
                    try CLIPLayer(at: "\(key).encoder.layers.\($0)", c.stack, from: weights)
                },
                norm: try weights.layerNorm("\(key).post_layernorm", epsilon: c.stack.epsilon))
        }
    }

    var canPool: Bool { pooling != nil }

    /// Rows that a picture has on its way through the tower: the class token's and the patches'.
    private var rowsPerPicture: Int { configuration.grid * configuration.grid + 1 }

    /// As many pictures go through the layers together as there is room for.
    func callAsFunction(
        _ pictures: [[Float]], pooling: Bool, shouldStop: StopCheck
    ) throws -> [VisionFeatures] {
        try pictures.inPasses(rows: { _ in rowsPerPicture }).flatMap {
            try together($0, pooling: pooling, shouldStop: shouldStop)
        }
    }

    private func together(
        _ pictures: ArraySlice<[Float]>, pooling: Bool, shouldStop: StopCheck
    ) throws -> [VisionFeatures] {
        let sequences = [Range<Int>].equal(pictures.count, of: rowsPerPicture)
        var hidden = preNorm(embedded(pictures))
        for layer in layers {
            try checkForStop(shouldStop)
            hidden = layer(hidden, sequences: sequences, mask: .none)
        }
        let pooled = pooling ? try pool(hidden, sequences, shouldStop: shouldStop) : nil
        let first = configuration.keepsClassToken ? 0 : 1
        return sequences.enumerated().map { place, rows in
            VisionFeatures(
                places: hidden.rows(rows.lowerBound + first..<rows.upperBound),
                pooled: pooled?.rows(place..<place + 1))
        }
    }

    /// The class tokens behind the last layer, normalised: [pictures, width].
    private func pool(
        _ features: Matrix, _ sequences: [Range<Int>], shouldStop: StopCheck
    ) throws -> Matrix? {
        guard let pooling else { return nil }
        var hidden = features
        for layer in pooling.layers.dropLast() {
            try checkForStop(shouldStop)
            hidden = layer(hidden, sequences: sequences, mask: .none)
        }
        let classTokens =
            pooling.layers.last?.first(hidden, sequences: sequences)
            ?? hidden.gathering(sequences.map(\.lowerBound))
        return pooling.norm(classTokens)
    }

    /// Patches with their class token in front and positions added: [pictures × rows, width].
    private func embedded(_ pictures: ArraySlice<[Float]>) -> Matrix {
        let patches = pictures.map {
            Matrix.patches(
                of: $0, channels: 3, size: configuration.imageSize,
                patch: configuration.patchSize)
        }
        let projected = patchEmbedding(Matrix(stacking: patches))
        let count = configuration.grid * configuration.grid
        return Matrix(
            stacking: patches.indices.map { place in
                var rows = Matrix(
                    stacking: [
                        classEmbedding, projected.rows(place * count..<(place + 1) * count),
                    ])
                rows += positions
                return rows
            })
    }
}
