import CKernels
import SystemPackage
import TestSupport
import Testing

@testable import Tensor

/// Convolutions channel by channel, against the definition in double precision, at every level.
@Suite struct DepthwiseConvolutionTests {
    /// Edges, kernels and strides in all combinations, channels that fill blocks and that do not.
    static let shapes: [(edge: Int, kernel: Int, stride: Int, channels: Int)] =
        [1, 2, 5, 8].flatMap { edge in
            [1, 3, 5].flatMap { kernel in
                [1, 2, 3].flatMap { stride in
                    [1, 31, 32, 40, 67].map { (edge, kernel, stride, $0) }
                }
            }
        }

    @Test(arguments: kernelLevels)
    func everyShapeMatchesTheDefinition(level: vk_level) throws {
        let folder = try TemporaryDirectory()
        var generator = SeededGenerator(seed: 16)
        for shape in Self.shapes {
            let x = Matrix.random(shape.edge * shape.edge, shape.channels, using: &generator)
            let taps = shape.kernel * shape.kernel
            let weight = Matrix.random(shape.channels, taps, using: &generator).values
            let bias = Matrix.random(1, shape.channels, using: &generator).values.map { 3 * $0 + 2 }
            let layer = DepthwiseConvolution(
                weight: try .stored(
                    weight, shape: [shape.channels, 1, shape.kernel, shape.kernel], as: .float32,
                    in: folder),
                bias: try .stored(bias, shape: [shape.channels], as: .float32, in: folder),
                stride: shape.stride)
            let y = with(level: level) { layer(x, edge: shape.edge) }
            let expected = slowDepthwise(
                x, edge: shape.edge, weight, bias, kernel: shape.kernel, stride: shape.stride)
            try #require(y.count == expected.count, "\(shape)")
            #expect(
                y.distance(to: expected) <= roundingBound(depth: taps, magnitude: 6), "\(shape)")
        }
    }

    @Test func neighbourhoodsLieAsAConvolutionsWeights() {
        let planes = (0..<2 * 9).map { Float($0 + 1) }
        let rows = Matrix.neighbourhoods(of: planes, channels: 2, size: 3, kernel: 3, stride: 2)
        #expect(rows.rows == 4 && rows.columns == 18)
        let first: [Float] = [0, 0, 0, 0, 1, 2, 0, 4, 5, 0, 0, 0, 0, 10, 11, 0, 13, 14]
        #expect(rows.rows(0..<1).values == first)
        let last: [Float] = [5, 6, 0, 8, 9, 0, 0, 0, 0, 14, 15, 0, 17, 18, 0, 0, 0, 0]
        #expect(rows.rows(3..<4).values == last)
    }

    @Test func theOddZeroOfThePaddingIsRightAndBelow() {
        #expect(SamePadding(edge: 224, kernel: 3, stride: 2).before == 0)
        #expect(SamePadding(edge: 224, kernel: 3, stride: 2).out == 112)
        #expect(SamePadding(edge: 56, kernel: 5, stride: 2).before == 1)
        #expect(SamePadding(edge: 7, kernel: 3, stride: 1).before == 1)
        #expect(SamePadding(edge: 7, kernel: 3, stride: 2).out == 4)
    }

    /// `min(max(x ∗ w + b, 0), 6)`, place by place.
    private func slowDepthwise(
        _ x: Matrix, edge: Int, _ weight: [Float], _ bias: [Float], kernel: Int, stride: Int
    ) -> [Double] {
        let out = (edge + stride - 1) / stride
        let before = max((out - 1) * stride + kernel - edge, 0) / 2
        return (0..<out * out).flatMap { place in
            bias.indices.map { channel in
                var sum = Double(bias[channel])
                for tap in 0..<kernel * kernel {
                    let row = place / out * stride + tap / kernel - before
                    let column = place % out * stride + tap % kernel - before
                    guard (0..<edge).contains(row), (0..<edge).contains(column) else { continue }
                    sum +=
                        Double(x[row * edge + column, channel])
                        * Double(weight[channel * kernel * kernel + tap])
                }
                return min(max(sum, 0), 6)
            }
        }
    }
}
