import Imaging
import TestSupport
import Testing

@testable import Likeness

struct PictureSignatureTests {
    @Test func isTheSameAfterBytes() throws {
        let signature = PictureSignature(DrawnScene(1).image(200, 150))
        #expect(signature.bytes.count == PictureSignature.byteCount)
        #expect(PictureSignature(bytes: signature.bytes) == signature)
    }

    @Test func fitsIntoTwoKilobytes() {
        #expect(PictureSignature.byteCount <= 2048)
    }

    @Test func refusesOtherVersionsAndLengths() {
        var bytes = PictureSignature(DrawnScene(1).image(200, 150)).bytes
        #expect(PictureSignature(bytes: bytes.dropLast()) == nil)
        #expect(PictureSignature(bytes: bytes + [0]) == nil)
        #expect(PictureSignature(bytes: []) == nil)
        bytes[0] = PictureSignature.version + 1
        #expect(PictureSignature(bytes: bytes) == nil)
    }

    @Test func refusesADarkestCellBrighterThanTheBrightest() {
        var bytes = PictureSignature(DrawnScene(1).image(200, 150)).bytes
        bytes[1] = 200
        bytes[2] = 100
        #expect(PictureSignature(bytes: bytes) == nil)
    }

    @Test func whateverBytesAreReadCanBeCompared() throws {
        var generator = SeededGenerator(seed: 7)
        let drawn = PictureSignature(DrawnScene(1).image(200, 150))
        for _ in 0..<60 {
            var bytes = (0..<PictureSignature.byteCount).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            bytes[0] = PictureSignature.version
            bytes[1...2].sort()
            let random = try #require(PictureSignature(bytes: bytes))
            #expect(random.likeness(to: drawn) < PictureComparison.sameLikeness)
            #expect(random.likeness(to: random) == 1)
        }
    }

    @Test(arguments: [(1, 1), (1, 300), (300, 1), (3, 2)])
    func anySizeHasASignature(_ width: Int, _ height: Int) {
        let image = RGBImage(
            width: width, height: height,
            pixels: [UInt8](repeating: 90, count: width * height * 3))
        #expect(PictureSignature(image).bytes.count == PictureSignature.byteCount)
    }

    @Test func pagesAreOfTextAndScenesAreNot() {
        #expect(PictureSignature(DrawnPage(1).image).isOfText)
        #expect(!PictureSignature(DrawnScene(1).image(480, 640)).isOfText)
        // Something as fine in red is no page.
        let page = DrawnPage(1).image
        var pixels = page.pixels
        for place in stride(from: 1, to: pixels.count, by: 3) { pixels[place] /= 4 }
        let red = RGBImage(width: page.width, height: page.height, pixels: pixels)
        #expect(!PictureSignature(red).isOfText)
    }
}
