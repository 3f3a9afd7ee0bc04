import Testing

@testable import MediaCodecs

@Suite struct MovieHeaderTests {
    private let big = TIFFBuilder(order: .big)

    private func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big.integer(content.count + 8, 4) + Array(type.utf8) + content
    }

    private func file(version: Int, seconds: Int) -> [UInt8] {
        let header = big.integer(version << 24, 4) + big.integer(seconds, version == 1 ? 8 : 4)
        return box("ftyp", Array("heic\0\0\0\0".utf8)) + box("meta", [0, 0, 0, 0])
            + box("moov", box("udta", []) + box("mvhd", header))
    }

    @Test(arguments: [0, 1]) func saysWhenASequenceWasMade(_ version: Int) throws {
        let found = try MovieHeader.moment(in: file(version: version, seconds: 3_637_671_553))
        #expect(found == "2019-04-09T16:19:13Z")
    }

    @Test func anUnsetClockAndAMissingMovieSayNothing() throws {
        #expect(try MovieHeader.moment(in: file(version: 0, seconds: 0)) == nil)
        #expect(try MovieHeader.moment(in: box("ftyp", [])) == nil)
    }
}
