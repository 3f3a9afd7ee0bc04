import CLIP
import Imaging
import LLaVAMini
import Testing

@testable import Benchmarking

@Suite struct BenchmarkTests {
    @Test(arguments: SyntheticBits.allCases) func everySectionIsMeasured(bits: SyntheticBits) throws
    {
        var settings = BenchmarkSettings(model: .synthetic(.demo, bits), threads: 1, isQuick: true)
        settings.answers = [3, 2]
        settings.backlog = 2
        var figures: [Figure] = []
        var heard: [String] = []
        let benchmark = try Benchmark(
            settings, report: { figures.append($0) }, progress: { heard.append($0) })
        try benchmark.run()

        #expect(Set(figures.map(\.section)) == Set(Figure.Section.allCases))
        #expect(Set(figures.map(\.name)).count == figures.count)
        // Operations are counted for the whole process, in which other tests run: a difference of
        // two counts may be anything here. BenchCommandTests looks at a process of its own.
        #expect(figures.allSatisfy { $0.value.isFinite })
        for figure in figures where figure.seconds != nil {
            #expect(figure.ceiling == .memory || figure.ceiling == benchmark.arithmetic)
            #expect(figure.ratio.map { $0.isFinite && $0 > 0 } == true, "\(figure)")
        }
        #expect(benchmark.arithmetic == ([.half, .single].contains(bits) ? .float32 : .int8))
        #expect(heard.first?.contains("demo") == true && heard.count > 5)
    }

    @Test func whatCannotBeReportedEndsTheBenchmark() throws {
        let settings = BenchmarkSettings(
            model: .synthetic(.demo, .single), threads: 1, isQuick: true)
        let benchmark = try Benchmark(
            settings, report: { _ in throw BenchmarkError("closed") }, progress: { _ in })
        #expect(throws: BenchmarkError.self) { try benchmark.run() }
    }

    @Test func picturesDifferAndAreLargerThanNeeded() throws {
        let settings = BenchmarkSettings(
            model: .synthetic(.demo, .single), threads: 1, isQuick: true)
        let benchmark = try Benchmark(settings, report: { _ in }, progress: { _ in })
        let edge = benchmark.stages.configuration.vision.imageSize
        #expect(benchmark.picture(0) != benchmark.picture(1))
        #expect(min(benchmark.picture().width, benchmark.picture().height) > edge)
    }
}
