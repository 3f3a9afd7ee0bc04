import Testing

@testable import Finding

@Suite struct CaptureClockTests {
    @Test(
        arguments: [
            ("2019-07-26T12:00:00", "2019-07-26T12:00:01", 1.0),
            ("2019-12-31T23:59:59.75", "2020-01-01T00:00:00.25", 0.5),
            ("2020-02-28T00:00:00", "2020-03-01T00:00:00", 2 * 86_400),
            ("1900-02-28T00:00:00", "1900-03-01T00:00:00", 86_400),
            ("2000-01-01T00:00:00", "2001-01-01T00:00:00", 366 * 86_400),
            ("2019-07-26T12:00:00+02:00", "2019-07-26T12:00:10Z", 10),
        ] as [(String, String, Double)])
    func tellsHowManySecondsLieBetween(first: String, second: String, seconds: Double) throws {
        let start = try #require(CaptureClock.seconds(first))
        let end = try #require(CaptureClock.seconds(second))
        #expect(abs(end - start - seconds) < 1e-6)
    }

    @Test(arguments: ["", "2019", "2019-07-26", "2019-07-26T12:00", "2019-13-26T12:00:00", "x"])
    func whatDoesNotTellTheSecondIsNoMoment(text: String) {
        #expect(CaptureClock.seconds(text) == nil)
    }
}
