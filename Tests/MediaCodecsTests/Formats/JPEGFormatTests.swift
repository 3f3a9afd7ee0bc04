import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

@Suite struct JPEGFormatTests {
    /// A real picture whose frame header begins with another marker and precision.
    private func jpeg(marker: UInt8, precision: UInt8 = 8) throws -> [UInt8] {
        var bytes = try Fixture.bytes("420.jpg")
        let frame = try #require(
            bytes.indices.first { bytes[$0...].starts(with: [0xff, 0xc0, 0x00, 0x11]) })
        bytes[frame + 1] = marker
        bytes[frame + 4] = precision
        return bytes
    }

    private func read(_ bytes: [UInt8]) throws {
        _ = try StillReader(limits: .standard)
            .read(ScratchFile(bytes).open(), .jpeg, minimumShortEdge: nil)
    }

    @Test func whatIsWholeAndNotReadIsSaidToBeNotSupported() throws {
        for marker: UInt8 in [0xc5, 0xc6, 0xc7, 0xcb, 0xcd, 0xce, 0xcf, 0xf7] {
            let bytes = try jpeg(marker: marker)
            #expect(
                throws: CodecError.notSupported(
                    "a JPEG in a rare coding (frame marker \(marker))")
            ) { try read(bytes) }
        }
        let deep = try jpeg(marker: 0xc1, precision: 12)
        #expect(throws: CodecError.notSupported("a JPEG of 12 bits a sample")) { try read(deep) }
    }

    @Test func aSecondPictureBehindTheFirstIsNoPartOfIt() throws {
        // As in MPO, of which the first picture is described.
        let first = try Fixture.bytes("420.jpg")
        let file = try ScratchFile(first + Fixture.bytes("grey.jpg"))
        let image = try StillReader(limits: .standard)
            .read(file.open(), .jpeg, minimumShortEdge: nil)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene))
        let prober = Prober(limits: .standard)
        #expect(
            try prober.probe(file.open(), .jpeg).identity
                == prober.probe(ScratchFile(first).open(), .jpeg).identity)
    }
}
