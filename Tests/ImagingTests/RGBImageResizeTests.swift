import TestSupport
import Testing

@testable import Imaging

@Suite struct RGBImageResizeTests {
    private static let sizes = [(1, 1), (1, 9), (9, 1), (2, 3), (5, 5), (13, 7), (40, 31)]

    @Test(arguments: sizes, sizes)
    func oneColourStaysOneColour(_ from: (Int, Int), _ to: (Int, Int)) {
        for colour in [(0, 0, 0), (255, 255, 255), (200, 3, 77)] {
            let pixel = [UInt8(colour.0), UInt8(colour.1), UInt8(colour.2)]
            let image = RGBImage(
                width: from.0, height: from.1,
                pixels: (0..<from.0 * from.1).flatMap { _ in pixel })
            let resized = image.resized(width: to.0, height: to.1)
            #expect(resized.width == to.0 && resized.height == to.1)
            #expect(resized.pixels == (0..<to.0 * to.1).flatMap { _ in pixel })
        }
    }

    @Test(arguments: sizes)
    func theSameSizeIsTheSamePicture(_ size: (Int, Int)) {
        let image = RGBImage.noise(size.0, size.1, seed: 2)
        #expect(image.resized(width: size.0, height: size.1) == image)
    }

    @Test(arguments: sizes, sizes)
    func aPartIsWhatACropOfTheWholeWouldBe(_ from: (Int, Int), _ to: (Int, Int)) {
        let image = RGBImage.noise(from.0, from.1, seed: 3)
        let part = PixelRectangle(
            x: to.0 / 3, y: to.1 / 2, width: to.0 - to.0 / 2, height: to.1 - to.1 / 2)
        #expect(
            image.resized(width: to.0, height: to.1, cropping: part)
                == image.resized(width: to.0, height: to.1).cropped(to: part))
    }

    @Test(arguments: sizes, sizes)
    func mirroringAndResizingCommute(_ from: (Int, Int), _ to: (Int, Int)) {
        let image = RGBImage.noise(from.0, from.1, seed: 4)
        let first = image.mirrored.resized(width: to.0, height: to.1)
        let then = image.resized(width: to.0, height: to.1).mirrored
        // Weights of mirrored places may round to the other side in the last of their 22 bits.
        let worst = zip(first.pixels, then.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(worst <= 1)
    }

    @Test func aHugeTargetCostsItsPartAlone() {
        let image = RGBImage.noise(1, 60_000, seed: 5)
        let part = PixelRectangle(x: 3, y: 10_000_000, width: 20, height: 20)
        let resized = image.resized(width: 336, height: 336 * 60_000, cropping: part)
        #expect(resized.width == 20 && resized.height == 20)
    }
}

extension RGBImage {
    /// Random pixels, the same on every run.
    static func noise(_ width: Int, _ height: Int, seed: UInt64) -> RGBImage {
        var generator = SeededGenerator(seed: seed)
        return RGBImage(
            width: width, height: height,
            pixels: (0..<width * height * 3).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            })
    }

    /// Left and right exchanged.
    var mirrored: RGBImage {
        var mirror = [UInt8]()
        for row in 0..<height {
            for column in (0..<width).reversed() { mirror += pixel(column, row) }
        }
        return RGBImage(width: width, height: height, pixels: mirror)
    }
}
