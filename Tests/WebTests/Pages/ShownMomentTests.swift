import Testing

@testable import Web

@Suite struct ShownMomentTests {
    @Test(arguments: [
        ("2019-07-26T12:34:56", "July 2019", "26 July 2019, 12:34"),
        ("2019-07-26", "July 2019", "26 July 2019"),
        ("2019-07", "July 2019", "July 2019"), ("2019", "2019", "2019"),
        ("2019-13-01", "2019", "1 2019"),
        ("nonsense", "Without a date", "Without a date"), ("", "Without a date", "Without a date"),
    ]) func asMuchIsShownAsIsTold(moment: String, month: String, full: String) {
        #expect(ShownMoment.month(moment) == month)
        #expect(ShownMoment.full(moment) == full)
    }

    @Test(
        arguments: [
            (0, "0:00"), (65.9, "1:05"), (3600, "1:00:00"), (3725, "1:02:05"), (-1, "0:00"),
            (.nan, "0:00"),
            (.infinity, "0:00"),
        ] as [(Double, String)]) func lengthsAreShownAsClocksDo(seconds: Double, clock: String)
    {
        #expect(ShownMoment.clock(seconds) == clock)
    }
}
