import CLIP
import Imaging
import ModelLoading
import SystemPackage
import Testing

@testable import CLIP

@Suite struct ImageProcessorTests {
    private let configuration: ProcessorConfiguration
    private let processor: ImageProcessor
    private let padding: ImageProcessor

    init() throws {
        configuration = try ProcessorConfiguration(
            ConfigurationFile(path: "preprocessor_config.json", values: [:]), imageSize: 112)
        processor = ImageProcessor(configuration, padsToSquare: false)
        padding = ImageProcessor(configuration, padsToSquare: true)
    }

    @Test func cutsTheMiddleOutOfTheResizedPicture() throws {
        let image = RGBImage.gradient(301, 200)
        let pixels = try processor.pixelValues(image)
        // 112 × 301 / 200 = 168.56: the fraction is dropped, and half of what is over is cut off.
        let expected = image.resized(width: 168, height: 112)
            .cropped(to: PixelRectangle(x: 28, y: 0, width: 112, height: 112))
            .planes(configuration.normalization)
        #expect(pixels == expected)
    }

    @Test func saysWhereTheMiddleLies() {
        #expect(processor.area(width: 200, height: 200) == .whole)
        #expect(
            processor.area(width: 400, height: 200)
                == PictureArea(x: 0.25, y: 0, width: 0.5, height: 1))
        #expect(
            padding.area(width: 400, height: 200)
                == PictureArea(x: 0, y: -0.5, width: 1, height: 2))
        #expect(
            padding.area(width: 100, height: 200)
                == PictureArea(x: -0.5, y: 0, width: 2, height: 1))
    }

    @Test func saysWhereBlocksLie() {
        let areas = ImageProcessor.blockAreas(width: 301, height: 200, count: 2)
        #expect(areas.map(\.x) == [0, 150.0 / 301, 0, 150.0 / 301])
        #expect(areas.map(\.y) == [0, 0, 0.5, 0.5])
        #expect(areas.allSatisfy { $0.width == 150.0 / 301 && $0.height == 0.5 })
    }

    @Test func squashesAFrame() throws {
        let image = RGBImage.gradient(301, 200)
        #expect(
            try processor.pixelValues(frame: image)
                == image.resized(width: 112, height: 112)
                .planes(configuration.normalization))
    }

    @Test func padsWithTheMeanColourWhereTheModelWantsIt() throws {
        let image = RGBImage.gradient(90, 200)
        // int(mean × 255) of OpenAI's means.
        let square = image.paddedToSquare(with: RGBColour(red: 122, green: 116, blue: 104))
        #expect(try padding.pixelValues(image) == processor.pixelValues(square))
    }

    @Test func veryLongPicturesArePaddedWithinBounds() throws {
        #expect(try padding.pixelValues(.gradient(2, 60_000)).count == 3 * 112 * 112)
    }

    @Test func blocksLeaveOutWhatIsOver() {
        let blocks = ImageProcessor.blocks(of: .gradient(7, 5), count: 2)
        #expect(blocks.map(\.width) == [3, 3, 3, 3])
        #expect(blocks.map(\.height) == [2, 2, 2, 2])
        #expect(
            blocks[3]
                == RGBImage.gradient(7, 5)
                .cropped(to: PixelRectangle(x: 3, y: 2, width: 3, height: 2)))
    }

    @Test func aPictureSmallerThanItsBlocksGivesPixelsMoreThanOnce() {
        let image = RGBImage.gradient(1, 2)
        let blocks = ImageProcessor.blocks(of: image, count: 3)
        #expect(blocks.count == 9)
        #expect(blocks.allSatisfy { $0.width == 1 && $0.height == 1 })
        #expect(blocks[8] == image.cropped(to: PixelRectangle(x: 0, y: 1, width: 1, height: 1)))
    }
}
