import TestSupport
import Testing

@testable import Likeness

struct AlignmentTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func findsWhereAPartLies(_ seed: UInt64) throws {
        let scene = DrawnScene(seed)
        let whole = SignaturePlanes(PictureSignature(scene.image(160, 120)))
        let part = SignaturePlanes(
            PictureSignature(
                scene.image(150, 110, left: 0.01, top: 0.04, across: 0.93, down: 0.95)))
        let map = try #require(Overlay.best(whole, part)).map
        let expected: [Float] = [0.01, 0.06, 0.04, 0.01]
        for (inset, wanted) in zip(map.insets, expected) { #expect(abs(inset - wanted) < 0.004) }
        #expect(map.turn < 0.003)
        #expect(map.overhang == 0)
    }

    @Test func findsATurn() throws {
        let scene = DrawnScene(1)
        let straight = SignaturePlanes(PictureSignature(scene.image(160, 120)))
        let turned = SignaturePlanes(PictureSignature(scene.image(160, 120, turned: 0.02)))
        let map = try #require(Overlay.best(straight, turned)).map
        #expect(abs(map.turn - 0.02) < 0.004)
    }

    @Test func solvesWhatIsDetermined() throws {
        var equations = NormalEquations(unknowns: 2)
        equations.add([1, 1, 1, -1, 2, 1], [5, 1, 8], weights: [1, 1, 1])
        let solution = try #require(equations.solved())
        #expect(abs(solution[0] - 3) < 1e-4)
        #expect(abs(solution[1] - 2) < 1e-4)
    }

    @Test func doesNotSolveWhatIsNot() {
        var equations = NormalEquations(unknowns: 2)
        equations.add([1, 2, 2, 4], [1, 2], weights: [1, 1])
        #expect(equations.solved() == nil)
    }
}
