import Testing

@testable import MediaCodecs

@Suite struct TakenAtTests {
    @Test func joinsEXIFTimeAndOffset() {
        let text = "2024:07:26 18:03:11"
        #expect(TakenAt.fromExif(text, offset: nil) == "2024-07-26T18:03:11")
        #expect(TakenAt.fromExif(text, offset: "-03:30") == "2024-07-26T18:03:11-03:30")
        #expect(TakenAt.fromExif(text, offset: "Z") == "2024-07-26T18:03:11Z")
        #expect(TakenAt.fromExif(text, offset: "nonsense") == "2024-07-26T18:03:11")
    }

    @Test func readsWhatContainersWrite() {
        #expect(TakenAt.fromISO("2024-07-26T18:03:11.000000Z") == "2024-07-26T18:03:11Z")
        #expect(TakenAt.fromISO("2024-07-26T18:03:11+0200") == "2024-07-26T18:03:11+02:00")
        #expect(TakenAt.fromISO("2024-07-26 18:03:11") == "2024-07-26T18:03:11")
        #expect(TakenAt.fromISO("20240726T180311-0330") == "2024-07-26T18:03:11-03:30")
        #expect(TakenAt.fromISO("2024-07-26T18:03-03:30") == "2024-07-26T18:03-03:30")
    }

    @Test(arguments: [
        "", "0000:00:00 00:00:00", "2024:13:01 00:00:00", "2023:02:29 10:00:00",
        "1904-01-01T00:00:00Z", "1970:01:01 00:00:00", "    :  :     :  :  ",
        "9999:01:01 00:00:00", "２０２４:07:26 18:03:11",
    ])
    func dropsWhatIsNoMoment(_ text: String) {
        #expect(TakenAt.fromExif(text, offset: nil) == nil)
    }

    @Test(arguments: [
        "2024:07:26", "2024:07:26 24:00:00", "2024:07:26 18:60:00", "2024:07:26   :  :  ",
        "2024-7-26", "2024-07-26T99:00:00Z",
    ])
    func keepsTheDayOfATimeThatCannotBe(_ text: String) {
        #expect(TakenAt.fromISO(text) == "2024-07-26")
    }

    @Test func knowsLeapDays() {
        #expect(TakenAt.fromExif("2024:02:29 10:00:00", offset: nil) != nil)
        #expect(TakenAt.fromExif("1900:02:29 10:00:00", offset: nil) == nil)
    }

    @Test(arguments: [
        (951_782_400, "2000-02-29T00:00:00Z"), (1_721_923_391, "2024-07-25T16:03:11Z"),
        (4_102_444_799, "2099-12-31T23:59:59Z"), (68_169_599, "1972-02-28T23:59:59Z"),
    ])
    func countsSecondsSince1970(_ seconds: Int, _ expected: String) {
        #expect(TakenAt.fromUnix(seconds) == expected)
    }

    @Test(arguments: [0, -1, .min, .max]) func takesNoMomentOfNobody(_ seconds: Int) {
        #expect(TakenAt.fromUnix(seconds) == nil)
    }
}
