import Tensor

/// CLIP's vision transformer, up to the layer whose output the model was trained on.
///
/// The layers after it, and `post_layernorm`, are neither loaded nor run.
struct CLIPTower: VisionTower {
    private let configuration: CLIPConfiguration
    /// [1, width].
    private let classEmbedding: Matrix
    /// A convolution without overlap or bias: [width, 3 × patch²].
    private let patchEmbedding: Linear
    /// [1 + patches, width], the class token's first.
    private let positions: Matrix
    private let preNorm: LayerNorm
    private let layers: [CLIPLayer]

    static func tensors(at key: String, _ c: CLIPConfiguration) -> [TensorShape] {
        [
            TensorShape("\(key).embeddings.class_embedding", c.width),
            TensorShape(
                "\(key).embeddings.patch_embedding.weight", c.width, 3, c.patchSize, c.patchSize),
            TensorShape(
                "\(key).embeddings.position_embedding.weight", c.grid * c.grid + 1, c.width),
        ] + TensorShape.layerNorm("\(key).pre_layrnorm", width: c.width)
            + (0..<c.usedLayers).flatMap {
                CLIPLayer.tensors(at: "\(key).encoder.layers.\($0)", c)
            }
    }

    init(at key: String, _ c: CLIPConfiguration, from weights: WeightInventory) throws {
        configuration = c
        classEmbedding = Matrix(
            rows: 1, columns: c.width,
            values: try weights.tensor("\(key).embeddings.class_embedding").floats)
        patchEmbedding = try weights.linear("\(key).embeddings.patch_embedding")
        positions = Matrix(try weights.tensor("\(key).embeddings.position_embedding.weight"))
        preNorm = try weights.layerNorm("\(key).pre_layrnorm", epsilon: c.epsilon)
        layers = try (0..<c.usedLayers).map {
            try CLIPLayer(at: "\(key).encoder.layers.\($0)", c, from: weights)
        }
    }

    /// Rows that a picture has on its way through the tower: the class token's and the patches'.
    private var rowsPerPicture: Int { configuration.grid * configuration.grid + 1 }

    /// Pixel values [3, size, size] to features: [patches, width], with the class token's in
    /// front where the model keeps it.
    ///
    /// As many pictures go through the layers together as there is room for.
    ///
    /// - Parameters:
    ///   - pictures: Pixel values of each picture.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the features of each.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func callAsFunction(_ pictures: [[Float]], shouldStop: StopCheck) throws -> [Matrix] {
        try pictures.inPasses(rows: { _ in rowsPerPicture }).flatMap {
            try together($0, shouldStop: shouldStop)
        }
    }

    private func together(
        _ pictures: ArraySlice<[Float]>, shouldStop: StopCheck
    ) throws -> [Matrix] {
        var hidden = preNorm(embedded(pictures))
        for layer in layers {
            try checkForStop(shouldStop)
            hidden = layer(hidden, pictures: pictures.count)
        }
        let rows = rowsPerPicture
        let first = configuration.keepsClassToken ? 0 : 1
        return (0..<pictures.count).map { place in
            hidden.rows(place * rows + first..<(place + 1) * rows)
        }
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
