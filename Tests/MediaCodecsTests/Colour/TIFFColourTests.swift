import Imaging
import Testing

@testable import MediaCodecs

/// Colours of TIFF pages that are drawn here.
@Suite struct TIFFColourTests {
    @Test(arguments: [8, 16])
    func followsTheProfile(_ bits: Int) throws {
        let muted = ColourConversionTests.mutedP3
        var page = TIFFPage(width: 4, height: 1, bits: bits, photometric: 2, samples: 3)
        page.extra = [TIFFBuilder().undefined(0x8773, ProfileBuilder.displayP3)]
        let image = try TIFFPictureTests.decode(
            page.file { x, _, sample in Double(muted[x][sample]) / 65_535 })
        let shown = ColourConversionTests.pixels(image)
        #expect(Fixture.alike(shown, ColourConversionTests.muted, within: 2), "\(shown)")
    }

    private static let mixtures = [0, 8, 4, 2, 6, 1]
    private static let plainInks: [[Double]] = [
        [255, 255, 255], [0, 255, 255], [255, 0, 255], [255, 255, 0], [255, 0, 0], [0, 0, 0],
    ]

    private func shownInks(_ bits: Int, profile: [UInt8]?, isPlanar: Bool) throws -> [[UInt8]] {
        var page = TIFFPage(width: 6, height: 1, bits: bits, photometric: 5, samples: 4)
        page.isPlanar = isPlanar
        if let profile { page.extra = [TIFFBuilder().undefined(0x8773, profile)] }
        return ColourConversionTests.pixels(
            try TIFFPictureTests.decode(
                page.file { x, _, ink in Self.mixtures[x] & 8 >> ink == 0 ? 0 : 1 }))
    }

    @Test(arguments: [8, 16], [false, true])
    func showsInksWithoutAProfileAsShareOfLight(_ bits: Int, isPlanar: Bool) throws {
        for (shown, wanted) in zip(
            try shownInks(bits, profile: nil, isPlanar: isPlanar), Self.plainInks)
        {
            #expect(shown.map { Double($0) } == wanted)
        }
    }

    @Test(arguments: [8, 16], [false, true])
    func showsInksWithAProfileAsTheyArePrinted(_ bits: Int, isPlanar: Bool) throws {
        let shown = try shownInks(bits, profile: ProfileBuilder.press, isPlanar: isPlanar)
        for (mixture, shown) in zip(Self.mixtures, shown) {
            let wanted = ReferenceColour.sRGB(ProfileBuilder.inks[mixture])
            #expect(
                zip(shown, wanted).allSatisfy { abs(Double($0) - $1) <= 16 },
                "\(mixture): \(shown), \(wanted)")
        }
    }

    private static let lab: [[Double]] = [
        [100, 0, 0], [50, 0, 0], [53, 60, 40], [60, -40, 30], [40, 10, -45], [0, 0, 0],
    ]

    /// How a kind of L*a*b* (CIE 8, ICC 9, ITU 10) stores a number, from 0 to 1 of its bits.
    private static func stored(
        _ value: Double, _ sample: Int, _ photometric: Int, bits: Int
    ) -> Double {
        let steps = Double(1 << bits)
        switch (photometric, sample) {
        case (9, 0): return bits == 16 ? value / 100 * 65_280 / 65_535 : value / 100
        case (_, 0): return value / 100
        case (8, _):
            let whole = (value * steps / 256).rounded()
            return (whole < 0 ? whole + steps : whole) / (steps - 1)
        case (9, _): return (value + 128) * (steps / 256) / (steps - 1)
        case (_, 1): return (value + 85) / 170
        default: return (value + 75) / 200
        }
    }

    @Test(arguments: [8, 9, 10], [8, 16])
    func showsEachKindOfLab(_ photometric: Int, bits: Int) throws {
        let page = TIFFPage(
            width: 6, height: 1, bits: bits, photometric: photometric, samples: 3)
        let image = try TIFFPictureTests.decode(
            page.file { x, _, sample in
                Self.stored(Self.lab[x][sample], sample, photometric, bits: bits)
            })
        for (lab, shown) in zip(Self.lab, ColourConversionTests.pixels(image)) {
            let wanted = ReferenceColour.sRGB(lab)
            #expect(
                zip(shown, wanted).allSatisfy { abs(Double($0) - $1) <= 5 },
                "\(lab): \(shown), \(wanted)")
        }
    }

    @Test func followsTheWhiteThatLabIsAgainst() throws {
        var page = TIFFPage(width: 2, height: 1, photometric: 8, samples: 3)
        let little = TIFFBuilder()
        // White of D65 (0x13e); a blue that is within sRGB there, and not against D50.
        page.extra = [little.fractions(0x13e, [(3127, 10_000), (3290, 10_000)])]
        let stored: [[Double]] = [[255, 0, 0], [154, 4, 197]]
        let image = try TIFFPictureTests.decode(page.file { x, _, c in stored[x][c] / 255 })
        // By the formulas of CIE 15 and IEC 61966-2-1.
        let wanted: [[UInt8]] = [[255, 255, 255], [8, 149, 250]]
        let shown = ColourConversionTests.pixels(image)
        #expect(Fixture.alike(shown, wanted, within: 4), "\(shown)")
    }

    @Test func showsYCbCr() throws {
        var page = TIFFPage(width: 4, height: 1, photometric: 6, samples: 3)
        page.extra = [TIFFBuilder().integers(0x212, type: 3, [1, 1])]
        // ITU-R BT.601: red, green, blue, grey.
        let stored: [[Double]] = [
            [76, 85, 255], [150, 44, 21], [29, 255, 107], [128, 128, 128],
        ]
        let image = try TIFFPictureTests.decode(page.file { x, _, c in stored[x][c] / 255 })
        let wanted: [[UInt8]] = [[254, 0, 0], [0, 255, 1], [0, 0, 254], [128, 128, 128]]
        let shown = ColourConversionTests.pixels(image)
        #expect(Fixture.alike(shown, wanted, within: 3), "\(shown)")
    }
}
