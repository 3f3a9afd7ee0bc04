import MediaDecoding
import MediaFormats
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

    @Test func refusesEveryFileThatIsCutBeforeItsData() throws {
        let bytes = try Fixture.bytes("rgb.png")
        let data = try #require(PNGFile(bytes).chunks.first { $0.type == "IDAT" }).content
        for count in 8..<data.lowerBound {
            #expect(throws: CodecError.cutShort) { try PNGFile(Array(bytes[..<count])) }
        }
    }

    @Test func saysThatItsDataAreCut() throws {
        let bytes = try Fixture.bytes("rgb.png")
        let data = try #require(PNGFile(bytes).chunks.first { $0.type == "IDAT" }).content
        #expect(try !PNGFile(bytes).isCutShort)
        for count in data.lowerBound + 1..<data.upperBound - 4 {
            #expect(try PNGFile(Array(bytes[..<count])).isCutShort)
        }
    }

    @Test(arguments: [
        ("iCCP", Array("none".utf8) + [0, 0, 0x78, 0x9c, 0xff, 0xff]), ("IENc", [UInt8]()),
    ])
    func aChunkThatIsNotThePicturesHidesNoPicture(_ type: String, _ content: [UInt8]) throws {
        let bytes = try Fixture.bytes("rgb.png")
        let chunk = FileBuilder.chunk(type, content)
        let scratch = try ScratchFile(Array(bytes[..<33] + chunk + bytes[33...]))
        let image = try StillReader(limits: .standard)
            .read(scratch.open(), .png, minimumShortEdge: nil)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }
}
