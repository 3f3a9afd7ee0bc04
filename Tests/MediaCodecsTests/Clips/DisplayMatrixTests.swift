import CLibAV
import Testing

@testable import MediaCodecs

@Suite struct DisplayMatrixTests {
    @Test func agreesWithTheEightOrientations() {
        let one: Int32 = 1 << 16
        let expected: [(Int32, Int32, Int32, Int32, Orientation)] = [
            (one, 0, 0, one, .upright), (-one, 0, 0, one, .mirrored),
            (-one, 0, 0, -one, .upsideDown), (one, 0, 0, -one, .flipped),
            (0, one, one, 0, .transposed), (0, one, -one, 0, .right),
            (0, -one, -one, 0, .transversed), (0, -one, one, 0, .left),
        ]
        for (a, b, c, d, orientation) in expected {
            #expect(DisplayMatrix.orientation(a: a, b: b, c: c, d: d) == orientation)
        }
    }

    @Test func survivesExtremes() {
        _ = DisplayMatrix.orientation(a: .min, b: .min, c: .min, d: .min)
    }

    @Test func onlyEverEnlarges() {
        #expect(
            SquarePixels.size(width: 720, height: 576, AVRational(num: 16, den: 11)) == (1047, 576))
        #expect(
            SquarePixels.size(width: 100, height: 100, AVRational(num: 1, den: 2)) == (100, 200))
        #expect(SquarePixels.size(width: 100, height: 90, AVRational(num: 0, den: 1)) == (100, 90))
        #expect(
            SquarePixels.size(width: 100, height: 90, AVRational(num: 900, den: 1)) == (100, 90))
    }
}
