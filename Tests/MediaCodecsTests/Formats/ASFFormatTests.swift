import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct ASFFormatTests {
    private static let properties: [UInt8] = [
        0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0, 0xc0, 0x0c, 0x20, 0x53, 0x65,
    ]

    /// The clip with the date of its creation in tenths of a microsecond since 1601.
    private func clip(made ticks: UInt64) throws -> ScratchFile {
        var bytes = try Fixture.bytes("windows.wmv")
        let start = try #require(
            bytes.indices.first { bytes[$0...].starts(with: Self.properties) })
        for index in 0..<8 {
            bytes[start + 48 + index] = UInt8(ticks >> (8 * UInt64(index)) & 0xff)
        }
        return try ScratchFile(bytes)
    }

    @Test func readsWhenItWasMade() throws {
        let scratch = try clip(made: (1_721_923_391 + 11_644_473_600) * 10_000_000)
        let clip = try VideoFile(scratch.open(), .asf, limits: .standard)
        #expect(try clip.metadata().capture.takenAt == "2024-07-25T16:03:11Z")
    }

    @Test(arguments: [0, UInt64.max, 1 << 62]) func believesNoOtherAge(_ ticks: UInt64) throws {
        let scratch = try clip(made: ticks)
        let clip = try VideoFile(scratch.open(), .asf, limits: .standard)
        #expect(try clip.metadata().capture.takenAt == nil)
    }
}
