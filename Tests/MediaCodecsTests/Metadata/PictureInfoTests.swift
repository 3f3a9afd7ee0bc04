import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct PictureInfoTests {
    private func blocks(_ text: String) throws -> MetadataBlocks {
        let segment = FileBuilder.segment(0xec, Array(text.utf8))
        return try FileBuilder.blocks(FileBuilder.jpeg(segment), .jpeg)
    }

    @Test func readsWhenAnOldCameraTookThePicture() throws {
        let found = try blocks("[picture info]\r\nTimeDate=909698819\r\nShutter=8330\r\n")
        #expect(found.metadata().capture.takenAt == "1998-10-29T22:06:59")
    }

    @Test(arguments: [
        "TimeDate=909698819", "[picture info]\r\nTimeDate=",
        "[picture info]\r\nTimeDate=99999999999999999999",
    ])
    func whatIsNoMomentIsNone(_ text: String) throws {
        #expect(try blocks(text).metadata().capture.takenAt == nil)
    }
}
