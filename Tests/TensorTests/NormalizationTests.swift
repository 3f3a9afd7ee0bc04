import TestSupport
import Testing

@testable import Tensor

@Suite struct NormalizationTests {
    private static let shapes = [(1, 1), (1, 15), (3, 16), (2, 17), (5, 64), (4, 1001)]

    @Test(arguments: shapes)
    func rootMeanSquareMatchesItsSlowTwin(_ rows: Int, _ width: Int) throws {
        var generator = SeededGenerator(seed: UInt64(width))
        let folder = try TemporaryDirectory()
        let x = Matrix.random(rows, width, using: &generator)
        let weight = try Weights.stored(
            Matrix.random(1, width, using: &generator).values, shape: [width], as: .float32,
            in: folder)
        let y = RMSNorm(weight: weight, epsilon: 1e-5)(x)
        let scale = weight.floats
        let expected = (0..<rows).flatMap { row in
            let numbers = (0..<width).map { Double(x[row, $0]) }
            let mean = numbers.reduce(0) { $0 + $1 * $1 } / Double(width)
            return numbers.indices.map {
                numbers[$0] / (mean + 1e-5).squareRoot() * Double(scale[$0])
            }
        }
        #expect(y.distance(to: expected) < 2e-6)
    }

    @Test(arguments: shapes)
    func layerNormMatchesItsSlowTwin(_ rows: Int, _ width: Int) throws {
        var generator = SeededGenerator(seed: UInt64(width) + 1)
        let folder = try TemporaryDirectory()
        let x = Matrix.random(rows, width, using: &generator)
        let parameters = try (0..<2).map { _ in
            try Weights.stored(
                Matrix.random(1, width, using: &generator).values, shape: [width],
                as: .float32, in: folder)
        }
        let y = LayerNorm(weight: parameters[0], bias: parameters[1], epsilon: 1e-5)(x)
        let (weight, bias) = (parameters[0].floats, parameters[1].floats)
        let expected = (0..<rows).flatMap { row in
            let numbers = (0..<width).map { Double(x[row, $0]) }
            let mean = numbers.reduce(0, +) / Double(width)
            let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            return numbers.indices.map {
                (numbers[$0] - mean) / (variance + 1e-5).squareRoot() * Double(weight[$0])
                    + Double(bias[$0])
            }
        }
        #expect(y.distance(to: expected) < 5e-6)
    }
}
