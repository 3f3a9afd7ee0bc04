import MediaDecoding
import Testing

@Suite struct DecoderRequestTests {
    @Test func roundTrips() {
        for edge in [nil, 1, 336, 70_000] {
            let request = DecoderRequest(kind: .frames, edge: edge)
            #expect(DecoderRequest(body: request.body) == request)
            let besides = DecoderRequest(kind: .still, edge: edge, thumbnail: 384)
            #expect(DecoderRequest(body: besides.body) == besides)
        }
    }

    @Test func rejectsWhatIsNone() {
        let bodies: [[UInt8]] = [
            [], [1], [1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 65],
        ]
        for body in bodies { #expect(DecoderRequest(body: body) == nil) }
    }
}
