import Testing

@testable import MediaCodecs

@Suite struct EpochTimeTests {
    @Test func countsFrom1970AndFrom1904() {
        #expect(EpochTime.moment(secondsFrom1970: 1_554_826_753) == "2019-04-09T16:19:13")
        #expect(EpochTime.moment(secondsFrom1904: 3_637_671_553) == "2019-04-09T16:19:13Z")
    }

    @Test(arguments: [0, Int.max, Int.min / 2, 1 << 40]) func whatIsNoMomentIsNone(
        _ seconds: Int
    ) {
        #expect(EpochTime.moment(secondsFrom1970: seconds) == nil)
    }
}
