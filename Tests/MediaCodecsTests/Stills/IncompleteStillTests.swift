import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

/// Pictures of each format that a crash, a full card or a broken transfer cut short.
@Suite struct IncompleteStillTests {
    private func read(_ bytes: [UInt8]) throws -> (probe: MediaProbe, image: RGBImage) {
        let scratch = try ScratchFile(bytes)
        let file = try scratch.open()
        let format = try MediaFormat(of: file)
        let probe = try Prober(limits: .standard).probe(file, format)
        let image = try StillReader(limits: .standard).read(file, format, minimumShortEdge: nil)
        return (probe, image)
    }

    /// How many rows at the beginning are those of the whole picture, and whether the last is grey.
    private func rows(
        of cut: RGBImage, as whole: RGBImage
    ) -> (alike: Int, endsGrey: Bool) {
        let row = whole.width * 3
        let alike = (0..<whole.height).prefix { y in
            cut.pixels[y * row..<(y + 1) * row] == whole.pixels[y * row..<(y + 1) * row]
        }
        return (alike.count, cut.pixels.suffix(row).allSatisfy { $0 == Incomplete.grey })
    }

    private func expectRows(
        _ bytes: [UInt8], _ count: Int, atLeast least: Int, _ comment: Comment
    ) throws {
        let whole = try read(bytes)
        #expect(!whole.probe.isIncomplete, comment)
        let cut = try read(Array(bytes[..<count]))
        #expect(cut.probe.isIncomplete, comment)
        #expect(cut.probe.width == whole.probe.width, comment)
        #expect(cut.image.height == whole.image.height, comment)
        let rows = rows(of: cut.image, as: whole.image)
        #expect(rows.alike >= least && rows.alike < whole.image.height, comment)
        #expect(rows.endsGrey, comment)
    }

    /// A drawing in which no two rows are alike, so that it cannot be packed into nothing.
    private static func shade(_ x: Int, _ y: Int, _ sample: Int) -> Double {
        let mixed: Int = x * x * 7 + y * y * 13 + x * y * 31 + sample * 5
        return Double(mixed % 251) / 250
    }

    @Test(arguments: [nil, 16])
    func describesTheRowsOfATIFFThatAreThere(_ tile: Int?) throws {
        // libtiff reads rows that are not packed by the eight kilobytes.
        var page = TIFFPage(width: 120, height: 160, photometric: 2, samples: 3)
        page.tile = tile
        let bytes = page.file(Self.shade)
        try expectRows(bytes, bytes.count * 2 / 3, atLeast: 80, "\(tile ?? 0)")
        #expect(throws: CodecError.self) { try read(Array(bytes[..<(bytes.count / 20)])) }
    }

    @Test func describesTheRowsOfAPackedTIFFThatAreThere() throws {
        let bytes = try packedTIFF()
        try expectRows(bytes, bytes.count * 2 / 3, atLeast: 30, "PackBits")
    }

    /// One strip in PackBits (32773), without runs.
    private func packedTIFF() throws -> [UInt8] {
        var page = TIFFPage(width: 48, height: 64)
        page.compression = 32_773
        var strip: [UInt8] = []
        for y in 0..<page.height {
            strip.append(UInt8(page.width - 1))
            strip += (0..<page.width).map { UInt8(Self.shade($0, y, 0) * 255) }
        }
        return page.file(strip: strip)
    }

    @Test func refusesATIFFWhoseDirectoryIsMissing() throws {
        let bytes = try Fixture.bytes("deflate.tiff")
        let start = try #require(try bytes.integer(at: 4, size: 4, .little))
        #expect(throws: CodecError.cutShort) { try read(Array(bytes[..<min(start, 40)])) }
    }

    @Test func refusesPlanesThatHaveMoreStripsThanTheirRowsNeed() throws {
        var page = TIFFPage(width: 20, height: 12, photometric: 2, samples: 3, isPlanar: true)
        page.stripRows = 4
        let bytes = page.file(Self.shade)
        #expect(throws: Never.self) { try read(bytes) }
        page.statedStripRows = 400
        #expect(throws: CodecError.self) { try read(page.file(Self.shade)) }
    }

    /// A GIF of 256 greys whose codes stand for one pixel each: the table is cleared before it grows.
    private func gif(width: Int, height: Int, isInterlaced: Bool = false) -> [UInt8] {
        let little = TIFFBuilder()
        var codes: [Int] = []
        for index in 0..<width * height {
            if index % 200 == 0 { codes.append(256) }
            codes.append(Int(Self.shade(index % width, index / width, 0) * 255))
        }
        codes.append(257)
        var bits: [UInt8] = []
        var pending = 0
        var count = 0
        for code in codes {
            pending |= code << count
            count += 9
            while count >= 8 {
                bits.append(UInt8(pending & 255))
                pending >>= 8
                count -= 8
            }
        }
        bits.append(UInt8(pending & 255))
        let size = little.integer(width, 2) + little.integer(height, 2)
        let greys = (0..<256).flatMap { Array(repeating: UInt8($0), count: 3) }
        var file = Array("GIF89a".utf8) + size + [0xf7, 0, 0] + greys
        file += [0x2c, 0, 0, 0, 0] + size + [isInterlaced ? 0x40 : 0, 8]
        for start in stride(from: 0, to: bits.count, by: 255) {
            let block = bits[start..<min(start + 255, bits.count)]
            file += [UInt8(block.count)] + block
        }
        return file + [0, 0x3b]
    }

    @Test func describesTheRowsOfAGIFThatAreThere() throws {
        let bytes = gif(width: 60, height: 50)
        try expectRows(bytes, bytes.count * 2 / 3, atLeast: 20, "")
        #expect(throws: CodecError.self) { try read(Array(bytes[..<850])) }
        // Only the marks of the end are missing.
        #expect(try !read(bytes.dropLast(2)).probe.isIncomplete)
    }

    @Test func refusesAnInterlacedGIFThatIsCut() throws {
        let bytes = gif(width: 60, height: 50, isInterlaced: true)
        #expect(try !read(bytes).probe.isIncomplete)
        #expect(throws: CodecError.cutShort) { try read(Array(bytes[..<(bytes.count / 2)])) }
    }

    @Test(arguments: ["cut-lossy.webp", "cut-lossless.webp", "cut-animated.webp"])
    func describesTheRowsOfAWebPThatAreThere(_ name: String) throws {
        let bytes = try Fixture.bytes(name)
        try expectRows(bytes, bytes.count * 2 / 3, atLeast: 4, "\(name)")
        #expect(throws: CodecError.self) { try read(Array(bytes[..<60])) }
    }

    @Test func describesTheCoarseBeginningOfAJPEGXL() throws {
        let bytes = try Fixture.bytes("coarse-first.jxl")
        let whole = try read(bytes)
        #expect(!whole.probe.isIncomplete)
        let cut = try read(Array(bytes[..<(bytes.count * 9 / 10)]))
        #expect(cut.probe.isIncomplete && cut.probe.width == whole.probe.width)
        let distance = zip(cut.image.pixels, whole.image.pixels)
            .reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(distance < 24 * whole.image.pixels.count)
        #expect(throws: CodecError.self) { try read(Array(bytes[..<40])) }
    }
}
