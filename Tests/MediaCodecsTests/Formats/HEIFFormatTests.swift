import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct HEIFFormatTests {
    private func read(_ bytes: [UInt8]) throws -> RGBImage {
        let file = try ScratchFile(bytes)
        return try StillReader(limits: .standard)
            .read(file.open(), try MediaFormat(of: file.open()), minimumShortEdge: nil)
    }

    @Test func aClipBehindAPictureDoesNotHideIt() throws {
        let image = try read(Fixture.bytes("rgb.heic") + Fixture.bytes("h264.mp4"))
        #expect(image.width == 64 && image.height == 48)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test(arguments: ["avis", "hevc", "msf1"])
    func aSequenceWithoutAPictureIsShownByItsFirstFrame(_ brand: String) throws {
        var bytes = try Fixture.bytes("hevc.mp4")
        bytes.replaceSubrange(8..<12, with: Array(brand.utf8))
        let file = try ScratchFile(bytes)
        let format = try MediaFormat(of: file.open())
        #expect(format == (brand == "avis" ? .avif : .heic))
        let probe = try Prober(limits: .standard).probe(file.open(), format)
        #expect(probe.kind == .still && probe.width == 64 && probe.height == 48)
        let red = [[UInt8]](repeating: Fixture.scene[0], count: 4)
        #expect(Fixture.alike(Fixture.quadrants(try read(bytes)), red, within: 6))
    }

    @Test(arguments: ["grey-limited-8.avif", "grey-limited-10.avif"])
    func greyIsSpreadFromTelevisionsRange(_ name: String) throws {
        let image = try read(Fixture.bytes(name))
        let shades: [[UInt8]] = [0, 255, 128, 64].map { [$0, $0, $0] }
        #expect(Fixture.alike(Fixture.quadrants(image), shades, within: 2))
    }

    @Test func onlyAFileWithoutAnyColourIsGrey() throws {
        #expect(HEIFGrey.isAllGrey(try Fixture.bytes("grey-limited-8.avif")))
        #expect(!HEIFGrey.isAllGrey(try Fixture.bytes("rgb.avif")))
        #expect(!HEIFGrey.isAllGrey(try Fixture.bytes("rgb.heic")))
        #expect(!HEIFGrey.isAllGrey(Array(try Fixture.bytes("grey-limited-8.avif").prefix(60))))
    }

    @Test func aBoxThatClaimsTooMuchIsDamaged() throws {
        var bytes = try Fixture.bytes("rgb.avif")
        let name = Array("iloc".utf8)
        let box = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        // The last item's place ends the box with its length.
        let size = try #require(try bytes.integer(at: box - 4, size: 4))
        bytes.replaceSubrange(box - 8 + size..<box - 4 + size, with: [0xff, 0, 0, 0])
        #expect {
            try read(bytes)
        } throws: { error in
            guard case CodecError.rejected(let reason) = error else { return false }
            return reason.hasPrefix("is damaged")
        }
    }
}
