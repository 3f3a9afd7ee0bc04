import Testing

@testable import Catalogue

@Suite struct PairMomentTests {
    @Test(arguments: [
        ("2024-07-26T18:03:11", "2024-07-26T18:03:14", true),
        ("2024-07-26T18:03:11", "2024-07-26T18:03:15", false),
        ("2024-02-28T23:59:59", "2024-02-29T00:00:01", true),
        ("2023-02-28T23:59:59", "2023-03-01T00:00:01", true),
        ("2023-12-31T23:59:59", "2024-01-01T00:00:01", true),
        ("2024-07-26T18:03:11+02:00", "2024-07-26T16:03:11Z", true),
        ("2024-07-26T18:03:11+02:00", "2024-07-26T18:03:11-02:00", false),
        ("2024-07-26T18:03:11", "2024-07-26T18:03:11+05:30", true),
        ("2024-07-26T18:03:11", "2024-07-26T16:03:12Z", true),
        ("2024-07-26T18:03:11", "2024-07-26T12:33:11Z", true),
        ("2024-07-26T18:03:11", "2024-07-26T16:10:11Z", false),
        ("2024-07-26T18:03:11", "2024-07-25T18:03:11Z", false),
        ("2024-07-26T18:03", "2024-07-26T18:03:02", true),
        ("2024-07-26", "2024-07-26", false),
        ("2024-13-26T18:03:11", "2024-13-26T18:03:11", false),
        ("", "", false),
    ])
    func momentsAreNearByTheClocksThatTheyAreOf(_ first: String, _ second: String, _ isNear: Bool) {
        #expect(PairMoment.isNear(first, second, within: 3) == isNear)
        #expect(PairMoment.isNear(second, first, within: 3) == isNear)
    }

    @Test func whatIsNotSaidIsNearNothing() {
        #expect(!PairMoment.isNear(nil, "2024-07-26T18:03:11", within: 3))
    }
}
