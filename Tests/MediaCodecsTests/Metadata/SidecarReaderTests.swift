import MediaDecoding
import Testing

@testable import MediaCodecs

@Suite struct SidecarReaderTests {
    private func read(_ bytes: [UInt8]) throws -> SidecarFacts {
        let file = try ScratchFile(bytes)
        return try SidecarReader.read(file.open())
    }

    private func xmp(_ elements: String, attributes: String = "") -> [UInt8] {
        Array(FileBuilder.xmp(attributes: attributes, elements).utf8)
    }

    @Test func readsTextsMomentPlaceAndExtension() throws {
        let facts = try read(
            xmp(
                """
                <dc:description>Anna at the lake</dc:description>
                <lr:hierarchicalSubject><rdf:Bag><rdf:li>Places|Italy|Garda</rdf:li></rdf:Bag>
                </lr:hierarchicalSubject>
                """,
                attributes: """
                    xmp:Rating='4' xmp:CreateDate='2026-01-01T10:00:00'
                    exif:DateTimeOriginal='2024-07-26T18:03:11' exif:GPSLatitude='45,38.5N'
                    exif:GPSLongitude='10,42.0E' photoshop:SidecarForExtension='.NEF'
                    """))
        #expect(facts.texts.caption == "Anna at the lake")
        #expect(facts.texts.keywords == ["Garda"])
        #expect(facts.texts.keywordPaths == [["Places", "Italy", "Garda"]])
        #expect(facts.texts.rating == 4)
        #expect(facts.takenAt == "2024-07-26T18:03:11")
        #expect(facts.latitude == 45 + 38.5 / 60)
        #expect(facts.fileExtension == "nef")
    }

    /// As it is written, and as it was before.
    @Test(arguments: ["urn:vignette:xmp:1.0:/", "urn:vignette:xmp:1.0:"])
    func aSidecarOfOursThatWasCopiedIntoAFileSaysNothingForTheModel(namespace: String) {
        let own = """
            xmlns:v='\(namespace)' v:Writer='Vignette' v:Caption='a boat' \
            v:CaptionAuthor='model' v:ModelTags='boat'
            """
        var blocks = MetadataBlocks()
        blocks.addXMP(
            xmp(
                """
                <dc:description>a boat</dc:description>
                <dc:subject><rdf:Bag><rdf:li>boat</rdf:li><rdf:li>Anna</rdf:li></rdf:Bag></dc:subject>
                """, attributes: own))
        #expect(blocks.metadata().texts == EmbeddedTexts(keywords: ["Anna"]))
    }

    @Test func referencesToCharactersAreRead() throws {
        let facts = try read(
            xmp("<dc:description>Anna&#x27;s &#xe9;t&#xE9;&#38;&#x1F600;</dc:description>"))
        #expect(facts.texts.caption == "Anna's été&😀")
    }

    @Test func aMomentThatMayBeTheSidecarsOwnIsKeptApart() throws {
        let facts = try read(xmp("", attributes: "xmp:CreateDate='2026-01-01T10:00:00'"))
        #expect(facts.takenAt == nil)
        #expect(facts.createdAt == "2026-01-01T10:00:00")
    }

    @Test func readsUTF16() throws {
        let text = FileBuilder.xmp("<dc:description>Ziegen</dc:description>")
        var bytes: [UInt8] = [0xff, 0xfe]
        for unit in text.utf16 { bytes += [UInt8(unit & 0xff), UInt8(unit >> 8)] }
        #expect(try read(bytes).texts.caption == "Ziegen")
    }

    @Test(arguments: ["", "<html><body>no</body></html>", "plain text", "<x:xmpmeta", "\0\0\0RD"])
    func whatIsNoXMPIsRefused(_ text: String) {
        #expect(throws: CodecError.self) { try read(Array(text.utf8)) }
    }

    @Test func whatIsCutShortIsRefused() {
        let whole = xmp("<dc:description>Anna at the lake</dc:description>")
        for count in stride(from: whole.count / 2, to: whole.count - 40, by: 7) {
            #expect(throws: CodecError.self) { try read(Array(whole[..<count])) }
        }
    }
}
