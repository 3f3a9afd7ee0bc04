import Imaging
import MediaFormats
import SystemPackage
import TestSupport
import Testing

@testable import MediaCodecs

/// Each kind of sample, drawn here; the numbers that come out are told from those that went in.
@Suite struct TIFFPictureTests {
    static func decode(_ file: [UInt8]) throws -> RGBImage {
        try TIFFPicture(file, limits: StillLimits(maximumPixels: 1 << 20)).decode()
    }

    /// Numbers without a pattern, from 0 to 1.
    static func number(_ x: Int, _ y: Int, _ sample: Int) -> Double {
        let spread = Double((x * 7 + y * 13 + sample * 5) % 17) / 16
        return spread
    }

    /// Whether a picture's channels are those numbers, within a step.
    static func shows(
        _ image: RGBImage, within tolerance: Double = 1, _ number: (Int, Int, Int) -> Double
    ) -> Bool {
        for y in 0..<image.height {
            for x in 0..<image.width {
                for channel in 0..<3 {
                    let shown = Double(image.pixels[(y * image.width + x) * 3 + channel])
                    let wanted = min(max(number(x, y, channel), 0), 1) * 255
                    if abs(shown - wanted) > tolerance { return false }
                }
            }
        }
        return true
    }

    /// What so many bits keep of a number.
    private static func kept(_ number: Double, _ page: TIFFPage) -> Double {
        Double(page.whole(number)) / Double(page.whole(1))
    }

    @Test(arguments: [ByteOrder.little, .big], Array(1...32) + [64])
    func readsWholeNumbersOfAnySize(_ order: ByteOrder, bits: Int) throws {
        let page = TIFFPage(bits: bits, order: order)
        let image = try Self.decode(page.file(Self.number))
        #expect(Self.shows(image) { x, y, _ in Self.kept(Self.number(x, y, 0), page) })
    }

    @Test(arguments: [ByteOrder.little, .big], Array(2...7) + Array(9...32) + [64])
    func readsNumbersWithASignFromTheLowestToTheHighest(_ order: ByteOrder, bits: Int) throws {
        let page = TIFFPage(bits: bits, format: .signed, order: order)
        let image = try Self.decode(page.file(Self.number))
        #expect(Self.shows(image) { x, y, _ in Self.kept(Self.number(x, y, 0), page) })
    }

