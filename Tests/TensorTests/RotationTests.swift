import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct RotationTests {
    @Test(arguments: [(1, 1, 1), (3, 2, 4), (5, 3, 7), (2, 8, 64)])
    func turnsPairsHalfAHeadApart(_ rows: Int, _ heads: Int, _ half: Int) {
        var generator = SeededGenerator(seed: 3)
        let x = Matrix.random(rows, heads * 2 * half, using: &generator)
        let positions = (0..<rows).map { Int32($0 * 37) }
        let frequencies = (0..<half).map { Float(1) / Float($0 + 1) }
        var turned = x
        Rotation(positions: positions, frequencies: frequencies).apply(to: &turned)
        for row in 0..<rows {
            for column in 0..<x.columns {
                let (head, place) = (column / (2 * half), column % (2 * half))
                let pair = place % half
                let angle = Double(Float(positions[row]) * frequencies[pair])
                let first = Double(x[row, head * 2 * half + pair])
                let second = Double(x[row, head * 2 * half + pair + half])
                let expected =
                    place < half
                    ? first * cos(angle) - second * sin(angle)
                    : second * cos(angle) + first * sin(angle)
                #expect(abs(Double(turned[row, column]) - expected) < 1e-6)
            }
        }
    }

    @Test func positionZeroChangesNothing() {
        var generator = SeededGenerator(seed: 4)
        let x = Matrix.random(4, 24, using: &generator)
        var turned = x
        Rotation(positions: [0, 0, 0, 0], frequencies: [1, 0.5, 0.25]).apply(to: &turned)
        #expect(turned.values == x.values)
    }

    @Test func someRowsTurnAsTheyDoAmongAll() {
        var generator = SeededGenerator(seed: 6)
        let x = Matrix.random(5, 8, using: &generator)
        let rotation = Rotation(positions: [4, 7, 1, 9, 2], frequencies: [1, 0.1])
        var all = x
        rotation.apply(to: &all)
        var some = x.rows(2..<4)
        rotation.rows(2..<4).apply(to: &some)
        #expect(some.values == all.rows(2..<4).values)
    }
}
