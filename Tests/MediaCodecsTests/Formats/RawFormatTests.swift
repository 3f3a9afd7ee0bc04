import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct RawFormatTests {
    private func read(
        _ bytes: [UInt8], minimumShortEdge: Int? = nil
    ) throws -> (probe: MediaProbe, image: RGBImage) {
        let file = try ScratchFile(bytes)
        let format = try MediaFormat(of: file.open())
        return (
            try Prober(limits: .standard).probe(file.open(), format),
            try StillReader(limits: .standard)
                .read(file.open(), format, minimumShortEdge: minimumShortEdge)
        )
    }

    @Test func aDNGIsShownByItsPreviewAndMeasuredByItsSensor() throws {
        let preview = try Fixture.bytes("420.jpg")
        let (probe, image) = try read(RawBuilder.dng(preview: preview), minimumShortEdge: 48)
        #expect(probe.format == "dng" && MediaFormat.named(probe.format)?.isRaw == true)
        #expect(probe.width == RawBuilder.width && probe.height == RawBuilder.height)
        #expect(probe.metadata.capture.camera == "Nokia 7 plus")
        #expect(probe.metadata.capture.takenAt == "2019-04-09T16:19:13")
        #expect(image.width == 64 && image.height == 48)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test func thePreviewIsTurnedUpright() throws {
        // Turned a quarter counter-clockwise, so that a quarter clockwise puts it upright.
        let lying = try Fixture.bytes("orientation-6.jpg")
        let bytes = RawBuilder.dng(
            preview: lying, orientation: 6, size: (RawBuilder.height, RawBuilder.width))
        let (probe, image) = try read(bytes, minimumShortEdge: 48)
        #expect(probe.width == RawBuilder.width && probe.height == RawBuilder.height)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test func aPreviewThatIsUprightAlreadyStaysSo() throws {
        let upright = try Fixture.bytes("420.jpg")
        let bytes = RawBuilder.dng(
            preview: upright, orientation: 6, size: (RawBuilder.height, RawBuilder.width))
        let (_, image) = try read(bytes, minimumShortEdge: 48)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test func withoutAPreviewTheSensorsPictureIsDeveloped() throws {
        let (_, image) = try read(RawBuilder.dng(preview: nil))
        #expect(image.width == RawBuilder.width / 2 && image.height == RawBuilder.height / 2)
        let pixel = Fixture.quadrants(image)[0]
        let isRed = pixel[0] > 150 && pixel[1] < 100 && pixel[2] < 100
        #expect(isRed, "\(pixel)")
    }

    @Test func aPreviewTooSmallIsPassedOverForTheSensorsPicture() throws {
        let preview = try Fixture.bytes("420.jpg")
        let (_, image) = try read(RawBuilder.dng(preview: preview), minimumShortEdge: 90)
        #expect(image.height == RawBuilder.height / 2)
    }

    @Test func sensorDataThatAreMissingAreNotShownAsBlack() throws {
        let bytes = RawBuilder.dng(preview: nil)
        #expect(throws: CodecError.cutShort) { try read(Array(bytes[..<(bytes.count / 2)])) }
    }

    @Test func aPreviewBeforeMissingSensorDataIsShownAndTheFileIncomplete() throws {
        let bytes = RawBuilder.dng(preview: try Fixture.bytes("420.jpg"), isPreviewFirst: true)
        #expect(try !read(bytes, minimumShortEdge: 48).probe.isIncomplete)
        let (probe, image) = try read(Array(bytes.dropLast(1000)), minimumShortEdge: 48)
        #expect(probe.isIncomplete)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test func whatIsCutShortIsNoUnknownCamera() throws {
        let tiff = TIFFBuilder()
        // Canon's mark stands between the header and the first directory.
        let header: [UInt8] = [0x49, 0x49, 42, 0, 16, 0, 0, 0, 0x43, 0x52, 2, 0, 0, 0, 0, 0]
        let pieces = [
            tiff.integers(0x0111, type: 4, [1 << 20]), tiff.integers(0x0117, type: 4, [1 << 20]),
        ]
        let bytes = header + tiff.directory(pieces, at: 16)
        #expect(throws: CodecError.cutShort) { try read(bytes) }
    }

    @Test func aCameraThatLibRawDoesNotKnowIsShownByItsPreview() throws {
        let tiff = TIFFBuilder()
        let preview = try Fixture.bytes("420.jpg")
        func block(_ place: Int) -> [UInt8] {
            let sensor = [
                tiff.integers(0x0100, type: 4, [6000]), tiff.integers(0x0101, type: 4, [4000]),
                tiff.integers(0x0106, type: 3, [32_803]), tiff.integers(0x0103, type: 3, [34_713]),
            ]
            return tiff.block([
                tiff.ascii(0x010f, "NIKON CORPORATION"), tiff.ascii(0x0110, "NIKON Z 99"),
                .directory(tag: 0x014a, type: 4, sensor),
                tiff.integers(0x0201, type: 4, [place]),
                tiff.integers(0x0202, type: 4, [preview.count]),
            ])
        }
        let bytes = block(block(0).count) + preview
        let (probe, image) = try read(bytes, minimumShortEdge: 24)
        #expect(probe.format == "nef" && probe.metadata.capture.camera == "NIKON Z 99")
        #expect(probe.width == 6000 && probe.height == 4000)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test func aCR3HasItsMetadataInBoxesAndAPreview() throws {
        let (probe, image) = try read(
            RawBuilder.cr3(preview: try Fixture.bytes("420.jpg")), minimumShortEdge: 48)
        #expect(probe.format == "cr3" && probe.metadata.capture.camera == "Canon EOS R99")
        #expect(probe.metadata.capture.takenAt == "2019-04-09T16:19:13")
        #expect(abs(try #require(probe.metadata.capture.latitude) - 48.5) < 1e-6)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
    }

    @Test(arguments: [
        ("FUJIFILMCCD-RAW 0201FF", MediaFormat.raf), ("IIRO\u{8}\0\0\0            ", .orf),
        ("IIRS\u{8}\0\0\0            ", .orf), ("MMOR\0\0\0\u{8}            ", .orf),
        ("IIU\0\u{18}\0\0\0            ", .rw2), ("\0MRM            ", .mrw),
        ("FOVb            ", .x3f), ("II\u{1a}\0\0\0HEAPCCDR  ", .crw),
        ("II*\0\u{10}\0\0\0CR\u{2}\0          ", .cr2), ("\0\0\0\u{18}ftypcrx             ", .cr3),
    ])
    func isToldFromTheContent(_ start: String, _ format: MediaFormat) throws {
        #expect(try MediaFormat(of: start.unicodeScalars.map { UInt8($0.value) }) == format)
    }

    @Test func aTIFFWithACamerasNameIsNoRaw() throws {
        let tiff = TIFFBuilder()
        let bytes = tiff.block([
            tiff.ascii(0x010f, "NIKON CORPORATION"), tiff.integers(0x0106, type: 3, [2]),
        ])
        #expect(try MediaFormat(of: bytes) == .tiff)
    }
}

/// Draws raw files.
enum RawBuilder {
    static let width = 256
    static let height = 192

    /// A DNG of red (RGGB, 16 bits), and if wanted with a preview in its first directory.
    static func dng(
        preview: [UInt8]?, orientation: Int = 1,
        size: (width: Int, height: Int) = (width, height), isPreviewFirst: Bool = false
    ) -> [UInt8] {
        let tiff = TIFFBuilder()
        var samples: [UInt8] = []
        for y in 0..<size.height {
            for x in 0..<size.width {
                let isRed = x % 2 == 0 && y % 2 == 0
                samples += tiff.integer(isRed ? 40_000 : 2_000, 2)
            }
        }
        func block(_ behind: Int) -> [UInt8] {
            let start = behind + (isPreviewFirst ? preview?.count ?? 0 : 0)
            let previewStart = isPreviewFirst ? behind : behind + samples.count
            let common = [
                tiff.ascii(0x010f, "Nokia"), tiff.ascii(0x0110, "7 plus"),
                tiff.integers(0x0112, type: 3, [orientation]),
                tiff.ascii(0x0132, "2019:04:09 16:19:13"),
                tiff.integers(0xc612, type: 1, [1, 4, 0, 0]),
                tiff.integers(0xc613, type: 1, [1, 1, 0, 0]), tiff.ascii(0xc614, "Nokia 7 plus"),
                tiff.fractions(
                    0xc621, type: 10,
                    [
                        (1, 1), (0, 1), (0, 1), (0, 1), (1, 1), (0, 1), (0, 1), (0, 1), (1, 1),
                    ]),
                tiff.fractions(0xc628, [(1, 1), (1, 1), (1, 1)]),
                tiff.integers(0xc65a, type: 3, [21]),
            ]
            let sensor = [
                tiff.integers(0x00fe, type: 4, [0]), tiff.integers(0x0100, type: 4, [size.width]),
                tiff.integers(0x0101, type: 4, [size.height]),
                tiff.integers(0x0102, type: 3, [16]), tiff.integers(0x0103, type: 3, [1]),
                tiff.integers(0x0106, type: 3, [32_803]), tiff.integers(0x0111, type: 4, [start]),
                tiff.integers(0x0115, type: 3, [1]),
                tiff.integers(0x0116, type: 4, [size.height]),
                tiff.integers(0x0117, type: 4, [samples.count]),
                tiff.integers(0x828d, type: 3, [2, 2]),
                tiff.integers(0x828e, type: 1, [0, 1, 1, 2]),
            ]
            guard let preview else { return tiff.block(sensor + common) }
            let first = [
                tiff.integers(0x00fe, type: 4, [1]), tiff.integers(0x0100, type: 4, [64]),
                tiff.integers(0x0101, type: 4, [48]), tiff.integers(0x0102, type: 3, [8, 8, 8]),
                tiff.integers(0x0103, type: 3, [7]), tiff.integers(0x0106, type: 3, [6]),
                tiff.integers(0x0111, type: 4, [previewStart]),
                tiff.integers(0x0115, type: 3, [3]), tiff.integers(0x0116, type: 4, [48]),
                tiff.integers(0x0117, type: 4, [preview.count]),
                .directory(tag: 0x014a, type: 4, sensor),
            ]
            return tiff.block(first + common)
        }
        let pieces = isPreviewFirst ? (preview ?? []) + samples : samples + (preview ?? [])
        return block(block(0).count) + pieces
    }

    /// Canon's boxes with metadata and a preview, and no sensor's data.
    static func cr3(preview: [UInt8]) -> [UInt8] {
        let tiff = TIFFBuilder()
        let big = TIFFBuilder(order: .big)
        func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
            big.integer(content.count + 8, 4) + Array(type.utf8) + content
        }
        func identifier(_ text: String) -> [UInt8] {
            stride(from: 0, to: 32, by: 2).map { index in
                let start = text.index(text.startIndex, offsetBy: index)
                return UInt8(text[start...].prefix(2), radix: 16) ?? 0
            }
        }
        let metadata =
            box(
                "CMT1",
                tiff.block([tiff.ascii(0x010f, "Canon"), tiff.ascii(0x0110, "Canon EOS R99")]))
            + box("CMT2", tiff.block([tiff.ascii(0x9003, "2019:04:09 16:19:13")]))
            + box(
                "CMT4",
                tiff.block([
                    tiff.ascii(1, "N"), tiff.fractions(2, [(48, 1), (30, 1), (0, 1)]),
                    tiff.ascii(3, "E"), tiff.fractions(4, [(2, 1), (0, 1), (0, 1)]),
                ]))
        let canon = identifier("85c0b687820f11e08111f4ce462b6a48") + metadata
        let picture =
            identifier("eaf42b5e1c984b88b9fbb7dc406e4d16") + [UInt8](repeating: 0, count: 8)
            + box("PRVW", [UInt8](repeating: 0, count: 16) + preview)
        return box("ftyp", Array("crx \0\0\0\u{1}crx isom".utf8)) + box("moov", box("uuid", canon))
            + box("uuid", picture)
    }
}
