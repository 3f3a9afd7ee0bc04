import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct JPEGProfileTests {
    /// A part of a profile as APP2.
    static func segment(_ number: Int, of count: Int, _ part: some Collection<UInt8>) -> [UInt8] {
        FileBuilder.segment(
            0xe2, Array("ICC_PROFILE\0".utf8) + [UInt8(number), UInt8(count)] + part)
    }

    /// A fixture with segments put in front of its own.
    private func read(_ name: String, _ segments: [UInt8]) throws -> [[UInt8]] {
        let bytes = try Fixture.bytes(name)
        let file = try ScratchFile(bytes[..<2] + segments + bytes[2...])
        return Fixture.quadrants(
            try StillReader(limits: .standard).read(file.open(), .jpeg, minimumShortEdge: nil))
    }

    @Test func joinsPartsInAnyOrder() throws {
        let parts = (0..<4).map { part in (0..<10).map { UInt8(part * 10 + $0) } }
        for order in [[1, 2, 3, 4], [3, 1, 4, 2], [4, 3, 2, 1]] {
            let segments = order.flatMap { Self.segment($0, of: 4, parts[$0 - 1]) }
            #expect(try JPEGHeader(FileBuilder.jpeg(segments)).profile == Array(parts.joined()))
        }
    }

    @Test func passesOverAProfileOfWhichAPartIsMissing() throws {
        let segments = Self.segment(1, of: 3, [1]) + Self.segment(3, of: 3, [3])
        #expect(try JPEGHeader(FileBuilder.jpeg(segments)).profile == nil)
        #expect(try JPEGHeader(FileBuilder.jpeg([])).profile == nil)
    }

    @Test func showsAPictureWithAProfileAsSRGB() throws {
        let shown = try read("444.jpg", Self.segment(1, of: 1, ProfileBuilder.swapped))
        #expect(Fixture.alike(shown, ProfileBuilder.swappedScene, within: 6))
    }

    @Test func showsInksAsTheirPressPrintsThem() throws {
        let shown = try read("cmyk.jpg", Self.segment(1, of: 1, ProfileBuilder.press))
        let wanted = [6, 10, 12, 2].map { ReferenceColour.sRGB(ProfileBuilder.inks[$0]) }
        for (shown, wanted) in zip(shown, wanted) {
            #expect(
                zip(shown, wanted).allSatisfy { abs(Double($0) - $1) <= 16 }, "\(shown) \(wanted)")
        }
    }

    @Test func showsGreyByItsCurve() throws {
        let shown = try read("grey.jpg", Self.segment(1, of: 1, ProfileBuilder.grey { $0 }))
        // 54, 182, 18 and 237 of 255, taken for light.
        let wanted = [54, 182, 18, 237.0].map { ReferenceColour.encoded($0 / 255) }
        for (shown, wanted) in zip(shown, wanted) {
            #expect(shown.allSatisfy { abs(Double($0) - wanted) <= 6 }, "\(shown) \(wanted)")
        }
    }

    @Test func showsAPictureWithABrokenProfileAsIfItHadNone() throws {
        let plain = try read("420.jpg", [])
        for profile in [Array("no profile".utf8), Array(ProfileBuilder.displayP3.dropLast(3000))] {
            #expect(try read("420.jpg", Self.segment(1, of: 1, profile)) == plain)
        }
        #expect(try read("420.jpg", Self.segment(1, of: 1, ProfileBuilder.sRGB)) == plain)
    }

    @Test func takesAdobeRGBFromEXIF() throws {
        let builder = TIFFBuilder()
        let block = builder.block([
            .directory(
                tag: 0x8769, type: 4,
                [
                    builder.integers(0xa001, type: 3, [0xffff]),
                    .directory(tag: 0xa005, type: 4, [builder.ascii(0x0001, "R03")]),
                ])
        ])
        let bytes = try FileBuilder.jpeg(FileBuilder.exifSegment(block))
        #expect(try FileBuilder.blocks(bytes, .jpeg).colour == .adobeRGB)
        let plain = try FileBuilder.jpeg([])
        #expect(try FileBuilder.blocks(plain, .jpeg).colour == nil)
    }

    @Test func knowsAdobeRGB() throws {
        let conversion = try #require(ColourConversion.of(.adobeRGB, .rgb))
        let pixels: [UInt8] = [128, 128, 128, 100, 150, 100]
        let shown = conversion.convert(RGBImage(width: 2, height: 1, pixels: pixels))
        // Its grey is nearly sRGB's, its green is stronger.
        let wanted: [[UInt8]] = [[129, 129, 129], [66, 151, 97]]
        #expect(Fixture.alike(ColourConversionTests.pixels(shown), wanted, within: 2), "\(shown)")
    }
}
