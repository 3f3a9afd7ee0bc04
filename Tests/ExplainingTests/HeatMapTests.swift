import CLIP
import Foundation
import FoundationXML
import Imaging
import Testing

@testable import Explaining

@Suite struct HeatMapTests {
    private static func map(_ weights: [Float], title: String = "map") -> HeatMap {
        let columns = 2
        return HeatMap(
            title: title,
            picture: RGBImage(
                width: 40, height: 30, pixels: [UInt8](repeating: 100, count: 40 * 30 * 3)),
            areas: weights.indices.map {
                PictureArea(
                    x: Double($0 % columns) / 2, y: Double($0 / columns) / 2, width: 0.5,
                    height: 0.5)
            }, columns: columns, weights: weights)
    }

    @Test func halfOfTheWeightIsInAsFewAreasAsCanBe() {
        #expect(Self.map([0.1, 0.6, 0.2, 0.1]).half == [1])
        #expect(Self.map([0.3, 0.3, 0.3, 0.1]).half == [0, 1])
        #expect(Self.map([0, 0, 0, 0]).half.isEmpty)
    }

    @Test func theOutlineGoesAroundNeighboursTogether() {
        #expect(Self.map([0.1, 0.6, 0.2, 0.1]).outline.count == 4)
        // Two beside each other: the side between them is none of it.
        #expect(Self.map([0.3, 0.3, 0.3, 0.1]).outline.count == 6)
    }

    @Test func theHeaviestAreaIsTheLightestOnThePicture() {
        let image = Self.map([0, 0.7, 0.2, 0.1]).pixels(longEdge: 80, hasOutline: false)
        #expect(image.width == 80 && image.height > 60)
        func red(_ x: Int, _ y: Int) -> UInt8 { image.pixels[(y * image.width + x) * 3] }
        #expect(red(60, 15) > red(20, 15) + 80)
        #expect(red(60, 15) > red(60, 45))
        // Every pixel of the picture is covered: those of an area are alike.
        #expect(Set((0..<40).map { red($0, 15) }).count == 1)
    }

    @Test func whatLiesOutsideOfThePictureIsNotDrawn() {
        var map = Self.map([0.5, 0.5, 0, 0])
        map.areas = map.areas.map {
            PictureArea(x: $0.x * 3 - 1, y: $0.y * 3 - 1, width: 1.5, height: 1.5)
        }
        #expect(map.pixels(longEdge: 64, hasOutline: true).width == 64)
    }

    @Test func aDrawingIsXMLWhateverTheTitle() throws {
        let maps = [
            Self.map([0.1, 0.6, 0.2, 0.1], title: "<script>\"&\u{0}'\n"), Self.map([0, 0, 0, 0]),
        ]
        let text = try HeatMap.drawing(maps, columns: 2, edge: 64, hasOutline: true)
        let parser = XMLParser(data: Data(text.utf8))
        #expect(parser.parse())
        #expect(!text.contains("<script"))
        #expect(text.contains("60.0 %") && text.contains("data:image/png;base64,"))
    }

    @Test func aPNGHasThePixels() throws {
        let image = Self.map([0.1, 0.6, 0.2, 0.1]).pixels(longEdge: 64, hasOutline: true)
        let bytes = try PNGFile.bytes(image)
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        // IHDR: width and height, big-endian.
        #expect(Array(bytes[16..<24]) == [0, 0, 0, 64, 0, 0, 0, UInt8(image.height)])
        let mounted = PNGFile.mounted([image, image, image], columns: 2)
        #expect(mounted.width == 134 && mounted.height == image.height * 2 + 6)
    }
}
