import Imaging
import MediaDecoding
import MediaFormats
import SystemPackage
import Testing

@testable import MediaCodecs

@Suite struct PNGEndTests {
    private func read(_ bytes: [UInt8]) throws -> (probe: MediaProbe, image: RGBImage) {
        let scratch = try ScratchFile(bytes)
        let file = try scratch.open()
        let probe = try Prober(limits: .standard).probe(file, .png)
        return (
            probe, try StillReader(limits: .standard).read(file, .png, minimumShortEdge: nil)
        )
    }

    private func photo() throws -> [UInt8] {
        let reports = Fixture.folder.removingLastComponent().appending("reports")
        return try InputFile(reports.appending("png-xmp-only.png")).wholeFile(limit: 1 << 20)
    }

    @Test func describesTheRowsThatAreThere() throws {
        let whole = try photo()
        let full = try read(whole)
        #expect(!full.probe.isIncomplete)
        for part in [0.4, 0.6, 0.95] {
            let found = try read(Array(whole[..<Int(Double(whole.count) * part)]))
            #expect(found.probe.isIncomplete)
            #expect(found.probe.width == 384 && found.probe.height == 288)
            let row = 384 * 3
            let start = found.image.pixels.prefix(row * 288 / 5)
            #expect(start == full.image.pixels.prefix(start.count))
            #expect(found.image.pixels.suffix(row).allSatisfy { $0 == Incomplete.grey })
        }
    }

    @Test func refusesAPictureOfWhichTooLittleIsLeft() throws {
        let whole = try photo()
        let data = try #require(PNGFile(whole).chunks.first { $0.type == "IDAT" }).content
        #expect(throws: CodecError.self) { try read(Array(whole[..<(data.lowerBound + 200)])) }
    }

    @Test func refusesAnInterlacedPictureThatIsCut() throws {
        let whole = try Fixture.bytes("interlaced.png")
        #expect(throws: CodecError.cutShort) { try read(Array(whole[..<(whole.count - 40)])) }
    }
}
