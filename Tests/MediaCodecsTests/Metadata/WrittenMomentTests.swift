import Testing

@testable import MediaCodecs

@Suite struct WrittenMomentTests {
    @Test(arguments: [
        ("Tue, 09 Apr 2019 16:19:13 +0200", "2019-04-09T16:19:13+02:00"),
        ("9 Apr 2019 16:19:13 GMT", "2019-04-09T16:19:13Z"),
        ("Tue Apr  9 16:19:13 2019", "2019-04-09T16:19:13"),
        ("Tue Apr 09 16:19:13 2019\n", "2019-04-09T16:19:13"),
        ("9 April 2019", "2019-04-09"),
        ("2019-04-09T16:19:13+02:00", "2019-04-09T16:19:13+02:00"),
        ("2019:04:09 16:19:13", "2019-04-09T16:19:13"),
    ]) func readsADate(_ text: String, _ expected: String) {
        #expect(WrittenMoment.parse(text) == expected)
    }

    @Test(arguments: [
        "", "Apr", "Apr 2019", "Tue, 31 Apr 2019 10:00:00", "yesterday", "9 Foo 2019",
    ])
    func whatIsNoDateIsNone(_ text: String) {
        #expect(WrittenMoment.parse(text) == nil)
    }
}
