import Imaging
import MediaDecoding
import Testing

@testable import MediaCodecs
import XMPWriting

@Suite struct XMPPacketTests {
    private let title = XMPName(XMPNamespace.dublinCore, "title")

    private func packet(_ elements: String, attributes: String = "") throws -> XMPPacket {
        let text = FileBuilder.xmp(attributes: attributes, elements)
        return try #require(XMPPacket(parsing: Array(text.utf8)))
    }

    private func list(_ name: String, _ form: String, _ items: [String]) -> String {
        let list = items.map { "<rdf:li>\($0)</rdf:li>" }.joined()
        return "<\(name)><rdf:\(form)>\(list)</rdf:\(form)></\(name)>"
    }

    @Test(arguments: ["Bag", "Seq", "Alt"])
    func keywordsMayBeAnyKindOfList(_ form: String) throws {
        let texts = try packet(list("dc:subject", form, ["goat", "beach", "goat"])).texts
        #expect(texts.keywords == ["goat", "beach"])
    }

    @Test func keywordsMayBeOnePlainValue() throws {
        #expect(try packet("<dc:subject>goat</dc:subject>").texts.keywords == ["goat"])
        #expect(try packet("", attributes: "dc:subject='goat'").texts.keywords == ["goat"])
    }

    @Test(arguments: [
        ("lr:hierarchicalSubject", "Bag", "|"), ("lr:HierarchicalSubject", "Seq", "|"),
        ("digiKam:TagsList", "Seq", "/"), ("digiKam:TagsList", "Bag", "/"),
    ])
    func hierarchiesArePaths(_ name: String, _ form: String, _ bar: String) throws {
        let texts = try packet(list(name, form, ["Animals\(bar)goat", "beach"])).texts
        #expect(texts.keywordPaths == [["Animals", "goat"]])
        #expect(EmbeddedTexts(merging: [texts]).keywords == ["beach", "goat"])
    }

    @Test(arguments: XMPNamespace.microsoft)
    func windowsKeywordsWithAndWithoutTheLastSlash(_ namespace: String) throws {
        let texts = try packet(
            list("m:LastKeywordXMP", "Bag", ["Animals/goat"]) + "<m:Rating>75</m:Rating>",
            attributes: "xmlns:m='\(namespace)'"
        ).texts
        #expect(texts.keywordPaths == [["Animals", "goat"]])
        #expect(texts.rating == 4)
    }

    @Test func theCategoriesOfACDSeeArePaths() throws {
        let categories = """
            <Categories><Category Assigned="0">Places<Category Assigned="1">Garda &amp; Arco\
            <Category Assigned="0">Harbour</Category></Category></Category>\
            <Category Assigned="1">boat</Category></Categories>
            """
        let escaped = categories.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        let texts = try packet(
            "<a:categories>\(escaped)</a:categories>",
            attributes: "xmlns:a='http://ns.acdsee.com/iptc/1.0/'"
        ).texts
        #expect(texts.keywordPaths == [["Places", "Garda & Arco"]])
        #expect(EmbeddedTexts(merging: [texts]).keywords.contains("boat"))
    }

    @Test(arguments: [
        "", "<", "<Categories>", "</Category>", "<Category Assigned='1'>", ">a<",
        String(repeating: "<Category Assigned=\"1\">a", count: 10_000),
    ])
    func whatIsNoCategoryOfACDSeeSaysNothingBad(_ text: String) {
        #expect(ACDSeeCategories.paths(in: text, limit: 100).count <= 32)
    }

    @Test(arguments: [("5", 5), ("-1", -1), ("4.0", 4), ("0", nil), ("9", nil), ("x", nil)])
    func ratingsAreStars(_ text: String, _ stars: Int?) throws {
        #expect(try packet("", attributes: "xmp:Rating='\(text)'").texts.rating == stars)
    }

    @Test func theDefaultLanguageIsTaken() throws {
        let texts = try packet(
            """
            <dc:description><rdf:Alt><rdf:li xml:lang="de">Ziegen</rdf:li>
            <rdf:li xml:lang="x-default">Goats</rdf:li></rdf:Alt></dc:description>
            <Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Two
            goats</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
            """
        ).texts
        #expect(texts.caption == "Goats")
        #expect(texts.alternativeText == "Two\ngoats")
    }

