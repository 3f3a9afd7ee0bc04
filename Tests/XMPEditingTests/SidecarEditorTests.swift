import MediaDecoding
import Testing

@testable import XMPEditing

@Suite struct SidecarEditorTests {
    private func edited(_ text: String, _ edit: SidecarEdit) throws -> String {
        String(decoding: try SidecarEditor.apply(edit, to: Array(text.utf8)), as: UTF8.self)
    }

    private static let rdf = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    private static let dc = "xmlns:dc='http://purl.org/dc/elements/1.1/'"

    private static func packet(_ content: String, attributes: String = "") -> String {
        "<rdf:RDF \(rdf) \(dc)><rdf:Description rdf:about=''\(attributes)>\(content)"
            + "</rdf:Description></rdf:RDF>"
    }

    private let caption = SidecarEdit(caption: .init("a & b"))

    @Test func onlyTheTextOfAPropertyChanges() throws {
        let before = Self.packet("<dc:description>old</dc:description> <!-- x -->")
        #expect(
            try edited(before, caption)
                == Self.packet("<dc:description>a &amp; b</dc:description> <!-- x -->"))
    }

    @Test func anAttributeStaysOneWithItsQuotes() throws {
        let edit = SidecarEdit(caption: .init("it's \"a\"\nb"))
        #expect(
            try edited(Self.packet("", attributes: "\n dc:description='old'"), edit)
                == Self.packet("", attributes: "\n dc:description='it&apos;s \"a\"&#xA;b'"))
    }

    @Test func theDefaultLanguageChangesAndTheOthersStay() throws {
        let items = "<rdf:li xml:lang='de'>alt</rdf:li><rdf:li xml:lang='X-Default'>old</rdf:li>"
        let made = try edited(
            Self.packet("<dc:description><rdf:Alt>\(items)</rdf:Alt></dc:description>"), caption)
        #expect(
            made.contains(
                "<rdf:li xml:lang='de'>alt</rdf:li><rdf:li xml:lang='X-Default'>a &amp; b</rdf:li>")
        )
        let removed = try edited(made, SidecarEdit(caption: .init(nil, former: "a & b")))
        #expect(removed.contains("<rdf:Alt><rdf:li xml:lang='de'>alt</rdf:li></rdf:Alt>"))
    }

    @Test func aTextThatIsTakenAwayTakesItsPropertyAlong() throws {
        let before = Self.packet("\n <dc:title>x</dc:title>\n <dc:source>y</dc:source>\n")
        #expect(
            try edited(before, SidecarEdit(title: .init(nil)))
                == Self.packet("\n <dc:source>y</dc:source>\n"))
    }

    @Test func thePrefixThatIsTakenByAnotherNamespaceIsNotUsed() throws {
        let text =
            "<rdf:RDF \(Self.rdf)><rdf:Description rdf:about='' xmlns:dc='urn:other' dc:a='1'/></rdf:RDF>"
        #expect(
            try edited(text, caption)
                == "<rdf:RDF \(Self.rdf)><rdf:Description rdf:about='' xmlns:dc='urn:other' dc:a='1'"
                + " xmlns:dc2=\"http://purl.org/dc/elements/1.1/\"><dc2:description><rdf:Alt>"
                + "<rdf:li xml:lang=\"x-default\">a &amp; b</rdf:li></rdf:Alt></dc2:description>"
                + "</rdf:Description></rdf:RDF>")
    }

    @Test func aPacketWithoutADescriptionGetsOne() throws {
        let made = try edited("<rdf:RDF \(Self.rdf)/>", caption)
        #expect(made.contains("<rdf:Description rdf:about=\"\""))
        #expect(try edited(made, caption) == made)
    }

    @Test func anotherDescriptionInTiffStaysSomebodys() throws {
        let text = Self.packet(
            "<tiff:ImageDescription>CAMERA</tiff:ImageDescription>",
            attributes: " xmlns:tiff='http://ns.adobe.com/tiff/1.0/'")
        #expect(try edited(text, caption).contains(">CAMERA<"))
        var edit = caption
        edit.caption?.former = "CAMERA"
        #expect(try edited(text, edit).contains("<tiff:ImageDescription>a &amp; b<"))
    }

    @Test func everyKeywordOfAnyFieldComesToTheListThatHidesOthers() throws {
        let text = Self.packet(
            """
            <dc:subject><rdf:Bag><rdf:li>Anna</rdf:li><rdf:li>cat</rdf:li></rdf:Bag></dc:subject>
            <m:LastKeywordXMP><rdf:Bag><rdf:li>Places/Rome</rdf:li></rdf:Bag></m:LastKeywordXMP>
            <lr:hierarchicalSubject>Animals|cat</lr:hierarchicalSubject>
            """,
            attributes: " xmlns:m='http://ns.microsoft.com/photo/1.0' "
                + "xmlns:lr='http://ns.adobe.com/lightroom/1.0/'")
        let made = try edited(text, SidecarEdit(addedTags: [["boat"]]))
        let list = try #require(made.firstMatch(of: /<rdf:Seq>.*<\/rdf:Seq>/)).output
        #expect(
            list
                == "<rdf:Seq><rdf:li>Animals/cat</rdf:li><rdf:li>boat</rdf:li>"
                + "<rdf:li>Places/Rome</rdf:li><rdf:li>Anna</rdf:li></rdf:Seq>")
    }

    @Test func aTagIsTakenOutOfAllFields() throws {
        let text = Self.packet(
            "<dc:subject><rdf:Bag> <rdf:li>Cat</rdf:li> <rdf:li>dog</rdf:li></rdf:Bag></dc:subject>"
                + "<d:TagsList><rdf:Seq><rdf:li>cat</rdf:li></rdf:Seq></d:TagsList>",
            attributes: " xmlns:d='http://www.digikam.org/ns/1.0/'")
        let made = try edited(text, SidecarEdit(removedTags: [["cat"]]))
        #expect(!made.lowercased().contains("cat<"))
        #expect(made.contains("<rdf:Bag> <rdf:li>dog</rdf:li></rdf:Bag>"))
    }

    @Test(arguments: [
        ("<a", "is no well-formed XML"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "declares a document type"),
        ("<a>&b;</a>", "is no well-formed XML"),
        ("<a/>", "is no XMP"),
        ("<b:a/>", "without declaring it"),
        (
            packet("<dc:description>a</dc:description>", attributes: " dc:description='b'"),
            "more than once"
        ),
        (
            packet(
                "<dc:description rdf:parseType='Resource'><rdf:value>a</rdf:value></dc:description>"
            ), "structure"
        ),
        (
            packet("<dc:description><rdf:Alt><rdf:li><b/></rdf:li></rdf:Alt></dc:description>"),
            "structure"
        ),
        (
            "<rdf:RDF \(rdf)><rdf:Description rdf:about='a'/><rdf:Description rdf:about='b'/></rdf:RDF>",
            "several things"
        ),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><rdf:RDF \(rdf)/>", "declares the encoding"),
    ]) func whatIsNotUnderstoodIsRefusedInWords(text: String, reason: String) {
        let error = #expect(throws: XMPEditError.self) { try edited(text, caption) }
        #expect(error?.reason.contains(reason) ?? false, "\(error?.reason ?? "")")
    }

    @Test func depthAndNumbersAreBounded() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(throws: XMPEditError.self) { try edited(deep, caption) }
        let many = Self.packet(String(repeating: "<dc:a/>", count: 200_001))
        #expect(throws: XMPEditError.self) { try edited(many, caption) }
        let large = [UInt8](repeating: 0x20, count: SidecarEdit.maximumSidecar + 1)
        #expect(throws: XMPEditError.self) { try SidecarEditor.apply(caption, to: large) }
    }

    @Test func fiveMegabytesAreEdited() throws {
        let bulk = String(
            repeating:
                "<dc:source>\(String(repeating: "0123456789abcdef", count: 64))</dc:source>\n",
            count: 5200)
        let text =
            "<rdf:RDF \(Self.rdf)><rdf:Description \(Self.dc)>\(bulk)</rdf:Description></rdf:RDF>"
        #expect(text.utf8.count > 5 << 20)
        #expect(try edited(text, caption).utf8.count > text.utf8.count)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        for bytes: [UInt8] in [
            [0xFF, 0xFE, 0x3C], [0xFE, 0xFF, 0xD8, 0x00], [0x3C, 0xFF], [0, 0x3C, 0, 0xFF],
        ] {
            #expect(throws: XMPEditError.self) { try SidecarEditor.apply(caption, to: bytes) }
        }
    }

    @Test func aNewSidecarIsEditedToItself() throws {
        let edit = SidecarEdit(
            caption: .init("A dog & a <cat>\nü"), title: .init("T"),
            addedTags: [["dog"], ["a", "cat"]],
            record: SidecarRecord(writer: "Vignette", caption: "A dog", modelTags: ["dog"]),
            fileExtension: "jpg")
        let made = try SidecarEditor.apply(edit, to: nil)
        #expect(try SidecarEditor.apply(edit, to: made) == made)
        #expect(try SidecarEditor.apply(SidecarEdit(), to: made) == made)
    }
}
