import Testing

@testable import Imaging

@Suite struct RGBImageGeometryTests {
    @Test func cutsOutARectangle() {
        let image = RGBImage.noise(6, 5, seed: 1)
        let part = image.cropped(to: PixelRectangle(x: 2, y: 1, width: 3, height: 2))
        for row in 0..<2 {
            for column in 0..<3 {
                #expect(part.pixel(column, row) == image.pixel(column + 2, row + 1))
            }
        }
    }

    @Test(arguments: [(1, 1), (4, 1), (1, 4), (7, 4), (4, 7), (6, 6)])
    func padsToASquareAroundTheMiddle(_ width: Int, _ height: Int) {
        let image = RGBImage.noise(width, height, seed: 2)
        let padded = image.paddedToSquare(with: RGBColour(red: 1, green: 2, blue: 3))
        let edge = max(width, height)
        #expect(padded.width == edge && padded.height == edge)
        let (left, top) = ((edge - width) / 2, (edge - height) / 2)
        for row in 0..<edge {
            for column in 0..<edge {
                let isInside =
                    (left..<left + width).contains(column) && (top..<top + height).contains(row)
                #expect(
                    padded.pixel(column, row)
                        == (isInside ? image.pixel(column - left, row - top) : [1, 2, 3]))
            }
        }
    }

    @Test func separatesAndNormalisesChannels() {
        let image = RGBImage(width: 2, height: 1, pixels: [0, 10, 20, 255, 30, 40])
        let planes = image.planes(
            PixelNormalization(scale: 0.5, mean: [0, 5, 10], deviation: [1, 2, 4]))
        #expect(planes == [0, 127.5, 0, 5, 0, 2.5])
    }
}

extension RGBImage {
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
        Array(pixels[(y * width + x) * 3..<(y * width + x) * 3 + 3])
    }
}
