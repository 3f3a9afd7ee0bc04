import Testing

@testable import MediaCodecs

@Suite struct PNGFileTests {
    @Test func listsTheChunksInOrder() throws {
        let types = try PNGFile(Fixture.bytes("rgb.png")).chunks.map(\.type)
        #expect(types.first == "IHDR" && types.last == "IEND" && types.contains("IDAT"))
    }

    @Test func ignoresWhatFollowsTheEnd() throws {
        let bytes = try Fixture.bytes("rgb.png")
        #expect(try PNGFile(bytes + [1, 2, 3]).chunks.count == PNGFile(bytes).chunks.count)
    }

    @Test func refusesEveryFileThatIsCutBeforeItsEndChunk() throws {
        let bytes = try Fixture.bytes("rgb.png")
        let end = bytes.count - 12
        for count in 8..<end {
            #expect(throws: CodecError.cutShort) { try PNGFile(Array(bytes[..<count])) }
        }
    }
}
