import LLaVAMini
import Testing

@testable import Benchmarking

@Suite struct OutlookTests {
    private let rates = CeilingRates([.int8: 900e9, .float32: 230e9, .memory: 33e9])

    /// 8 billion weights of 4.3 bits, pre-fusion and tower of 8, and some hundred megabytes on the way.
    @Test func theReleasedModelFitsIntoSixGigabytes() throws {
        let shape = try ModelShape.llavaMiniLlama.configuration()
        let four = Outlook(shape, bits: .four).memoryBytes
        #expect((5_500_000_000...6_000_000_000).contains(four))
        #expect(Outlook(shape, bits: .eight).memoryBytes > four * 3 / 2)
    }

    /// 1.9 TFLOP and 39 times 4 GB: some ten seconds, as measured on such a machine.
    @Test func theReleasedModelTakesSomeTenSecondsAPicture() throws {
        let shape = try ModelShape.llavaMiniLlama.configuration()
        let hourly = try #require(Outlook(shape, bits: .four).picturesAnHour(rates))
        #expect((250...500).contains(hourly))
    }

    @Test func theEnginesOwnCountIsNearlyTheReckonedOne() throws {
        let benchmark = try Benchmark(
            BenchmarkSettings(model: .synthetic(.demo, .four), threads: 1, isQuick: true),
            report: { _ in }, progress: { _ in })
        let pictures = [benchmark.picture()]
        let measured = try benchmark.measure("picture") {
            try benchmark.stages.describe(
                pictures, lengths: benchmark.settings.prompt, answers: benchmark.settings.answers)
        }
        let work = Outlook(try ModelShape.demo.configuration(), bits: .four).work
        let reckoned = work.phases.reduce(0) { $0 + $1.operations }
        // Attention is left out, and weighs more the narrower a model is; other tests may count in.
        #expect(reckoned < 1.1 * Double(measured.operations))
        #expect(reckoned > 0)
    }

    @Test func slowerMachinesDescribeLess() throws {
        let outlook = Outlook(try ModelShape.vicuna.configuration(), bits: .four)
        let half = CeilingRates([.int8: 450e9, .float32: 115e9, .memory: 16.5e9])
        let whole = try #require(outlook.picturesAnHour(rates))
        #expect(abs(try #require(outlook.picturesAnHour(half)) / whole - 0.5) < 1e-9)
        #expect(outlook.picturesAnHour(CeilingRates([.int8: 1])) == nil)
    }
}
