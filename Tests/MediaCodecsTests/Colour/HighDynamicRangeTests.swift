import Imaging
import Testing

@testable import MediaCodecs

@Suite struct HighDynamicRangeTests {
    /// The number of 16 bits that stands for a light in PQ.
    private static func pq(_ light: Double) -> UInt16 {
        UInt16(PerceptualQuantizer.value(ofNits: light * 203) * 65_535)
    }

    private func shown(_ lights: [Double]) throws -> [UInt8] {
        let conversion = try #require(
            ColourConversion.of(.coded(CodedColour(primaries: 9, transfer: 16)), .rgb))
        let pixels = lights.map { [Self.pq($0), Self.pq($0), Self.pq($0)] }
        return ColourConversionTests.pixels(
            conversion.convert(ColourConversionTests.picture(pixels, .rgb))
        ).map { $0[0] }
    }

    @Test func keepsAPictureThatEndsAtPaperWhite() throws {
        let levels = stride(from: 0.0, through: 255, by: 5)
        let lights = levels.map { TransferCurve.sRGB.light(of: $0 / 255) }
        for (level, shown) in zip(levels, try shown(lights)) {
            #expect(abs(Double(shown) - level) <= 2)
        }
    }

    @Test func keepsDetailInLightBeyondPaperWhite() throws {
        let shown = try shown([0.1, 0.4, 1, 2, 3, 4.9])
        #expect(zip(shown, shown.dropFirst()).allSatisfy { $0 < $1 })
        #expect(shown[0] == 89 && shown[2] > 215 && shown[5] >= 253)
    }

    @Test func isNotLedAstrayByOneVeryBrightPixel() throws {
        let lights = [Double](repeating: 0.5, count: 2000) + [40]
        #expect(try shown(lights)[0] == 188)
    }
}
