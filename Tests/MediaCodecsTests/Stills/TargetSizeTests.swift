import Testing

@testable import MediaCodecs

@Suite struct TargetSizeTests {
    @Test func halvesNothingThatIsAtMostTwiceTheWantedEdge() {
        #expect(TargetSize.of(width: 800, height: 672, minimumShortEdge: 336) == (800, 672))
        #expect(TargetSize.of(width: 9000, height: 9000, minimumShortEdge: nil) == (9000, 9000))
    }

    @Test func makesTheShorterEdgeTwiceTheWantedOne() {
        #expect(TargetSize.of(width: 4032, height: 3024, minimumShortEdge: 336) == (896, 672))
        #expect(TargetSize.of(width: 3024, height: 4032, minimumShortEdge: 336) == (672, 896))
        #expect(TargetSize.of(width: 100_000, height: 3, minimumShortEdge: 1) == (66_667, 2))
    }
}
