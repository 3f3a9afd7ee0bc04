import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct AppendedClipTests {
    private func probe(_ bytes: [UInt8]) throws -> MediaProbe {
        let scratch = try ScratchFile(bytes)
        let file = try scratch.open()
        return try Prober(limits: .standard).probe(file, try MediaFormat(of: file))
    }

    private func integer(_ value: Int, bytes: Int = 4) -> [UInt8] {
        (0..<bytes).map { UInt8(value >> (8 * $0) & 0xff) }
    }

    private func clip() throws -> [UInt8] { try Fixture.bytes("h264.mp4") }

    @Test func isFoundBehindAJPEG() throws {
        let (picture, clip) = (try Fixture.bytes("420.jpg"), try clip())
        for gap in [[], [UInt8](repeating: 0, count: 5)] {
            let found = try probe(picture + gap + clip)
            #expect(found.format == "jpeg" && !found.isIncomplete)
            #expect(found.metadata.motionPhoto?.bytesFromEnd == clip.count)
            #expect(try found.identity == probe(picture).identity)
        }
    }

    @Test func isFoundInTheTrailerOfSamsung() throws {
        let clip = try clip()
        let entry =
            integer(0, bytes: 2) + integer(0x0a30, bytes: 2) + integer(16)
            + Array("MotionPhoto_Data".utf8) + clip
        let list =
            Array("SEFH".utf8) + integer(106) + integer(1) + integer(0x0a30_0000)
            + integer(entry.count) + integer(entry.count)
        let trailer = entry + list + integer(list.count) + Array("SEFT".utf8)
        let found = try probe(Fixture.bytes("420.jpg") + trailer)
        #expect(found.metadata.motionPhoto?.bytesFromEnd == trailer.count - 24)
    }

    @Test(arguments: ["rgb.heic", "rgb.avif"])
    func isFoundBehindAFileOfTheSameFamily(_ name: String) throws {
        let (picture, clip) = (try Fixture.bytes(name), try clip())
        let found = try probe(picture + clip)
        #expect(found.kind == .still && found.metadata.motionPhoto?.bytesFromEnd == clip.count)
        let scratch = try ScratchFile(picture + clip)
        let file = try scratch.open()
        let image = try StillReader(limits: .standard)
            .read(file, try MediaFormat(of: file), minimumShortEdge: nil)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene, within: 8))
    }

    @Test func isFoundInItsBox() throws {
        let clip = try clip()
        let box = integer(clip.count + 8).reversed() + Array("mpvd".utf8) + clip
        let found = try probe(Fixture.bytes("rgb.heic") + box)
        #expect(found.metadata.motionPhoto?.bytesFromEnd == clip.count)
    }

    @Test func isNotThereWhereOnlyTheMetadataSpeaksOfIt() throws {
        let scratch = try ScratchFile(Fixture.bytes("420.jpg"))
        let clip = AppendedClip(try scratch.open())
        for stated in [nil, MotionPhoto(bytesFromEnd: 100), MotionPhoto(bytesFromEnd: 1 << 40)] {
            #expect(try clip.motionPhoto(.jpeg, stated: stated) == nil)
        }
    }

    @Test func keepsTheMomentOfTheStill() throws {
        let clip = try clip()
        let scratch = try ScratchFile(Fixture.bytes("420.jpg") + clip)
        let stated = MotionPhoto(bytesFromEnd: clip.count, stillMicroseconds: 7)
        #expect(
            try AppendedClip(scratch.open()).motionPhoto(.jpeg, stated: stated) == stated)
    }

    @Test func isNotWhatElseStandsBehindAPicture() throws {
        let picture = try Fixture.bytes("420.jpg")
        for tail in [picture, Array("ftyp".utf8), [0, 0, 0, 24] + Array("ftyp".utf8)] {
            #expect(try probe(picture + tail).metadata.motionPhoto == nil)
        }
    }
}
