import CZlib
import Imaging
import MediaDecoding
import Testing
import MediaFormats

@testable import MediaCodecs

/// Metadata is found wherever the formats and the programs put it.
@Suite struct ContainersTests {
    private let tiff = TIFFBuilder(order: .big)

    private var block: [UInt8] {
        tiff.block([
            tiff.ascii(0x010f, "HMD Global"), tiff.ascii(0x0110, "Nokia 7 plus"),
            tiff.integers(0x0112, type: 3, [6]),
            .directory(tag: 0x8769, type: 4, [tiff.ascii(0x9003, "2019:04:09 16:19:13")]),
        ])
    }

    private let packet = FileBuilder.xmp(
        attributes: """
            exif:DateTimeOriginal="2019-04-09T16:19:13+02:00" exif:GPSLatitude="48,42.5N"
            exif:GPSLongitude="2,20.25E" tiff:Make="HMD Global" tiff:Model="Nokia 7 plus"
            """)

    private func expectEXIF(_ blocks: MetadataBlocks) {
        #expect(blocks.orientation == .right)
        #expect(blocks.metadata().capture.takenAt == "2019-04-09T16:19:13")
        #expect(blocks.metadata().capture.camera == "HMD Global Nokia 7 plus")
    }

    private func expectXMP(_ blocks: MetadataBlocks) throws {
        let metadata = blocks.metadata()
        #expect(metadata.capture.takenAt == "2019-04-09T16:19:13+02:00")
        #expect(metadata.capture.camera == "HMD Global Nokia 7 plus")
        #expect(abs(try #require(metadata.capture.latitude) - 48.7083) < 1e-3)
        #expect(abs(try #require(metadata.capture.longitude) - 2.3375) < 1e-6)
    }

