import Imaging
import Testing

@testable import MediaCodecs

@Suite struct OrientationTests {
    /// Where the stored pixel (x, y) belongs in the upright picture, from EXIF's wording.
    private func place(_ x: Int, _ y: Int, _ w: Int, _ h: Int, _ way: Orientation) -> (Int, Int) {
        switch way {
        case .upright: (x, y)
        case .mirrored: (w - 1 - x, y)
        case .upsideDown: (w - 1 - x, h - 1 - y)
        case .flipped: (x, h - 1 - y)
        case .transposed: (y, x)
        case .right: (h - 1 - y, x)
        case .transversed: (h - 1 - y, w - 1 - x)
        case .left: (y, w - 1 - x)
        }
    }

    @Test(arguments: Orientation.allCases)
    func movesEachPixelToItsPlace(_ way: Orientation) {
        for (width, height) in [(1, 1), (1, 5), (4, 1), (3, 2), (7, 5)] {
            let pixels = (0..<width * height * 3).map { UInt8($0) }
            let stored = RGBImage(width: width, height: height, pixels: pixels)
            let upright = way.apply(to: stored)
            for y in 0..<height {
                for x in 0..<width {
                    let (u, v) = place(x, y, width, height, way)
                    let from = (y * width + x) * 3
                    let to = (v * upright.width + u) * 3
                    #expect(upright.pixels[to..<to + 3] == stored.pixels[from..<from + 3])
                }
            }
        }
    }
}
