import ModelLoading
import Tensor

/// EfficientNet-Lite up to its last convolution, and a map from there to the model's width.
///
/// Batch norms are folded into the convolutions. Between layers a picture is [places, channels], so that
/// convolutions of one place are linear layers.
struct EfficientNetTower: VisionTower {
    /// Widen, filter every channel by itself, narrow.
    private struct Block {
        let shape: EfficientNetConfiguration.Block
        let expand: Linear?
        let depthwise: DepthwiseConvolution
        let project: Linear

        func callAsFunction(_ x: Matrix) -> Matrix {
            var wide = x
            if let expand {
                wide = expand(x)
                wide.apply(.relu6)
            }
            var narrow = project(depthwise(wide, edge: shape.edge))
            if shape.adds { narrow += x }
            return narrow
        }
    }

    private let configuration: EfficientNetConfiguration
    private let stem: Linear
    private let blocks: [Block]
    private let head: Linear
    private let neck: Linear
    private let norm: LayerNorm
    /// [grid², width].
    private let positions: Matrix

    static func tensors(at key: String, _ c: EfficientNetConfiguration) -> [TensorShape] {
        let edge = EfficientNetConfiguration.stemKernel
        let last = c.blocks.last?.outputs ?? c.stem
        return [
            TensorShape("\(key).stem.weight", c.stem, 3, edge, edge),
            TensorShape("\(key).stem.bias", c.stem),
            TensorShape("\(key).position_embedding.weight", c.grid * c.grid, c.width),
        ] + c.blocks.enumerated().flatMap { tensors(at: "\(key).blocks.\($0)", $1) }
            + TensorShape.linear("\(key).head", inputs: last, outputs: c.head, hasBias: true)
            + TensorShape.linear("\(key).neck", inputs: c.head, outputs: c.width, hasBias: true)
            + TensorShape.layerNorm("\(key).norm", width: c.width)
    }

    private static func tensors(
        at key: String, _ block: EfficientNetConfiguration.Block
    ) -> [TensorShape] {
        let expand =
            block.wide == block.inputs
            ? []
            : TensorShape.linear(
                "\(key).expand", inputs: block.inputs, outputs: block.wide, hasBias: true)
        return expand + [
            TensorShape("\(key).depthwise.weight", block.wide, 1, block.kernel, block.kernel),
            TensorShape("\(key).depthwise.bias", block.wide),
        ]
            + TensorShape.linear(
                "\(key).project", inputs: block.wide, outputs: block.outputs, hasBias: true)
    }

    init(at key: String, _ c: EfficientNetConfiguration, from weights: WeightInventory) throws {
        configuration = c
        stem = try weights.linear("\(key).stem")
        blocks = try c.blocks.enumerated().map { index, shape in
            let name = "\(key).blocks.\(index)"
            return Block(
                shape: shape,
                expand: shape.wide == shape.inputs ? nil : try weights.linear("\(name).expand"),
                depthwise: DepthwiseConvolution(
                    weight: try weights.tensor("\(name).depthwise.weight"),
                    bias: try weights.tensor("\(name).depthwise.bias"), stride: shape.stride),
                project: try weights.linear("\(name).project"))
        }
        head = try weights.linear("\(key).head")
        neck = try weights.linear("\(key).neck")
        norm = try weights.layerNorm("\(key).norm", epsilon: c.epsilon)
        positions = Matrix(try weights.tensor("\(key).position_embedding.weight"))
    }

    /// Pooling takes nothing beside the features' own tensors.
    var canPool: Bool { true }

    /// One picture after the other: between the first layers one alone takes some five megabytes.
    func callAsFunction(
        _ pictures: [[Float]], pooling: Bool, shouldStop: StopCheck
    ) throws -> [VisionFeatures] {
        try pictures.map { try features($0, pooling: pooling, shouldStop: shouldStop) }
    }

    private func features(
        _ pixels: [Float], pooling: Bool, shouldStop: StopCheck
    ) throws -> VisionFeatures {
        var x = stem(
            Matrix.neighbourhoods(
                of: pixels, channels: 3, size: configuration.imageSize,
                kernel: EfficientNetConfiguration.stemKernel,
                stride: EfficientNetConfiguration.stemStride))
        x.apply(.relu6)
        for block in blocks {
            try checkForStop(shouldStop)
            x = block(x)
        }
        x = head(x)
        x.apply(.relu6)
        var features = norm(neck(x))
        features += positions
        return VisionFeatures(places: features, pooled: pooling ? pooled(x) : nil)
    }

    /// What the last convolution leaves [places, head] to the whole picture's features.
    private func pooled(_ x: Matrix) -> Matrix {
        switch configuration.pooling {
        case .mean: x.meanRow
        case .meanAndLargest:
            Matrix(
                rows: 1, columns: 2 * x.columns, values: x.meanRow.values + x.largestRow.values)
        }
    }
}
