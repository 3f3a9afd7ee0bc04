import Glibc
import Imaging
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

@Suite struct DecoderTests {
    @Test func decodesAPicture() throws {
        let decoder = try Fixture.decoder()
        let image = try decoder.still(Fixture.path("rgb.png"), minimumShortEdge: nil)
        #expect(image.width == 64 && image.height == 48)
        #expect(image.pixels.prefix(3) == [255, 0, 0] && image.pixels.suffix(3) == [255, 255, 0])
    }

    @Test func probesAPicture() throws {
        let probe = try Fixture.decoder().probe(Fixture.path("orientation-6.jpg"))
        #expect(probe.kind == .still && probe.format == "jpeg")
        #expect(probe.width == 64 && probe.height == 48 && probe.identity.count == 32)
    }

    /// The libraries that read metadata find what they need after the child has locked itself in.
    @Test func readsXMPWithinTheSandbox() throws {
        let packet = """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
            xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Make="Nokia" tiff:Model="7 plus"/>\
            </rdf:RDF></x:xmpmeta>
            """
        let content = Array("http://ns.adobe.com/xap/1.0/\0\(packet)".utf8)
        let length = content.count + 2
        let segment = [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 0xff)] + content
        let picture = try Fixture.bytes("420.jpg")
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("xmp.jpg")
        try Fixture.write(picture[..<2] + segment + picture[2...], to: path)
        let decoder = try Fixture.decoder()
        #expect(try decoder.sandbox().problem == nil)
        #expect(try decoder.probe(path).metadata.capture.camera == "Nokia 7 plus")
    }

    @Test func readsASidecarWithinTheSandbox() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("a.xmp")
        let packet = """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
            xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>
            """
        try Fixture.write(Array(packet.utf8), to: path)
        let decoder = try Fixture.decoder()
        #expect(try decoder.sidecar(path) == SidecarFacts(texts: EmbeddedTexts(rating: 4)))
        try Fixture.write(Array("<x:xmpmeta".utf8), to: path)
        #expect(throws: DecodingError.rejected(path, reason: "is no XMP that can be read")) {
            try decoder.sidecar(path)
        }
        #expect(try decoder.probe(Fixture.path("rgb.png")).format == "png", "the child goes on")
    }

    @Test func editsASidecarWithinTheSandbox() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("a.xmp")
        let decoder = try Fixture.decoder()
        let record = SidecarRecord(writer: "Vignette", caption: "A dog", captionAuthor: .human)
        let edit = SidecarEdit(
            caption: .init("A dog"), addedTags: [["animals", "dog"]], record: record)
        let made = try decoder.edited(edit, of: nil)
        try Fixture.write(made, to: path)
        let facts = try decoder.sidecar(path)
        #expect(facts.texts.caption == "A dog" && facts.texts.keywordPaths == [["animals", "dog"]])
        #expect(facts.record == record)
        #expect(try decoder.edited(edit, of: path) == made)
        try Fixture.write(Array("<x:xmpmeta".utf8), to: path)
        #expect(throws: DecodingError.self) { try decoder.edited(edit, of: path) }
        #expect(try decoder.probe(Fixture.path("rgb.png")).format == "png", "the child goes on")
    }

    @Test func probesAClip() throws {
        let probe = try Fixture.decoder().probe(Fixture.path("telephone.mov"))
        #expect(probe.kind == .video && probe.duration == 3)
        #expect(probe.metadata.capture.camera == "Apple iPhone 15")
    }

    @Test func saysThatAFileIsIncomplete() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path.appending("cut.mp4")
        let whole = try Fixture.bytes("faststart.mp4")
        try Fixture.write(Array(whole.dropLast(100)), to: path)
        let decoder = try Fixture.decoder()
        #expect(try decoder.probe(path).isIncomplete)
        #expect(try !decoder.probe(Fixture.path("faststart.mp4")).isIncomplete)
        var frames = 0
        try decoder.frames(path, minimumShortEdge: 24) { _ in frames += 1 }
        #expect(frames > 0)
    }

    @Test func givesAFrameForEachSecond() throws {
        var seconds: [Double] = []
        try Fixture.decoder().frames(Fixture.path("h264.mp4"), minimumShortEdge: 24) { frame in
            seconds.append(frame.second)
            #expect(frame.image.height == 48)
        }
        #expect(seconds == [0, 1, 2])
    }

    @Test func servesAgainAfterTheCallerStopsInTheMiddleOfAClip() throws {
        struct Enough: Error {}
        let decoder = try Fixture.decoder()
        #expect(throws: Enough.self) {
            try decoder.frames(Fixture.path("h264.mp4"), minimumShortEdge: nil) { _ in
                throw Enough()
            }
        }
        #expect(try decoder.probe(Fixture.path("rgb.png")).format == "png")
    }

    @Test func tellsAClipFromAPicture() throws {
        let decoder = try Fixture.decoder()
        let clip = Fixture.path("h264.mp4")
        #expect(throws: DecodingError.rejected(clip, reason: "is a clip, not a picture")) {
            try decoder.still(clip, minimumShortEdge: nil)
        }
        #expect(throws: DecodingError.self) {
            try decoder.frames(Fixture.path("rgb.png"), minimumShortEdge: nil) { _ in }
        }
    }

    @Test func saysWhatIsWrongWithAPath() throws {
        let decoder = try Fixture.decoder()
        let folder = try TemporaryDirectory()
        let missing = folder.path.appending("missing.jpg")
        #expect(throws: DecodingError.unreadable(missing, .noSuchFileOrDirectory)) {
            try decoder.probe(missing)
        }
        #expect(throws: DecodingError.rejected(folder.path, reason: "is a directory")) {
            try decoder.probe(folder.path)
        }
        let empty = folder.path.appending("empty.jpg")
        try Fixture.write([], to: empty)
        #expect(throws: DecodingError.rejected(empty, reason: "is empty")) {
            try decoder.probe(empty)
        }
        let through = empty.appending("below.jpg")
        #expect(throws: DecodingError.unreadable(through, .notDirectory)) {
            try decoder.probe(through)
        }
        let long = FilePath(String(repeating: "x", count: 40_000))
        #expect(throws: DecodingError.unreadable(long, .fileNameTooLong)) {
            try decoder.probe(long)
        }
    }

    @Test func doesNotWaitForTheOtherEndOfAPipe() throws {
        let folder = try TemporaryDirectory()
        let pipe = folder.path.appending("pipe.jpg")
        #expect(pipe.withPlatformString { mkfifo($0, 0o600) } == 0)
        #expect(throws: DecodingError.rejected(pipe, reason: "is not a regular file")) {
            try Fixture.decoder().probe(pipe)
        }
    }

    @Test func opensNamesThatAreNoText() throws {
        let folder = try TemporaryDirectory()
        let name = FilePath(platformString: [0x61, -1, -2, 0x2e, 0x6a, 0x70, 0x67, 0])
        let path = folder.path.pushing(name)
        try Fixture.write(try Fixture.bytes("420.jpg"), to: path)
        #expect(try Fixture.decoder().still(path, minimumShortEdge: nil).width == 64)
    }

    @Test func isReplacedAfterSoManyRequests() throws {
        var limits = DecoderLimits.standard
        limits.requestsPerChild = 2
        let decoder = try Fixture.decoder(limits: limits)
        for _ in 0..<7 {
            #expect(try decoder.probe(Fixture.path("rgb.png")).format == "png")
        }
    }

    @Test func refusesABigPictureByItsHeader() throws {
        var limits = DecoderLimits.standard
        limits.maximumStillPixels = 3000
        let path = Fixture.path("420.jpg")
        #expect(throws: DecodingError.self) {
            try Fixture.decoder(limits: limits).still(path, minimumShortEdge: nil)
        }
    }

    @Test func namesTheFileInItsErrors() {
        let path = FilePath("a/b.jpg")
        #expect(
            "\(DecodingError.unreadable(path, .noSuchFileOrDirectory))"
                == "a/b.jpg: cannot be read: No such file or directory")
        #expect("\(DecodingError.rejected(path, reason: "is empty"))" == "a/b.jpg: is empty")
        #expect(
            "\(DecodingError.childFailed(path, reason: "it died"))"
                == "a/b.jpg: decoding failed: it died")
    }
}