    private func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var target = [UInt8](repeating: 0, count: Int(size))
        #expect(compress(&target, &size, bytes, uLong(bytes.count)) == Z_OK)
        return Array(target.prefix(Int(size)))
    }

    private func rawProfile(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let lines = stride(from: 0, to: digits.count, by: 36)
            .map { digits[$0..<min($0 + 36, digits.count)].joined() }.joined(separator: "\n")
        return Array("\n\(name)\n    \(bytes.count)\n\(lines)\n".utf8)
    }

    @Test func inAJPEGOnEitherSideOfTheFrameHeader() throws {
        for isBehind in [false, true] {
            let bytes = try FileBuilder.jpeg(
                FileBuilder.exifSegment(block), behindFrame: isBehind)
            expectEXIF(try FileBuilder.blocks(bytes, .jpeg))
        }
    }

    @Test func strayBytesBetweenSegmentsOfAJPEGAreSkipped() throws {
        for stray: [UInt8] in [[0x00, 0x01], [0x12, 0xff, 0x00, 0x07], [0xff, 0xff, 0xff]] {
            let bytes = try FileBuilder.jpeg(
                stray + FileBuilder.exifSegment(block) + stray)
            expectEXIF(try FileBuilder.blocks(bytes, .jpeg))
            let image = try StillReader(limits: .standard)
                .read(ScratchFile(bytes).open(), .jpeg, minimumShortEdge: nil)
            #expect(image.height > 0)
        }
    }

    @Test(arguments: [3, 8, 1, 4, 9, 6])
    func orientationOfAnyIntegerType(_ type: Int) throws {
        let block = tiff.block([tiff.integers(0x0112, type: type, [6])])
        #expect(try Exif(block).orientation == .right)
    }

    @Test(arguments: [4, 9, 13])
    func pointersOfAnyIntegerType(_ type: Int) throws {
        let exif = [tiff.ascii(0x9003, "2019:04:09 16:19:13")]
        let block = tiff.block([.directory(tag: 0x8769, type: type, exif)])
        #expect(try Exif(block).original == "2019-04-09T16:19:13")
    }

    @Test func xmpInAJPEG() throws {
        let bytes = try FileBuilder.jpeg(FileBuilder.xmpSegment(packet))
        try expectXMP(FileBuilder.blocks(bytes, .jpeg))
    }

    @Test func extendedXMPInAJPEG() throws {
        let digest = String(repeating: "A", count: 32)
        let main = FileBuilder.xmp(attributes: "xmpNote:HasExtendedXMP='\(digest)'")
        let whole = Array(packet.utf8)
        func part(_ range: Range<Int>, _ digest: String = digest) -> [UInt8] {
            let mark = Array("http://ns.adobe.com/xmp/extension/\0\(digest)".utf8)
            let places = tiff.integer(whole.count, 4) + tiff.integer(range.lowerBound, 4)
            return FileBuilder.segment(0xe1, mark + places + Array(whole[range]))
        }
        let half = whole.count / 2
        let start = FileBuilder.xmpSegment(main)
        // The parts come in any order.
        let parts = part(half..<whole.count) + part(0..<half)
        try expectXMP(FileBuilder.blocks(FileBuilder.jpeg(start + parts), .jpeg))
        let missing = try FileBuilder.jpeg(start + part(half..<whole.count))
        #expect(try FileBuilder.blocks(missing, .jpeg).metadata().capture.takenAt == nil)
        let strangers = try FileBuilder.jpeg(
            start + part(0..<whole.count, String(repeating: "B", count: 32)))
        #expect(try FileBuilder.blocks(strangers, .jpeg).metadata().capture.takenAt == nil)
    }

    @Test func exifInAPNGWithAndWithoutItsMark() throws {
        for content in [block, Array("Exif\0\0".utf8) + block] {
            let bytes = try FileBuilder.png(FileBuilder.chunk("eXIf", content))
            expectEXIF(try FileBuilder.blocks(bytes, .png))
        }
    }

    @Test(arguments: ["exif", "APP1"])
    func rawProfilesInAPNG(_ name: String) throws {
        let profile = rawProfile(name, Array("Exif\0\0".utf8) + block)
        let keyword = Array("Raw profile type \(name)\0".utf8)
        for chunk in [
            FileBuilder.chunk("zTXt", keyword + [0] + deflated(profile)),
            FileBuilder.chunk("tEXt", keyword + profile),
            FileBuilder.chunk("iTXt", keyword + [1, 0, 0, 0] + deflated(profile)),
        ] {
            expectEXIF(try FileBuilder.blocks(FileBuilder.png(chunk), .png))
        }
    }

    @Test func iptcProfileInAPNG() throws {
        let iptc = FileBuilder.iptc(2, 120, Array("Goats on a beach".utf8))
        for profile in [
            Array("Photoshop 3.0\0".utf8) + FileBuilder.photoshop(iptc),
            FileBuilder.photoshop(iptc), iptc,
        ] {
            let chunk = FileBuilder.chunk(
                "zTXt",
                Array("Raw profile type iptc\0\0".utf8) + deflated(rawProfile("iptc", profile)))
            let texts = try FileBuilder.blocks(FileBuilder.png(chunk), .png).metadata().texts
            #expect(texts.caption == "Goats on a beach")
        }
    }

    @Test func exifInAJPEGWhoseMarkIsInCapitalLetters() throws {
        let segment = FileBuilder.segment(0xe1, Array("EXIF\0\0".utf8) + block)
        expectEXIF(try FileBuilder.blocks(FileBuilder.jpeg(segment), .jpeg))
    }

    @Test func exifAndXMPAmongPhotoshopsResources() throws {
        func segment(_ number: UInt8, _ data: [UInt8], mark: String = "8BIM") -> [UInt8] {
            let resource = Array(mark.utf8) + [4, number, 0, 0] + tiff.integer(data.count, 4)
            return FileBuilder.segment(0xed, Array("Photoshop 3.0\0".utf8) + resource + data)
        }
        let exif = try FileBuilder.jpeg(segment(0x22, block))
        expectEXIF(try FileBuilder.blocks(exif, .jpeg))
        let xmp = try FileBuilder.jpeg(segment(0x24, Array(packet.utf8), mark: "PHUT"))
        try expectXMP(FileBuilder.blocks(xmp, .jpeg))
    }

    @Test func exifInAPNGAsDraftsOfTheFormatHadIt() throws {
        let deflated = [0] + tiff.integer(block.count, 4) + deflated(block)
        for chunk in [FileBuilder.chunk("exIf", block), FileBuilder.chunk("zxIf", deflated)] {
            expectEXIF(try FileBuilder.blocks(FileBuilder.png(chunk), .png))
        }
    }

    @Test(arguments: ["Creation Time", "CreationTime", "create-date"])
    func theTimeThatAPNGSaysInItsTexts(_ keyword: String) throws {
        let text = "Tue, 09 Apr 2019 16:19:13 +0200"
        let chunk = FileBuilder.chunk("tEXt", Array("\(keyword)\0\(text)".utf8))
        let found = try FileBuilder.blocks(FileBuilder.png(chunk), .png).metadata()
        #expect(found.capture.takenAt == "2019-04-09T16:19:13+02:00")
    }

    @Test func xmpInAGIFBeforeAndBehindItsPicture() throws {
        let bytes = try Fixture.bytes("still.gif")
        let trailer = [1] + (0...255).reversed().map { UInt8($0) } + [0]
        let mark: [UInt8] = [0x21, 0xff, 0x0b] + Array("XMP DataXMP".utf8)
        let extension_ = mark + Array(packet.utf8) + trailer
        let front = 13 + 3 << (Int(bytes[10] & 7) + 1)
        for place in [front, bytes.count - 1] {
            let file = bytes[..<place] + extension_ + bytes[place...]
            try expectXMP(FileBuilder.blocks(Array(file), .gif))
        }
    }

    @Test func xmpInAPNG() throws {
        let keyword = Array("XML:com.adobe.xmp\0".utf8)
        for content in [
            keyword + [0, 0, 0, 0] + Array(packet.utf8),
            keyword + [1, 0, 0, 0] + deflated(Array(packet.utf8)),
        ] {
            let bytes = try FileBuilder.png(FileBuilder.chunk("iTXt", content))
            try expectXMP(FileBuilder.blocks(bytes, .png))
        }
    }

    @Test func aTextThatInflatesWithoutEndIsPassedOver() throws {
        let bomb = deflated([UInt8](repeating: 0x20, count: 20 << 20))
        let chunk = FileBuilder.chunk("zTXt", Array("Title\0\0".utf8) + bomb)
        #expect(try FileBuilder.blocks(FileBuilder.png(chunk), .png).metadata().texts.isEmpty)
    }

    @Test func exifAndXMPInAWebP() throws {
        func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
            let little = TIFFBuilder()
            return Array(type.utf8) + little.integer(content.count, 4) + content
                + (content.count % 2 == 0 ? [] : [0])
        }
        let original = try Fixture.bytes("lossless.webp")
        let body = original[12...] + chunk("EXIF", block) + chunk("XMP ", Array(packet.utf8))
        let bytes =
            Array("RIFF".utf8) + TIFFBuilder().integer(body.count + 4, 4) + Array("WEBP".utf8)
            + body
        let blocks = try FileBuilder.blocks(bytes, .webp)
        #expect(blocks.orientation == .right)
        try expectXMP(blocks)
    }

    @Test func xmpAndIPTCInATIFF() throws {
        let iptc = FileBuilder.iptc(2, 25, Array("goat".utf8))
        let padded = iptc + [UInt8](repeating: 0, count: 4 - iptc.count % 4)
        for type in [1, 7] {
            let bytes = tiff.block([
                tiff.integers(0x0100, type: 3, [1]), tiff.integers(0x0101, type: 3, [1]),
                // One strip of one byte: any within the file will do.
                tiff.integers(0x0111, type: 4, [8]), tiff.integers(0x0117, type: 4, [1]),
                tiff.undefined(0x02bc, Array(packet.utf8), type: type),
                .plain(tag: 0x83bb, type: 4, count: padded.count / 4, bytes: padded),
            ])
            let blocks = try FileBuilder.blocks(bytes, .tiff)
            try expectXMP(blocks)
            #expect(blocks.metadata().texts.keywords == ["goat"])
        }
    }

    @Test func wrongChecksumsOfWhatIsNotThePictureDoNoHarm() throws {
        let bytes = try FileBuilder.png(
            FileBuilder.chunk("tEXt", Array("Comment\0goats".utf8), breaking: true))
        let reader = StillReader(limits: .standard)
        let image = try reader.read(ScratchFile(bytes).open(), .png, minimumShortEdge: nil)
        #expect(
            try image == reader.read(Fixture.open("rgb.png"), .png, minimumShortEdge: nil))
    }

    @Test func aPNGWithoutItsEndIsWholeIfItsDataAre() throws {
        let reader = StillReader(limits: .standard)
        let bytes = try FileBuilder.png([], hasEnd: false)
        let image = try reader.read(ScratchFile(bytes).open(), .png, minimumShortEdge: nil)
        #expect(
            try image == reader.read(Fixture.open("rgb.png"), .png, minimumShortEdge: nil))
    }

    @Test func aPNGWhoseDataEndBetweenTwoChunksIsCutShort() throws {
        let bytes = try Fixture.bytes("rgb.png")
        let data = try #require(PNGFile(bytes).chunks.first { $0.type == "IDAT" }).content
        let half = data.lowerBound + data.count / 2
        let cut =
            bytes[..<(data.lowerBound - 8)]
            + FileBuilder.chunk("IDAT", Array(bytes[data.lowerBound..<half]))
        #expect(try PNGFile(Array(cut)).isCutShort)
    }
}
