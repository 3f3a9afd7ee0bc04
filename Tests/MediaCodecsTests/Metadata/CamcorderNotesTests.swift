import MediaDecoding
import Testing

@testable import MediaCodecs

@Suite struct CamcorderNotesTests {
    private static let identifier: [UInt8] = [
        0x17, 0xee, 0x8c, 0x60, 0xf8, 0x4d, 0x11, 0xd9, 0x8c, 0xd6, 0x08, 0x00, 0x20, 0x0c, 0x9a,
        0x66,
    ]

    private func metadata(_ packs: [[UInt8]], escaped: Bool = false) -> CaptureFacts? {
        var content = packs.flatMap { $0 }
        if escaped {
            // A third byte behind two zeros, as H.264 writes it.
            var plain: [UInt8] = []
            for byte in content {
                if plain.suffix(2) == [0, 0], byte <= 3 { plain.append(3) }
                plain.append(byte)
            }
            content = plain
        }
        let message = Self.identifier + Array("MDPM".utf8) + [UInt8(packs.count)] + content
        let packet: [UInt8] = [0, 0, 1, 6, 5, 40] + message + [0x80, 0, 0, 1, 0x65, 1, 2, 3]
        return packet.withUnsafeBufferPointer { bytes in
            CamcorderNotes(packet: bytes).map { notes in
                var capture = CaptureFacts()
                notes.complete(&capture)
                return capture
            }
        }
    }

    private let moment: [[UInt8]] = [
        [0x18, 0x02, 0x20, 0x12, 0x07], [0x19, 0x26, 0x18, 0x03, 0x11],
    ]

    @Test func readsTheMomentWithItsZone() {
        #expect(metadata(moment)?.takenAt == "2012-07-26T18:03:11+01:00")
        let west: [[UInt8]] = [[0x18, 0x2b, 0x20, 0x12, 0x07], moment[1]]
        #expect(metadata(west)?.takenAt == "2012-07-26T18:03:11-05:30")
    }

    @Test func readsMakerAndPlace() throws {
        let packs: [[UInt8]] = [
            [0xb1, 0x4e, 0, 0, 0], [0xb2, 0, 52, 0, 1], [0xb3, 0, 30, 0, 1], [0xb4, 0, 0, 0, 1],
            [0xb5, 0x57, 0, 0, 0], [0xb6, 0, 13, 0, 1], [0xb7, 0, 15, 0, 1], [0xb8, 0, 0, 0, 1],
            [0xe0, 0x01, 0x08, 0, 0],
        ]
        let found = try #require(metadata(packs, escaped: true))
        #expect(found.camera == "Sony")
        #expect(found.latitude == 52.5 && found.longitude == -13.25)
    }

    @Test func readsTheModelOfThreePacks() throws {
        let packs: [[UInt8]] = [
            [0xe0, 0x01, 0x08, 0, 0], [0xe4] + Array("ILCE".utf8), [0xe5] + Array("-7M3".utf8),
            [0xe6, 0, 0, 0, 0],
        ]
        #expect(metadata(packs)?.camera == "Sony ILCE-7M3")
    }

    @Test func believesNoMomentThatCannotBe() {
        let wrong: [[UInt8]] = [[0x18, 0, 0x20, 0xff, 0xff], moment[1]]
        #expect(metadata(wrong)?.takenAt == nil)
        #expect(metadata([moment[0]])?.takenAt == nil)
    }

    @Test func survivesACutMessage() {
        let start = Self.identifier + Array("MDPM".utf8)
        for tail: [UInt8] in [[], [200], [2, 0x18, 1]] {
            (start + tail).withUnsafeBufferPointer { bytes in
                var found = CaptureFacts()
                CamcorderNotes(packet: bytes)?.complete(&found)
                #expect(found == CaptureFacts())
            }
        }
    }
}
