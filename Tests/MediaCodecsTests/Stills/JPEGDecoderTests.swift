import Imaging
import Testing

@testable import MediaCodecs

@Suite struct JPEGDecoderTests {
    private let decoder = JPEGDecoder(limits: StillLimits(maximumPixels: 200_000_000))

    @Test func choosesTheSmallestScaleThatIsEnough() {
        for edge in [1, 7, 8, 9, 100, 333, 4000] {
            for minimum in [1, 5, 50, 336, 672, 5000] {
                let eighths = JPEGDecoder.eighths(shortEdge: edge, minimum: minimum)
                #expect(eighths == 8 || (edge * eighths + 7) / 8 >= minimum)
                #expect(eighths == 1 || (edge * (eighths - 1) + 7) / 8 < minimum)
            }
        }
    }

    @Test func decodesScaledToTheSizeThatWasChosen() throws {
        let bytes = try Fixture.bytes("420.jpg")
        for eighths in 1...8 {
            let image = try decoder.decode(bytes, minimumShortEdge: 6 * eighths)
            #expect(image.width == 8 * eighths && image.height == 6 * eighths)
        }
    }

    @Test func acceptsAPictureThatLacksItsEndMarkerOnly() throws {
        let bytes = try Fixture.bytes("420.jpg")
        #expect(bytes.suffix(2) == [0xff, 0xd9])
        let image = try decoder.decode(Array(bytes.dropLast(2)), minimumShortEdge: nil)
        #expect(image == (try decoder.decode(bytes, minimumShortEdge: nil)))
    }

    @Test func refusesAPictureThatLacksScans() throws {
        let bytes = try Fixture.bytes("progressive.jpg")
        let scans = bytes.indices.filter { bytes[$0...].starts(with: [0xff, 0xda]) }
        for scan in scans.dropFirst() {
            #expect(throws: CodecError.damaged("part of the picture is missing (JPEG)")) {
                try decoder.decode(Array(bytes[..<scan]), minimumShortEdge: nil)
            }
        }
    }
}
