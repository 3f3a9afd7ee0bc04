import Testing

@testable import MediaCodecs

@Suite struct JPEGSegmentsTests {
    private func markers(_ bytes: [UInt8]) throws -> [UInt8] {
        var segments = JPEGSegments(bytes)
        var markers: [UInt8] = []
        while let segment = try segments.next() { markers.append(segment.marker) }
        return markers
    }

    @Test func walksAPictureInOrder() throws {
        let markers = try markers(Fixture.bytes("420.jpg"))
        #expect(markers.suffix(2) == [0xda, 0])
        #expect(markers.contains(0xc0) && markers.contains(0xdb) && markers.contains(0xc4))
    }

    @Test func findsEveryScanOfAProgressivePicture() throws {
        let scans = try markers(Fixture.bytes("progressive.jpg")).filter { $0 == 0xda }.count
        #expect(scans > 5)
    }

    @Test func ignoresWhatFollowsThePicture() throws {
        let bytes = try Fixture.bytes("420.jpg")
        #expect(try markers(bytes + bytes) == markers(bytes))
    }

    @Test func findsAMarkerAcrossTwoPieces() throws {
        for length in (1 << 16) - 4...(1 << 16) + 4 {
            let start: [UInt8] = [0xff, 0xd8, 0xff, 0xda, 0, 2]
            let data = [UInt8](repeating: 7, count: length)
            let bytes = start + data + [0xff, 0, 0xff, 0xd3, 0xff, 0xd9, 1, 2, 3]
            var segments = JPEGSegments(bytes)
            _ = try segments.next()
            #expect(try segments.next()?.content == 6..<length + 10)
            #expect(try segments.next() == nil)
        }
    }

    @Test func stopsAtLengthsThatCannotBe() throws {
        for tail: [UInt8] in [
            [0xff], [0xff, 0xe0], [0xff, 0xe0, 0, 1], [0xff, 0xe0, 0xff, 0xff, 0],
        ] {
            #expect(try markers([0xff, 0xd8] + tail).isEmpty)
        }
    }
}
