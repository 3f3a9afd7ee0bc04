import Imaging
import MediaDecoding
import Testing
import MediaFormats

@testable import MediaCodecs

/// Which of a file's dates is taken.
@Suite struct DateTests {
    private let tiff = TIFFBuilder()

    private func takenAt(
        original: String? = nil, digitised: String? = nil, modified: String? = nil,
        place: [TIFFBuilder.Value] = []
    ) throws -> String? {
        let exif =
            (original.map { [tiff.ascii(0x9003, $0)] } ?? [])
            + (digitised.map { [tiff.ascii(0x9004, $0)] } ?? [])
        let block = tiff.block(
            (modified.map { [tiff.ascii(0x0132, $0)] } ?? []) + [
                .directory(tag: 0x8769, type: 4, exif), .directory(tag: 0x8825, type: 4, place),
            ])
        let bytes = try FileBuilder.jpeg(FileBuilder.exifSegment(block))
        return try FileBuilder.blocks(bytes, .jpeg).metadata().capture.takenAt
    }

    @Test func aZeroDateIsPassedOverForTheNextValidOne() throws {
        let found = try takenAt(
            original: "0000:00:00 00:00:00", digitised: "2019:04:09 16:19:13",
            modified: "2019:04:10 08:00:00")
        #expect(found == "2019-04-09T16:19:13")
    }

    @Test(arguments: ["", "                   ", "    :  :     :  :  "])
    func anEmptyDateIsPassedOverForTheDayOfTheLastChange(_ empty: String) throws {
        #expect(
            try takenAt(original: empty, modified: "2019:04:09 16:19:13") == "2019-04-09T16:19:13")
    }

    @Test func anHourOf24LeavesTheDay() throws {
        #expect(try takenAt(original: "2019:04:09 24:19:13") == "2019-04-09")
    }

    @Test func aTimeMayHaveNoSeconds() throws {
        #expect(try takenAt(original: "2019:04:09 16:19") == "2019-04-09T16:19")
    }

    @Test func aDayAloneGainsTheTimeOfTheSameDay() throws {
        let found = try takenAt(original: "2019:04:09", digitised: "2019:04:09 16:19:13")
        #expect(found == "2019-04-09T16:19:13")
    }

    @Test func theReceiversTimeIsTakenWhereThereIsNoOther() throws {
        let place = [
            tiff.fractions(7, [(14, 1), (19, 1), (13, 1)]), tiff.ascii(0x1d, "2019:04:09"),
        ]
        #expect(try takenAt(place: place) == "2019-04-09T14:19:13Z")
        #expect(try takenAt(place: [place[1]]) == "2019-04-09")
    }

    @Test func tagsMayStandInTheOtherDirectory() throws {
        let moment = tiff.ascii(0x9003, "2019:04:09 16:19:13")
        let camera = [tiff.ascii(0x010f, "HMD Global"), tiff.ascii(0x0110, "Nokia 7 plus")]
        #expect(try Exif(tiff.block([moment])).original == "2019-04-09T16:19:13")
        let exif = try Exif(tiff.block([.directory(tag: 0x8769, type: 4, camera)]))
        #expect(exif.camera == "HMD Global Nokia 7 plus")
    }

    @Test func aLocalTimeGainsTheZoneThatXMPKnows() throws {
        let block = tiff.block([
            .directory(tag: 0x8769, type: 4, [tiff.ascii(0x9003, "2019:04:09 16:19:13")])
        ])
        let packet = FileBuilder.xmp(
            attributes: "exif:DateTimeOriginal='2019-04-09T16:19:13+02:00'")
        let bytes = try FileBuilder.jpeg(
            FileBuilder.exifSegment(block) + FileBuilder.xmpSegment(packet))
        let found = try FileBuilder.blocks(bytes, .jpeg).metadata().capture.takenAt
        #expect(found == "2019-04-09T16:19:13+02:00")
    }
}