    @Test func readsMotionPhotosOfBothGenerations() throws {
        let items = [("Primary", 0), ("GainMap", 500), ("MotionPhoto", 2000)].map {
            "<rdf:li rdf:parseType='Resource'><Container:Item Item:Semantic='\($0.0)' "
                + "Item:Length='\($0.1)'/></rdf:li>"
        }.joined()
        let new = try packet(
            "<Container:Directory><rdf:Seq>\(items)</rdf:Seq></Container:Directory>",
            attributes: "Camera:MotionPhoto='1' Camera:MotionPhotoPresentationTimestampUs='912345'")
        #expect(new.motionPhoto == MotionPhoto(bytesFromEnd: 2000, stillMicroseconds: 912_345))
        let old = try packet(
            "",
            attributes: "xmlns:G='\(XMPNamespace.camera)' G:MicroVideo='1' "
                + "G:MicroVideoOffset='3000' G:MicroVideoPresentationTimestampUs='-1'")
        #expect(old.motionPhoto == MotionPhoto(bytesFromEnd: 3000))
        #expect(try packet("", attributes: "Camera:MotionPhoto='0'").motionPhoto == nil)
    }

    @Test func readsPacketsWithAndWithoutTheirWrapping() throws {
        let whole = FileBuilder.xmp(attributes: "dc:title='Goats'")
        let start = try #require(whole.firstRange(of: "<rdf:RDF"))
        let end = try #require(whole.firstRange(of: "</x:xmpmeta>"))
        for text in [
            String(whole[start.lowerBound..<end.lowerBound]), "\u{feff}" + whole,
            "<?xpacket begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'?>\(whole)\n   <?xpacket end='w'?>",
            whole + "\0\0",
        ] {
            #expect(XMPPacket(parsing: Array(text.utf8))?.text(title) == "Goats")
        }
    }

    @Test func readsUTF16OfBothOrders() throws {
        let units = Array(("\u{feff}" + FileBuilder.xmp(attributes: "dc:title='Zi\u{e4}ge'")).utf16)
        let little = units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        for bytes in [little, big] {
            #expect(XMPPacket(parsing: bytes)?.text(title) == "Zi\u{e4}ge")
        }
    }

    @Test func entitiesAreRefused() {
        let bomb = (1...9).map { "<!ENTITY a\($0) \"&a\($0 - 1);&a\($0 - 1);\">" }.joined()
        for type in [
            "<!DOCTYPE x [<!ENTITY a0 'aaaaaaaa'>\(bomb)]>",
            "<!DOCTYPE x [<!ENTITY a9 SYSTEM 'file:///etc/passwd'>]>",
        ] {
            let text = type + FileBuilder.xmp("<dc:title>&a9;</dc:title>")
            #expect(XMPPacket(parsing: Array(text.utf8)) == nil)
        }
    }

    @Test(arguments: [10, 1000, 100_000, 400_000])
    func packetsThatNestWithoutEndAreNotParsed(_ levels: Int) {
        let text = FileBuilder.xmp(
            "<dc:subject>" + String(repeating: "<rdf:Bag><rdf:li>", count: levels)
                + String(repeating: "</rdf:li></rdf:Bag>", count: levels) + "</dc:subject>")
        let packet = XMPPacket(parsing: Array(text.utf8))
        if levels > 1000 { #expect(packet == nil) }
    }

    @Test(arguments: ["<!-- > --><a>", "<a b='/>'>", "<![CDATA[</a>]]><a>", "<?p </a>?><a>"])
    func nothingHidesADepth(_ opening: String) {
        let text = String(repeating: opening, count: XMLDepth.harmlessAngles + 1)
        #expect(!XMLDepth.isBounded(Array(text.utf8)))
    }

    @Test func longFlatPacketsAreParsed() throws {
        let items = (0..<20_000).map { "k\($0)" }
        let packet = try packet(list("dc:subject", "Bag", items), attributes: "dc:title='/>'")
        #expect(packet.texts(XMPName(XMPNamespace.dublinCore, "subject")).count == 2000)
    }

    @Test func survivesAnyMutation() {
        var random = SplitMix(state: 0xa11)
        let original = Array(
            FileBuilder.xmp(
                attributes: "exif:GPSLatitude='48,42.5N' Camera:MotionPhoto='1'",
                list("dc:subject", "Bag", ["goat"]) + list("lr:hierarchicalSubject", "Bag", ["a|b"])
            ).utf8)
        for _ in 0..<2000 {
            let bytes = Mutation.of(original, &random)
            guard let packet = XMPPacket(parsing: bytes) else { continue }
            _ = (packet.moments, packet.camera, packet.motionPhoto)
            #expect(packet.position.map { abs($0.latitude) <= 90 } ?? true)
            #expect(packet.texts.keywords.count <= 256)
        }
    }
}
