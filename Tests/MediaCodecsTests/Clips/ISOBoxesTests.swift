import Testing

@testable import MediaCodecs

@Suite struct ISOBoxesTests {
    private func box(_ type: String, _ content: [UInt8] = []) -> [UInt8] {
        let size = UInt32(content.count + 8)
        return (0..<4).reversed().map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
            + Array(type.utf8) + content
    }

    @Test func findsMediaDataWhereverItStands() throws {
        let data = box("mdat", [1, 2, 3])
        let index = box("moov", [9])
        #expect(try ISOBoxes(box("ftyp") + data + index).mediaData == [16..<19])
        #expect(try ISOBoxes(box("ftyp") + index + data + data).mediaData == [25..<28, 36..<39])
    }

    @Test func readsLongSizesAndSizesUpToTheEnd() throws {
        let long: [UInt8] = [0, 0, 0, 1] + Array("mdat".utf8) + [0, 0, 0, 0, 0, 0, 0, 18, 7, 8]
        #expect(try ISOBoxes(long).mediaData == [16..<18])
        let open: [UInt8] = [0, 0, 0, 0] + Array("mdat".utf8) + [7, 8, 9]
        #expect(try ISOBoxes(open).mediaData == [8..<11])
    }

    @Test func saysThatAFileEndsWithinABox() throws {
        let whole = box("ftyp") + box("moov", [9]) + box("mdat", [1, 2, 3])
        #expect(try !ISOBoxes(whole).isCutShort)
        let cut = try ISOBoxes(Array(whole.dropLast()))
        #expect(cut.isCutShort && cut.hasIndex && cut.mediaData == [25..<27])
    }

    @Test func missesAnIndexThatIsNotWhole() throws {
        let whole = box("ftyp") + box("mdat", [1, 2, 3]) + box("moov", [9, 9])
        #expect(try ISOBoxes(whole).hasIndex)
        #expect(try !ISOBoxes(Array(whole.dropLast())).hasIndex)
    }

    @Test func ignoresGarbageBehindTheLastBox() throws {
        let whole = box("ftyp") + box("mdat", [1, 2, 3])
        let tails: [[UInt8]] = [
            [0, 0, 0, 0], [UInt8](repeating: 0xff, count: 20), [0, 0, 0, 2, 1, 1, 1, 1],
        ]
        for tail in tails {
            #expect(try ISOBoxes(whole + tail).mediaData == [16..<19])
        }
    }

    @Test func believesNoSizesThatCannotBe() throws {
        let huge: [UInt8] = [0, 0, 0, 1] + Array("mdat".utf8) + [UInt8](repeating: 0xff, count: 8)
        #expect(try ISOBoxes(huge).isCutShort)
        #expect(throws: CodecError.self) { try ISOBoxes([0, 0, 0, 3] + Array("mdat".utf8)) }
    }
}
