import Testing

@testable import vignette

@Suite struct ByteBarTests {
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
        let line = ByteBar.line(done: done, total: total, rate: rate)
        #expect(line.hasSuffix(text), "\(line)")
        #expect(line.prefix { $0 == "━" || $0 == "╌" }.count == 24)
    }

    @Test func namesWhatIsDone() {
        #expect(
            ByteBar.line("packing", done: 4_000_000_000, total: 16_000_000_000, rate: 200_000_000)
                == "━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ packing 4.0 GB of 16.0 GB  200 MB/s, 1 min 0 s left")
    }

    @Test func claimsNoRateBeforeItKnowsOne() {
        #expect(
            ByteBar.line("packing", done: 0, total: 10, rate: 0)
                == "╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ packing 0 bytes of 10 bytes")
    }
}
