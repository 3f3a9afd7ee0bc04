import Testing

@testable import vignette

@Suite struct TransferProgressTests {
    @Test func rateIsThatOfTheLastSeconds() {
        var rate = TransferRate()
        let start = ContinuousClock.now
        #expect(rate.bytesPerSecond == 0)
        for second in 0...30 {
            let bytes = second < 15 ? second * 1000 : 15_000 + (second - 15) * 50
            rate.note(bytes: Int64(bytes), at: start + .seconds(second))
        }
        #expect(rate.bytesPerSecond == 50)
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (99_940, "99.9 kB"),
            (99_960, "100 kB"), (999_600, "1.0 MB"), (Int64.max, "9.2 EB"),
        ] as [(Int64, String)]) func sizesAreShort(bytes: Int64, text: String)
    {
        #expect(ByteText.size(bytes) == text)
    }
}
