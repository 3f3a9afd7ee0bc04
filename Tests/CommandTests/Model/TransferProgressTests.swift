import Testing

@testable import vignette

@Suite struct TransferProgressTests {
    @Test(
        arguments: [
            (0, 0, 0.0, "0 bytes of 0 bytes"),
            (500, 2_000_000, 0.0, "500 bytes of 2.0 MB"),
            (
                4_000_000_000, 16_100_000_000, 50_000_000,
                "4.0 GB of 16.1 GB  50.0 MB/s, 4 min 2 s left"
            ),
            (7000, 7000, 1000, "7.0 kB of 7.0 kB  1.0 kB/s"),
        ] as [(Int64, Int64, Double, String)])
    func saysHowMuchHowFastAndHowLong(done: Int64, total: Int64, rate: Double, text: String) {
        let line = TransferProgress.line(done: done, total: total, rate: rate)
        #expect(line.hasSuffix(text), "\(line)")
        #expect(line.prefix { $0 == "━" || $0 == "╌" }.count == 24)
    }

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
