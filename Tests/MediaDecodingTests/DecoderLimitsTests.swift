import Testing

@testable import MediaDecoding

@Suite struct DecoderLimitsTests {
    @Test func travelAsArguments() throws {
        var limits = DecoderLimits.standard
        limits.memoryBytes = 123_456_789
        limits.wallSeconds = 1.5
        limits.maximumFrames = 7
        #expect(DecoderLimits(arguments: limits.arguments) == limits)
    }

    @Test(arguments: [
        "memory", "memory=", "memory=x", "memory=-1", "colour=3", "wall=nan", "cpu=1e99",
    ])
    func refuseArgumentsThatAreNone(_ argument: String) {
        #expect(DecoderLimits(arguments: [argument]) == nil)
    }
}
