import Imaging
import MediaDecoding
import Testing
import MediaFormats

@testable import MediaCodecs

@Suite struct IPTCRecordTests {
    private func set(_ number: UInt8, _ text: String) -> [UInt8] {
        FileBuilder.iptc(2, number, Array(text.utf8))
    }

    @Test func readsTextsAndMoments() {
        let record = IPTCRecord(
            FileBuilder.iptc(1, 90, [0x1b, 0x25, 0x47]) + set(5, "Zi\u{e4}gen") + set(25, "goat")
                + set(25, "beach") + set(55, "20190409") + set(60, "161913+0200")
                + set(120, "Goats on a beach"))
        #expect(record.texts.title == "Zi\u{e4}gen")
        #expect(record.texts.keywords == ["goat", "beach"])
        #expect(record.texts.caption == "Goats on a beach")
        #expect(record.moments.first == "2019-04-09T16:19:13+02:00")
    }

    @Test func readsLatin1AndDatesWithoutATime() {
        let record = IPTCRecord(
            FileBuilder.iptc(2, 120, [0x5a, 0xfc, 0x67]) + set(55, "20190409"))
        #expect(record.texts.caption == "Z\u{fc}g")
        #expect(record.moments.first == "2019-04-09")
        #expect(IPTCRecord(set(55, "00000000")).moments.first == .some(nil))
    }

    @Test func readsDatesWithSeparators() {
        let record = IPTCRecord(set(55, "2019-04-09") + set(60, "16:19:13+02:00"))
        #expect(record.moments.first == "2019-04-09T16:19:13+02:00")
    }

    @Test func readsLongDataSets() {
        let text = [UInt8](repeating: 0x61, count: 5000)
        let record = IPTCRecord([0x1c, 2, 120, 0x80, 4, 0, 0, 0x13, 0x88] + text)
        #expect(record.texts.caption?.count == 5000)
    }

    @Test func isFoundInPhotoshopsSegments() throws {
        let iptc = set(120, "Goats") + set(25, "beach")
        let resources = FileBuilder.photoshop(iptc)
        let mark = Array("Photoshop 3.0\0".utf8)
        let half = resources.count / 2
        // Resources may be spread over two segments.
        let bytes = try FileBuilder.jpeg(
            FileBuilder.segment(0xed, mark + resources[..<half])
                + FileBuilder.segment(0xed, mark + resources[half...]))
        let texts = try FileBuilder.blocks(bytes, .jpeg).metadata().texts
        #expect(texts.caption == "Goats" && texts.keywords == ["beach"])
    }

    @Test func survivesAnyMutation() throws {
        var random = SplitMix(state: 0x1b7c)
        let original = FileBuilder.photoshop(
            set(5, "title") + set(25, "goat") + set(55, "20190409") + set(120, "Goats"))
        for _ in 0..<5000 {
            for (_, data) in try PhotoshopResources.metadata(in: Mutation.of(original, &random)) {
                #expect(IPTCRecord(data).texts.keywords.count <= 256)
            }
        }
    }
}
