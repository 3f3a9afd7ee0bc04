import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct JPEGXLFormatTests {
    private let big = TIFFBuilder(order: .big)

    private func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big.integer(content.count + 8, 4) + Array(type.utf8) + content
    }

    /// The boxes of a file whose codestream is that of a fixture.
    private func file(_ boxes: [UInt8], parts: Int = 1) throws -> [UInt8] {
        let codestream = try Fixture.bytes("lossless.jxl")
        var picture = box("jxlc", codestream)
        if parts > 1 {
            let half = codestream.count / 2
            picture =
                box("jxlp", [0, 0, 0, 0] + codestream[..<half])
                + box("jxlp", [0x80, 0, 0, 1] + codestream[half...])
        }
        return box("JXL ", [0x0d, 0x0a, 0x87, 0x0a]) + box("ftyp", Array("jxl \0\0\0\0jxl ".utf8))
            + boxes + picture
    }

    private func probe(_ bytes: [UInt8]) throws -> MediaProbe {
        try Prober(limits: .standard).probe(ScratchFile(bytes).open(), .jpegXL)
    }

    @Test(arguments: ["lossless.jxl", "orientation-6.jxl"])
    func showsTheSceneUpright(_ name: String) throws {
        let file = try Fixture.open(name)
        #expect(try MediaFormat(of: file) == .jpegXL)
        let image = try StillReader(limits: .standard)
            .read(file, .jpegXL, minimumShortEdge: nil)
        #expect(image.width == 64 && image.height == 48)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene, within: 30))
    }

    @Test func laysTransparencyOverWhite() throws {
        let image = try StillReader(limits: .standard)
            .read(Fixture.open("alpha.jxl"), .jpegXL, minimumShortEdge: nil)
        let white: [UInt8] = [255, 255, 255]
        let expected = [white, Fixture.scene[1], white, Fixture.scene[3]]
        #expect(Fixture.alike(Fixture.quadrants(image), expected))
    }

    @Test func readsEXIFAndXMPInBoxesBeforeThePictureAndBehindIt() throws {
        let tiff = TIFFBuilder()
        // The orientation was applied when the picture was coded.
        let block = tiff.block([
            tiff.integers(0x0112, type: 3, [6]), tiff.ascii(0x0132, "2019:04:09 16:19:13"),
        ])
        let packet = FileBuilder.xmp(attributes: "tiff:Make='Nokia' tiff:Model='Nokia 7 plus'")
        let bytes =
            try file(box("Exif", [0, 0, 0, 0] + block)) + box("xml ", Array(packet.utf8))
        let probe = try probe(bytes)
        #expect(probe.width == 64 && probe.height == 48)
        #expect(probe.metadata.capture.takenAt == "2019-04-09T16:19:13")
        #expect(probe.metadata.capture.camera == "Nokia 7 plus")
    }

    @Test func identityIsThatOfTheCodestream() throws {
        let bare = try probe(Fixture.bytes("lossless.jxl")).identity
        #expect(try probe(file([])).identity == bare)
        let other = try file(box("xml ", Array("<a/>".utf8)))
        #expect(try probe(other).identity == bare)
        #expect(try probe(Fixture.bytes("alpha.jxl")).identity != bare)
    }

    @Test func aCodestreamInPartsIsRead() throws {
        let image = try StillReader(limits: .standard)
            .read(ScratchFile(file([], parts: 2)).open(), .jpegXL, minimumShortEdge: nil)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test func refusesWhatEndsTooSoon() throws {
        let bytes = try Fixture.bytes("lossless.jxl")
        for count in [12, bytes.count / 2, bytes.count - 1] {
            #expect(throws: CodecError.self) {
                try StillReader(limits: .standard).read(
                    ScratchFile(Array(bytes[..<count])).open(), .jpegXL, minimumShortEdge: nil)
            }
        }
    }
}
