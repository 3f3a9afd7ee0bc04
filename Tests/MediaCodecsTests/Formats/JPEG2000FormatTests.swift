import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct JPEG2000FormatTests {
    private let big = TIFFBuilder(order: .big)

    private func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big.integer(content.count + 8, 4) + Array(type.utf8) + content
    }

    /// The codestream alone.
    private func codestream() throws -> [UInt8] {
        let bytes = try Fixture.bytes("rgb.jp2")
        let box = try #require(
            ISOBox.all(in: bytes, 0..<bytes.count).first { $0.type == "jp2c" })
        return Array(bytes[box.content])
    }

    private func read(_ bytes: [UInt8], minimumShortEdge: Int? = nil) throws -> [[UInt8]] {
        let file = try ScratchFile(bytes)
        #expect(try MediaFormat(of: file.open()) == .jpeg2000)
        return Fixture.quadrants(
            try StillReader(limits: .standard)
                .read(file.open(), .jpeg2000, minimumShortEdge: minimumShortEdge))
    }

    @Test func showsTheSceneWithBoxesAndWithout() throws {
        #expect(Fixture.alike(try read(Fixture.bytes("rgb.jp2")), Fixture.scene))
        #expect(Fixture.alike(try read(codestream()), Fixture.scene))
    }

    @Test func aSmallerPictureIsDecodedSmaller() throws {
        let small = try read(Fixture.bytes("rgb.jp2"), minimumShortEdge: 12)
        #expect(Fixture.alike(small, Fixture.scene, within: 12))
    }

    @Test func readsEXIFAndXMPInBoxes() throws {
        let tiff = TIFFBuilder()
        let block = tiff.block([tiff.ascii(0x0132, "2019:04:09 16:19:13")])
        let packet = FileBuilder.xmp(attributes: "tiff:Make='Nokia' tiff:Model='Nokia 7 plus'")
        let xmp: [UInt8] = [
            0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3,
            0xaf, 0xac,
        ]
        let original = try Fixture.bytes("rgb.jp2")
        let bytes =
            original + box("uuid", Array("JpgTiffExif->JP2".utf8) + block)
            + box("uuid", xmp + Array(packet.utf8))
        let older = original + box("xml ", Array(packet.utf8))
        let prober = Prober(limits: .standard)
        #expect(
            try prober.probe(ScratchFile(older).open(), .jpeg2000).metadata.capture.camera
                == "Nokia 7 plus")
        let probe = try prober.probe(ScratchFile(bytes).open(), .jpeg2000)
        #expect(probe.metadata.capture.takenAt == "2019-04-09T16:19:13")
        #expect(probe.metadata.capture.camera == "Nokia 7 plus")
        #expect(
            try probe.identity
                == prober.probe(ScratchFile(original).open(), .jpeg2000).identity)
    }

    @Test func refusesWhatEndsTooSoon() throws {
        let bytes = try Fixture.bytes("rgb.jp2")
        for count in [40, bytes.count / 2, bytes.count * 3 / 4] {
            #expect(throws: CodecError.self) { try read(Array(bytes[..<count])) }
        }
    }
}
