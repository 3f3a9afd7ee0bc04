import ArgumentParser
import Benchmarking
import Captioning
import Daemon
import Foundation
import LLaVAMini
import Processors
import SystemPackage

/// Measures the machine and the engine on it.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this machine: what it can do, and what the engine gets out of it.",
        discussion: """
            Weights are made up in memory, so that no model need be downloaded first. Every figure \
            stands beside the ceiling that bounds it, measured in the same minute: int8 dot \
            products, single precision, or memory bandwidth, on all threads.

            EXAMPLES
              vignette bench
              vignette bench --shape vicuna-7b --bits 8
              vignette bench --model ~/models/llava-mini --json
              vignette bench --only decoding --only pictures
            """)

    @Option(
        help: "The size of a model: \(BenchCommand.shapes).",
        transform: BenchCommand.shape)
    var shape = ModelShape.llavaMiniLlama

    @Option(help: "Bits of a made-up weight: 4, 8, 16 or 32.", transform: BenchCommand.bits)
    var bits = SyntheticBits.four

    @Option(help: "A model folder, or the name of one in the models folder, instead of a shape.")
    var model: String?

    @Option(help: "Threads that compute; one a processor unless given.")
    var threads: Int?

    @Flag(help: "Measure once instead of three times, and for a shorter time.")
    var quick = false

    @Option(
        help: "Measure this section alone: \(BenchCommand.sections). May be given again.",
        transform: BenchCommand.section)
    var only: [Figure.Section] = []

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be from 1 to 1024")
        }
    }

    func run() throws {
        var settings = BenchmarkSettings(
            model: .synthetic(shape, bits),
            threads: threads ?? Processors.current.count)
        settings.isQuick = quick
        if !only.isEmpty { settings.sections = Set(only) }
        if let model {
            settings.model = .folder(try ModelLocator(models: common.paths.models).find(model))
        }
        let output = FigureOutput(isJSON: common.json)
        let benchmark = try Benchmark(
            settings, report: output.write, progress: output.progress)
        try benchmark.run()
        output.clear()
    }

    private static let shapes = ModelShape.allCases.map(\.rawValue).joined(separator: ", ")

    private static func shape(_ name: String) throws -> ModelShape {
        guard let shape = ModelShape(rawValue: name) else {
            throw ValidationError("'\(name)' is none of \(shapes)")
        }
        return shape
    }

    private static let sections = Figure.Section.allCases.map(\.rawValue).joined(separator: ", ")

    private static func section(_ name: String) throws -> Figure.Section {
        guard let section = Figure.Section(rawValue: name) else {
            throw ValidationError("'\(name)' is none of \(sections)")
        }
        return section
    }

    private static func bits(_ text: String) throws -> SyntheticBits {
        guard let bits = Int(text).flatMap(SyntheticBits.init) else {
            throw ValidationError("'\(text)' is none of 4, 8, 16 and 32")
        }
        return bits
    }
}

/// Figures to standard output as they come, progress to standard error.
private final class FigureOutput {
    private let isJSON: Bool
    private var table = FigureTable()

    init(isJSON: Bool) { self.isJSON = isJSON }

    func write(_ figure: Figure) throws {
        clear()
        if isJSON { return try JSONLine.write(figure) }
        StandardOutput.write(table.lines(for: figure))
    }

    /// Says on a terminal what is being measured, in a line that goes away again.
    func progress(_ text: String) {
        guard StandardError.isTerminal else { return }
        StandardError.write("\r\u{1B}[K\(text) …")
    }

    func clear() {
        guard StandardError.isTerminal else { return }
        StandardError.write("\r\u{1B}[K")
    }
}
