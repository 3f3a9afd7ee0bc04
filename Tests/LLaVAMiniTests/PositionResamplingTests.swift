import TestSupport
import Tensor
import Testing

@testable import LLaVAMini

@Suite struct PositionResamplingTests {
    private static let grids = [(1, 1), (1, 8), (2, 8), (2, 3), (3, 2), (4, 24), (5, 5), (7, 2)]

    @Test(arguments: grids)
    func matchesItsSlowTwin(from: Int, to: Int) {
        var generator = SeededGenerator(seed: UInt64(from * 100 + to))
        let vectors = Matrix.random(from * from, 3, using: &generator)
        let resampled = PositionResampling.resample(vectors, from: from, to: to)
        #expect(resampled.rows == to * to)
        for y in 0..<to {
            for x in 0..<to {
                for column in 0..<3 {
                    let expected = slowly(vectors, column, from: from, to: to, x: x, y: y)
                    #expect(abs(Double(resampled[y * to + x, column]) - expected) < 1e-5)
                }
            }
        }
    }

    @Test func anEqualGridIsLeftAlone() {
        var generator = SeededGenerator(seed: 1)
        let vectors = Matrix.random(9, 4, using: &generator)
        #expect(
            PositionResampling.resample(vectors, from: 3, to: 3).values == vectors.values)
    }

    /// torch's definition: all sixteen neighbours of a place.
    private func slowly(
        _ vectors: Matrix, _ column: Int, from: Int, to: Int, x: Int, y: Int
    ) -> Double {
        let scale = Double(from) / Double(to)
        let (sx, sy) = ((Double(x) + 0.5) * scale - 0.5, (Double(y) + 0.5) * scale - 0.5)
        var sum = 0.0
        for dy in -1...2 {
            for dx in -1...2 {
                let (px, py) = (sx.rounded(.down) + Double(dx), sy.rounded(.down) + Double(dy))
                let row = min(max(Int(py), 0), from - 1) * from + min(max(Int(px), 0), from - 1)
                sum += cubic(sx - px) * cubic(sy - py) * Double(vectors[row, column])
            }
        }
        return sum
    }

    private func cubic(_ t: Double) -> Double {
        let x = abs(t)
        if x <= 1 { return 1.25 * x * x * x - 2.25 * x * x + 1 }
        if x < 2 { return -0.75 * x * x * x + 3.75 * x * x - 6 * x + 3 }
        return 0
    }
}
