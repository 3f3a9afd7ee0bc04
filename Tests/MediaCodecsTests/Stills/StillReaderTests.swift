import Imaging
import MediaDecoding
import SystemPackage
import Testing
import MediaFormats

@testable import MediaCodecs

@Suite struct StillReaderTests {
    private func read(_ name: String, minimumShortEdge: Int? = nil) throws -> RGBImage {
        let file = try Fixture.open(name)
        return try StillReader(limits: .standard)
            .read(file, try MediaFormat(of: file), minimumShortEdge: minimumShortEdge)
    }

    @Test(arguments: [
        "rgb.png", "rgb16.png", "palette.png", "interlaced.png", "444.jpg", "422.jpg", "420.jpg",
        "progressive.jpg", "cmyk.jpg", "lossless.webp", "lossy.webp", "animated.webp", "still.gif",
        "animated.gif", "rgb.bmp", "lzw.tiff", "deflate.tiff", "rgb.heic", "rgb.avif",
        "mislabelled.jpg",
    ])
    func showsTheScene(_ name: String) throws {
        let image = try read(name)
        #expect(image.width == 64 && image.height == 48)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene), "\(name)")
    }

    @Test(arguments: ["grey.png", "grey.jpg"])
    func givesGreyThreeEqualChannels(_ name: String) throws {
        let greys: [[UInt8]] = [54, 182, 18, 237].map { [$0, $0, $0] }
        #expect(Fixture.alike(Fixture.quadrants(try read(name)), greys))
    }

    @Test(arguments: ["alpha.png", "alpha.webp"])
    func laysTransparencyOverWhite(_ name: String) throws {
        let white: [UInt8] = [255, 255, 255]
        let expected = [white, Fixture.scene[1], white, Fixture.scene[3]]
        #expect(Fixture.quadrants(try read(name)) == expected)
    }

    @Test(arguments: 1...8)
    func turnsEachOrientationUpright(_ way: Int) throws {
        #expect(try read("orientation-\(way).png") == (try read("rgb.png")))
        let jpeg = try read("orientation-\(way).jpg")
        #expect(jpeg.width == 64 && jpeg.height == 48)
        #expect(Fixture.alike(Fixture.quadrants(jpeg), Fixture.scene))
    }

    @Test(arguments: ["orientation-6.webp", "orientation-6.tiff"])
    func readsOrientationWhereverItStands(_ name: String) throws {
        #expect(try read(name) == (try read("rgb.png")))
    }

    @Test(arguments: ["420.jpg", "progressive.jpg", "rgb.png", "rgb.heic", "still.gif"])
    func neverGoesBelowTheWantedEdge(_ name: String) throws {
        for edge in [1, 3, 6, 7, 11, 12, 13, 23, 24, 25, 47, 48, 49, 1000] {
            let image = try read(name, minimumShortEdge: edge)
            #expect(image.height >= min(edge, 48), "\(name) \(edge)")
            #expect(image.height <= min(max(edge * 2, 6), 48), "\(name) \(edge)")
            #expect(abs(image.width * 48 - image.height * 64) <= 64, "\(name) \(edge)")
        }
    }

    @Test func keepsTheColoursOfASmallerPicture() throws {
        let image = try read("420.jpg", minimumShortEdge: 6)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene, within: 12))
    }

    @Test(arguments: ["tiled.tiff", "planar.tiff", "big.tiff", "jpeg.tiff"])
    func decodesATIFFHoweverItsPixelsLie(_ name: String) throws {
        let image = try read(name)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene, within: 12))
    }

    @Test func saysWhichTIFFIsNotSupported() throws {
        // A compression (tag 0x0103) that nobody has defined.
        let file = try ScratchFile(Self.oddTIFF)
        #expect {
            try StillReader(limits: .standard).read(file.open(), .tiff, minimumShortEdge: nil)
        } throws: { error in
            guard case CodecError.rejected(let reason) = error else { return false }
            return reason.hasPrefix("is a TIFF that is not supported: ")
        }
    }

    /// One pixel of 32 bits: width, height, bits, compression, photometric, offset, rows, count.
    private static let oddTIFF: [UInt8] = {
        let entries: [(UInt8, UInt8)] = [
            (0x00, 1), (0x01, 1), (0x02, 32), (0x03, 99), (0x06, 1), (0x11, 8), (0x16, 1),
            (0x17, 4),
        ]
        var bytes: [UInt8] = [0x49, 0x49, 42, 0, 12, 0, 0, 0, 0, 0, 0x80, 0x3f]
        bytes += [UInt8(entries.count), 0]
        for (tag, value) in entries { bytes += [tag, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0] }
        return bytes + [0, 0, 0, 0]
    }()

    @Test func decodesAPictureOfATelephoneWhoseGainMapBelongsToTwo() throws {
        let path = Fixture.folder.removingLastComponent()
            .appending("reports/heic-ios18-auxl-two-refs.heic")
        let image = try StillReader(limits: .standard)
            .read(InputFile(path), .heic, minimumShortEdge: nil)
        #expect(image.width == 384 && image.height == 256)
    }

    @Test(arguments: [
        "lossless.webp", "rgb.bmp", "lzw.tiff", "rgb.heic", "rgb.avif",
    ])
    func refusesAFileThatWasCopiedHalf(_ name: String) throws {
        let bytes = try Fixture.bytes(name)
        for part in [bytes.count / 2, bytes.count * 3 / 4] {
            let file = try ScratchFile(Array(bytes[..<part]))
            #expect(throws: CodecError.self, "\(name), \(part) of \(bytes.count) bytes") {
                let file = try file.open()
                return try StillReader(limits: .standard)
                    .read(file, try MediaFormat(of: file), minimumShortEdge: nil)
            }
        }
    }
}