    @Test(arguments: [TIFFPage.Format.signed, .unsigned])
    func believesASignIn8BitsWhereThePictureIsSmootherWithIt(_ meant: TIFFPage.Format) throws {
        let shade = { (x: Int, y: Int, _: Int) in Double(x + y) / 60 }
        let page = TIFFPage(width: 40, height: 20, format: meant)
        var bytes = page.file(shade)
        // What the file says (tag 0x153) is "signed" in either case.
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: [0x53, 1, 3, 0]) })
        bytes[place + 8] = 2
        #expect(Self.shows(try Self.decode(bytes)) { x, y, _ in shade(x, y, 0) })
    }

    @Test(arguments: [false, true])
    func takesBlackAndWhiteWithASignForBlackAndWhite(_ isPlanar: Bool) throws {
        var page = TIFFPage(width: 40, height: 4, samples: 2, isPlanar: isPlanar)
        page.extra = [TIFFBuilder().integers(0x152, type: 3, [0])]
        let shade = { (x: Int, _: Int, _: Int) in x < 20 ? 0.0 : 1 }
        var bytes = page.file(shade)
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: [0x53, 1, 3, 0]) })
        bytes.replaceSubrange(place + 8..<place + 12, with: [2, 0, 2, 0])
        #expect(Self.shows(try Self.decode(bytes), shade))
    }

    @Test func clipsColoursOutsideOfFloatingPointRedGreenAndBlue() throws {
        let page = TIFFPage(width: 20, bits: 32, format: .float, photometric: 2, samples: 3)
        let number = { (x: Int, y: Int, sample: Int) in
            x % 3 == 0 ? sample == 0 ? -0.25 : 1.5 : Self.number(x, y, sample)
        }
        #expect(Self.shows(try Self.decode(page.file(number)), number))
    }

    @Test(arguments: [ByteOrder.little, .big], [16, 24, 32, 64])
    func readsFloatingPointFromBlackToWhite(_ order: ByteOrder, bits: Int) throws {
        let page = TIFFPage(bits: bits, format: .float, photometric: 2, samples: 3, order: order)
        #expect(Self.shows(try Self.decode(page.file(Self.number)), Self.number))
    }

    @Test(arguments: [255.0, 65_535])
    func readsFloatingPointThatCountsStepsOfWholeNumbers(_ white: Double) throws {
        let page = TIFFPage(bits: 32, format: .float)
        let file = page.file { Self.number($0, $1, $2) * white }
        #expect(Self.shows(try Self.decode(file)) { x, y, _ in Self.number(x, y, 0) })
    }

    @Test func spreadsMeasurementsOverAllShades() throws {
        let page = TIFFPage(bits: 32, format: .float)
        let file = page.file { Self.number($0, $1, $2) * 3000 - 1000 }
        #expect(Self.shows(try Self.decode(file)) { x, y, _ in Self.number(x, y, 0) })
    }

    @Test func showsWhatIsNoNumberAsBlackAndLightBeyondWhiteAsWhite() throws {
        let page = TIFFPage(width: 20, bits: 32, format: .float)
        let file = page.file { x, _, _ in x == 0 ? .nan : x == 1 ? 40 : 0.5 }
        let image = try Self.decode(file)
        #expect([image.pixels[0], image.pixels[3], image.pixels[6]] == [0, 255, 128])
    }

    @Test func spreadsCountersThatUseASmallPartOf32Bits() throws {
        let page = TIFFPage(bits: 32)
        let file = page.file { Self.number($0, $1, $2) / 65_536 }
        #expect(Self.shows(try Self.decode(file)) { x, y, _ in Self.number(x, y, 0) })
    }

    @Test(arguments: [false, true], [nil, 16, 32])
    func readsPlanesAndTiles(_ isPlanar: Bool, tile: Int?) throws {
        for bits in [4, 8, 12, 16, 24] {
            var page = TIFFPage(width: 37, height: 19, bits: bits, photometric: 2, samples: 3)
            page.isPlanar = isPlanar
            page.tile = tile
            let image = try Self.decode(page.file(Self.number))
            #expect(
                Self.shows(image) { Self.kept(Self.number($0, $1, $2), page) }, "\(bits) bits")
        }
    }

    @Test(arguments: [1, 4, 8, 12])
    func readsBytesWhoseLowestBitStandsFirst(_ bits: Int) throws {
        let page = TIFFPage(bits: bits, isReversed: true)
        let image = try Self.decode(page.file(Self.number))
        #expect(Self.shows(image) { x, y, _ in Self.kept(Self.number(x, y, 0), page) })
    }

    @Test(arguments: [1, 2, 8, 16, 32])
    func readsGreyOfWhichZeroIsWhite(_ bits: Int) throws {
        let page = TIFFPage(bits: bits, photometric: 0)
        let image = try Self.decode(page.file(Self.number))
        #expect(Self.shows(image) { x, y, _ in 1 - Self.kept(Self.number(x, y, 0), page) })
    }

    @Test(arguments: [1, 2, 4, 8], [255, 65_535])
    func readsPalettesOf8And16Bits(_ bits: Int, _ white: Int) throws {
        let count = 1 << bits
        let shades = (0..<3).map { channel in
            (0..<count).map { ($0 * 5 + channel * 3) % count }
        }
        var page = TIFFPage(bits: bits, photometric: 3)
        page.extra = [
            TIFFBuilder().integers(
                0x140, type: 3, shades.joined().map { $0 * white / (count - 1) })
        ]
        let image = try Self.decode(page.file(Self.number))
        #expect(
            Self.shows(image) { x, y, channel in
                let index = Int(page.whole(Self.number(x, y, 0)))
                return Double(shades[channel][index]) / Double(count - 1)
            })
    }

    @Test(arguments: [0, 1, 2], [8, 16])
    func laysAlphaOverWhiteAsTheFileMeansIt(_ kind: Int, bits: Int) throws {
        var page = TIFFPage(bits: bits, photometric: 2, samples: 4)
        page.extra = [TIFFBuilder().integers(0x152, type: 3, [kind])]
        let alpha = { (x: Int) in Double(x) / 4 }
        let file = page.file { x, y, sample in
            guard sample < 3 else { return alpha(x) }
            let own = Self.number(x, y, sample)
            return kind == 1 ? own * alpha(x) : own
        }
        #expect(
            Self.shows(try Self.decode(file), within: 1.5) { x, y, channel in
                let own = Self.number(x, y, channel)
                // A fourth sample that is said to be something else is not seen.
                return kind == 0 ? own : own * alpha(x) + 1 - alpha(x)
            })
    }

    @Test(arguments: [1, 2, 3])
    func readsTheFirstSampleOfGreyWithMore(_ samples: Int) throws {
        var page = TIFFPage(photometric: 1, samples: samples)
        if samples > 1 {
            page.extra = [
                TIFFBuilder().integers(0x152, type: 3, Array(repeating: 0, count: samples - 1))
            ]
        }
        let image = try Self.decode(page.file(Self.number))
        #expect(Self.shows(image) { x, y, _ in Self.number(x, y, 0) })
    }

    @Test func saysWhichSamplesAreNotSupported() throws {
        var bytes = TIFFPage(bits: 64).file(Self.number)
        // Complex numbers (6), where the format of samples (tag 0x153) says 1.
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: [0x53, 1, 3, 0]) })
        bytes[place + 8] = 6
        #expect(
            throws: CodecError.rejected(
                "is a TIFF that is not supported: samples that are complex numbers")
        ) {
            try Self.decode(bytes)
        }
    }

    @Test func saysThatLosslessJPEGInsideIsNotSupported() throws {
        let folder = Fixture.folder.removingLastComponent().appending("reports")
        let lossless = try InputFile(folder.appending("jpeg-lossless-sof3.jpg"))
        let header = try JPEGHeader(lossless)
        var page = TIFFPage(width: header.width, height: header.height, photometric: 2, samples: 3)
        page.compression = 7
        let bytes = page.file(strip: try lossless.wholeFile(limit: 1 << 20))
        #expect {
            try Self.decode(bytes)
        } throws: { error in
            guard case CodecError.rejected(let reason) = error else { return false }
            return reason.hasPrefix("is a TIFF that is not supported: Unsupported JPEG process")
        }
    }

    @Test func saysThatPlanesOfDifferentSizesAreNotSupported() throws {
        var page = TIFFPage(width: 16, height: 16, photometric: 6, samples: 3, isPlanar: true)
        page.extra = [TIFFBuilder().integers(0x212, type: 3, [2, 2])]
        #expect(
            throws: CodecError.rejected(
                "is a TIFF that is not supported: Sorry, can not handle image")
        ) {
            try Self.decode(page.file(Self.number))
        }
    }

    @Test func refusesAPageWhoseSamplesAreNotAllThere() throws {
        for tile in [nil, 16] {
            var page = TIFFPage(width: 20, height: 20, tile: tile)
            page.samples = 1
            let bytes = page.file(Self.number)
            #expect(throws: CodecError.self) { try Self.decode(Array(bytes.dropLast(50))) }
        }
    }

    @Test func survivesAnyChange() throws {
        var generator = SeededGenerator(seed: 15)
        for kind in 0..<600 {
            var page = TIFFPage(bits: [1, 8, 12, 16, 32, 64][kind % 6], samples: 1 + kind % 5)
            page.photometric = [0, 1, 2, 3, 5, 6, 8, 9, 10][kind % 9]
            page.format = [.unsigned, .signed, .float][kind % 3]
            page.tile = kind % 4 == 0 ? 16 : nil
            let bytes = mutated(page.file(Self.number), using: &generator)
            _ = try? Self.decode(bytes)
        }
    }
}
