import MediaDecoding
import Testing
import MediaFormats

@testable import MediaCodecs

/// Headers that announce more than is allowed are refused before anything is decoded.
@Suite struct StillLimitsTests {
    private func refusal(_ bytes: [UInt8]) throws -> String? {
        let scratch = try ScratchFile(bytes)
        let file = try scratch.open()
        do {
            _ = try StillReader(limits: .standard)
                .read(file, try MediaFormat(of: file), minimumShortEdge: 336)
            return nil
        } catch CodecError.rejected(let reason) {
            return reason
        }
    }

    private func big(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// The scene with another size in its header.
    private func png(_ width: Int, _ height: Int) throws -> [UInt8] {
        var bytes = try Fixture.bytes("rgb.png")
        bytes.replaceSubrange(16..<24, with: big(width, 4) + big(height, 4))
        return bytes
    }

    private func jpeg(_ width: Int, _ height: Int) throws -> [UInt8] {
        var bytes = try Fixture.bytes("420.jpg")
        let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xff, 0xc0]) })
        bytes.replaceSubrange(frame + 5..<frame + 9, with: big(height, 2) + big(width, 2))
        return bytes
    }

    @Test func saysBothNumbers() throws {
        let reason = try refusal(try png(20_000, 10_001))
        #expect(
            reason
                == "is a picture of 20000×10001 pixels (200.1 megapixels), above the limit of 200 megapixels"
        )
    }

    @Test func refusesTheLargestJPEG() throws {
        let reason = try #require(try refusal(try jpeg(65_500, 65_500)))
        #expect(reason.contains("above the limit of 200 megapixels"))
        #expect(try refusal(try jpeg(65_535, 65_535)) != nil)
    }

    @Test func refusesSizesBeyondCounting() throws {
        for (width, height) in [(0x7fff_ffff, 0x7fff_ffff), (0xffff_ffff, 0xffff_ffff), (0, 48)] {
            #expect(try refusal(try png(width, height)) != nil)
        }
    }

    /// Such a strip could not be reduced for the model and would take half a gigabyte to wait for it.
    @Test func refusesAnEdgeThatNoModelTakes() throws {
        let reason = try #require(try refusal(try png(600, 330_000)))
        #expect(reason.contains("above the limit of 65535 pixels an edge"))
        try StillLimits(maximumPixels: 200_000_000).check(width: 65_535, height: 3000)
    }

    @Test func allowsExactlyTheLimit() throws {
        try StillLimits(maximumPixels: 200_000_000).check(width: 20_000, height: 10_000)
        #expect(throws: CodecError.self) {
            try StillLimits(maximumPixels: 200_000_000).check(width: 200_000_001, height: 1)
        }
    }

    @Test func refusesLargeFiles() throws {
        var limits = DecoderLimits.standard
        limits.maximumFileBytes = 100
        let file = try Fixture.open("420.jpg")
        #expect(throws: CodecError.tooLarge(file.count, limit: 100)) {
            try StillReader(limits: limits).read(file, .jpeg, minimumShortEdge: nil)
        }
    }
}
