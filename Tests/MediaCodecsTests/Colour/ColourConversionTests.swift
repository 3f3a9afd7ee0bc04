import Imaging
import TestSupport
import Testing

@testable import MediaCodecs

@Suite struct ColourConversionTests {
    /// Four colours in sRGB, and the 16-bit numbers that stand for them in Display P3.
    static let muted: [[UInt8]] = [
        [200, 80, 60], [70, 160, 90], [60, 90, 180], [220, 200, 120],
    ]
    static let mutedP3: [[UInt16]] = [
        [0xba6e, 0x57f8, 0x43ad], [0x5eb6, 0x9e9d, 0x6166], [0x42c5, 0x598b, 0xaec5],
        [0xd979, 0xc97d, 0x8300],
    ]

    static func picture(_ pixels: [[UInt16]], _ model: ColourModel) -> DeepPicture {
        DeepPicture(width: pixels.count, height: 1, model: model) { _, target in
            for (index, sample) in pixels.joined().enumerated() { target[index] = sample }
        }
    }

    static func pixels(_ image: RGBImage) -> [[UInt8]] {
        stride(from: 0, to: image.pixels.count, by: 3).map { Array(image.pixels[$0..<$0 + 3]) }
    }

    @Test func convertsAProfileOfCurvesAndColorants() throws {
        let conversion = try #require(ColourConversion.of(.profile(ProfileBuilder.displayP3), .rgb))
        let shown = conversion.convert(Self.picture(Self.mutedP3, .rgb))
        #expect(Fixture.alike(Self.pixels(shown), Self.muted, within: 1))
        let bytes = Self.mutedP3.joined().map { UInt8((Int($0) + 128) / 257) }
        let narrow = conversion.convert(RGBImage(width: 4, height: 1, pixels: bytes))
        #expect(Fixture.alike(Self.pixels(narrow), Self.muted, within: 2))
    }

    @Test func costsNothingForWhatIsAlmostSRGB() {
        #expect(ColourConversion.of(.profile(ProfileBuilder.sRGB), .rgb) == nil)
        #expect(ColourConversion.of(.profile(ProfileBuilder.sRGB), .grey) == nil)
        for primaries in [0, 1, 2, 5, 6, 7] {
            for transfer in [0, 1, 2, 6, 13, 14, 15] {
                let colour = CodedColour(primaries: primaries, transfer: transfer)
                #expect(ColourConversion.of(.coded(colour), .rgb) == nil)
            }
        }
    }

    @Test func leavesAProfileWithoutThreeColoursAside() {
        let green = [0.385, 0.717, 0.097]
        let profile = ProfileBuilder.colour([0, 0, 0], green, [0, 0, 0]) { $0 }
        #expect(ColourConversion.of(.profile(profile), .rgb) == nil)
    }

    @Test func convertsGreyByItsCurve() throws {
        let profile = ProfileBuilder.grey { $0 }
        let conversion = try #require(ColourConversion.of(.profile(profile), .grey))
        let shown = conversion.convert(Self.picture([[0], [14_146], [65_535]], .grey))
        // The light of 128 of 255.
        #expect(shown.pixels == [0, 0, 0, 128, 128, 128, 255, 255, 255])
    }

    @Test func convertsInksByTheTableOfTheirPress() throws {
        let conversion = try #require(ColourConversion.of(.profile(ProfileBuilder.press), .cmyk))
        let mixtures = [0, 8, 4, 2, 6, 10]
        let inks = mixtures.map { bits in
            [8, 4, 2, 1].map { bits & $0 == 0 ? UInt16(0) : 65_535 }
        }
        let shown = Self.pixels(conversion.convert(Self.picture(inks, .cmyk)))
        for (bits, shown) in zip(mixtures, shown) {
            let wanted = ReferenceColour.sRGB(ProfileBuilder.inks[bits])
            // The darkest ink becomes black, which takes a little from the others.
            #expect(
                zip(shown, wanted).allSatisfy { abs(Double($0) - $1) <= 12 },
                "\(bits): \(shown), \(wanted)")
        }
        #expect(shown[0] == [255, 255, 255])
    }

    @Test func showsAPictureWhoseProfileIsForOtherChannelsAsItIs() {
        #expect(ColourConversion.of(.profile(ProfileBuilder.press), .rgb) == nil)
        #expect(ColourConversion.of(.profile(ProfileBuilder.displayP3), .cmyk) == nil)
        #expect(ColourConversion.of(.profile(ProfileBuilder.grey { $0 * $0 }), .rgb) == nil)
    }

    @Test func takesHighDynamicRangeFromTheNumbersInAProfile() throws {
        var builder = ProfileBuilder()
        builder.tags = [("cicp", Array("cicp\0\0\0\0".utf8) + [9, 16, 0, 1])]
        let conversion = try #require(ColourConversion.of(.profile(builder.bytes), .rgb))
        #expect(abs(Int(conversion.paper) - 38_056) < 20)
    }

    @Test func survivesAnyProfile() {
        var generator = SeededGenerator(seed: 3)
        let profiles: [([UInt8], ColourModel)] = [
            (ProfileBuilder.displayP3, .rgb), (ProfileBuilder.press, .cmyk),
            (ProfileBuilder.grey { $0 * $0 }, .grey),
        ]
        for round in 0..<200 {
            let (profile, model) = profiles[round % 3]
            // The header and the table of tags more often than the numbers behind them.
            let head = mutated(Array(profile[..<300]), using: &generator)
            let bytes = head + profile.dropFirst(300)
            let sample = [UInt16](repeating: 30_000, count: model.channels)
            guard let conversion = ColourConversion.of(.profile(bytes), model) else { continue }
            let shown = conversion.convert(Self.picture([sample, sample], model))
            #expect(shown.width == 2)
        }
    }

    @Test func passesOverWhatIsNoProfileOrTooLarge() {
        let profile = ProfileBuilder.displayP3
        #expect(ICCProfile([]) == nil)
        #expect(ICCProfile(Array(profile[..<200])) == nil)
        let padding = [UInt8](repeating: 0, count: ICCProfile.maximumBytes)
        #expect(ICCProfile(profile + padding) == nil)
    }

    @Test func neverLetsTheLibrarySeeTablesOfAnyNumberOfSteps() throws {
        var builder = ProfileBuilder()
        builder.tags = [("D2B0", Array("mpet".utf8)), ("D2B1", Array("mpet".utf8))]
        let profile = try #require(ICCProfile(builder.bytes))
        #expect(!String(decoding: profile.bytes, as: UTF8.self).contains("D2B"))
    }
}
