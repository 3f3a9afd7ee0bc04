import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct DVPacksTests {
    /// A frame of two blocks, the second with these packs among those of the video.
    private func frame(_ packs: [[UInt8]]) -> [UInt8] {
        var block: [UInt8] = [0x50, 7, 0] + packs.flatMap { $0 }
        block += [UInt8](repeating: 0xff, count: 80 - block.count)
        return [UInt8](repeating: 0x1f, count: 80) + block
    }

    @Test func readsTheRecordingsMoment() {
        let packs: [[UInt8]] = [
            [0x60, 1, 2, 3, 4], [0x62, 0xff, 0xe6, 0xe7, 0x03], [0x63, 0xff, 0x91, 0x83, 0xd8],
        ]
        #expect(DVPacks.takenAt(frame(packs), block: 80) == "2003-07-26T18:03:11")
        #expect(DVPacks.takenAt(frame([packs[1]]), block: 80) == "2003-07-26")
    }

    @Test func knowsTheCenturyOfTheFirstCassettes() {
        let pack: [UInt8] = [0x62, 0xff, 0x26, 0x07, 0x98]
        #expect(DVPacks.takenAt(frame([pack]), block: 80) == "1998-07-26")
    }

    @Test func saysNothingWhereTheCameraDidNot() {
        #expect(DVPacks.takenAt(frame([]), block: 80) == nil)
        let empty: [UInt8] = [0x62, 0xff, 0xff, 0xff, 0xff]
        #expect(DVPacks.takenAt(frame([empty]), block: 80) == nil)
        #expect(DVPacks.takenAt([1, 2, 3], block: 80) == nil)
    }

    @Test func saysNothingOfAClockThatWasNotSet() throws {
        let clip = try VideoFile(Fixture.open("cassette.dv"), .dv, limits: .standard)
        #expect(try clip.metadata().capture.takenAt == nil)
    }
}
