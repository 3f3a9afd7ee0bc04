import Testing

@testable import vignette

@Suite struct ConversionProgressTests {
    @Test func saysHowFarHowFastAndHowLong() {
        #expect(
            ConversionProgress.line(
                "packing", done: 4_000_000_000, total: 16_000_000_000, elapsed: 20)
                == "━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ packing 4.0 GB of 16.0 GB  200 MB/s, 1 min 0 s left")
    }

    @Test func claimsNothingBeforeItKnows() {
        #expect(
            ConversionProgress.line("packing", done: 0, total: 10, elapsed: 0)
                == "╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ packing 0 bytes of 10 bytes")
    }
}
