import Imaging
import MediaDecoding
import MediaFormats
import SystemPackage
import Testing

@testable import MediaCodecs

@Suite struct JPEGEndTests {
    private static let reports = Fixture.folder.removingLastComponent().appending("reports")

    private func bytes(_ name: String = "jpeg-xmp-only.jpg") throws -> [UInt8] {
        try InputFile(Self.reports.appending(name)).wholeFile(limit: 1 << 20)
    }

    private func read(_ bytes: [UInt8]) throws -> (probe: MediaProbe, image: RGBImage) {
        let scratch = try ScratchFile(bytes)
        let file = try scratch.open()
        let probe = try Prober(limits: .standard).probe(file, .jpeg)
        let image = try StillReader(limits: .standard).read(file, .jpeg, minimumShortEdge: nil)
        return (probe, image)
    }

    /// Rows in which all pixels are the grey that stands for nothing.
    private func emptyRows(_ image: RGBImage) -> Int {
        (0..<image.height).count { y in
            image.pixels[y * image.width * 3..<(y + 1) * image.width * 3].allSatisfy { $0 == 128 }
        }
    }

    @Test func describesWhatIsLeft() throws {
        let whole = try bytes()
        for part in [0.3, 0.5, 0.9, 0.98] {
            let found = try read(Array(whole[..<Int(Double(whole.count) * part)]))
            #expect(found.probe.isIncomplete)
            #expect(found.probe.width == 768 && found.probe.height == 576)
            #expect(found.probe.metadata.capture.camera == "HMD Global Nokia 7 plus")
            #expect(found.image.width == 768 && found.image.height == 576)
            #expect(emptyRows(found.image) < 576 * 9 / 10)
        }
    }

    @Test func showsTheRowsThatAreThereAsTheyAre() throws {
        let whole = try bytes()
        let (full, half) = (
            try read(whole).image, try read(Array(whole[..<(whole.count / 2)])).image
        )
        let rows = 576 / 10 * 768 * 3
        #expect(full.pixels.prefix(rows) == half.pixels.prefix(rows))
    }

    @Test func describesTheFirstPassesOfAProgressivePicture() throws {
        let found = try read(bytes("jpeg-progressive-cut-95.jpg"))
        #expect(found.probe.isIncomplete && emptyRows(found.image) == 0)
    }

    @Test func takesZerosForAMissingEnd() throws {
        let whole = try bytes()
        let half = whole.count / 2
        let zeros = try read(Array(whole[..<half]) + [UInt8](repeating: 0, count: half))
        #expect(zeros.probe.isIncomplete)
        #expect(try zeros.image == read(Array(whole[..<half])).image)
    }

    @Test func refusesAPictureOfWhichTooLittleIsLeft() throws {
        let whole = try bytes()
        let start = try #require(whole.indices.last { whole[$0...].starts(with: [0xff, 0xda]) })
        for count in [start - 4, start + 20, start + 200] {
            #expect {
                try read(Array(whole[..<count]))
            } throws: { error in
                guard case CodecError.rejected(let reason) = error else { return false }
                return reason.hasPrefix("is cut short")
            }
        }
    }

    @Test func isWholeWithoutItsLastTwoBytesAndWithMoreBehindThem() throws {
        let whole = try bytes()
        let image = try read(whole)
        #expect(!image.probe.isIncomplete)
        for other in [Array(whole.dropLast(2)), whole + Array("something else".utf8)] {
            let found = try read(other)
            #expect(!found.probe.isIncomplete && found.image == image.image)
        }
    }

    @Test func stillRefusesAHoleInTheMiddle() throws {
        var holed = try bytes()
        let middle = holed.count * 3 / 4
        holed.replaceSubrange(middle..<middle + 2, with: [0xff, 0xd9])
        let scratch = try ScratchFile(holed)
        #expect(throws: CodecError.self) {
            try StillReader(limits: .standard)
                .read(scratch.open(), .jpeg, minimumShortEdge: nil)
        }
    }
}
