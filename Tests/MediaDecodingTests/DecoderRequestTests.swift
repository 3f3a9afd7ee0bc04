import MediaDecoding
import SystemPackage
import Testing

@Suite struct DecoderRequestTests {
    @Test func roundTrips() {
        let paths = [
            FilePath("/a/b c.jpg"), FilePath("ü.png"),
            FilePath(platformString: [0x2f, -1, -128, 0x0a, 0]),
        ]
        for path in paths {
            for edge in [nil, 1, 336, 70_000] {
                let request = DecoderRequest(kind: .frames, minimumShortEdge: edge, path: path)
                #expect(DecoderRequest(body: request.body) == request)
            }
        }
    }

    @Test func rejectsWhatIsNone() {
        let bodies: [[UInt8]] = [
            [], [1], [1, 0, 0, 0, 0], [9, 0, 0, 0, 0, 65], [0, 0, 0, 0, 0, 65],
            [1, 0, 0, 0, 0, 65, 0, 66],
        ]
        for body in bodies { #expect(DecoderRequest(body: body) == nil) }
    }
}
