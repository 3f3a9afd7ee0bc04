import CLIP
import Imaging
public import LLaVAMini
import Tensor

/// Measures the engine and the machine that it runs on, part by part.
///
/// Blocks and computes for minutes at the released model's size.
public final class Benchmark {
    /// What is measured.
    public let settings: BenchmarkSettings
    /// The model.
    public let stages: ModelStages
    let meter: CeilingMeter
    private let report: (Figure) throws -> Void
    private let progress: (String) -> Void

    /// Loads or makes up the weights, after looking whether there is room for them.
    ///
    /// - Parameters:
    ///   - settings: What is measured.
    ///   - report: Gets each figure as soon as it is known.
    ///   - progress: Hears what is being done, in a few words.
    /// - Throws: `BenchmarkError` where there is too little memory, and the errors of loading.
    public init(
        _ settings: BenchmarkSettings, report: @escaping (Figure) throws -> Void,
        progress: @escaping (String) -> Void
    ) throws {
        self.report = report
        self.progress = progress
        ComputeThreads.set(settings.threads)
        switch settings.model {
        case .folder(let folder):
            progress("loading \(folder)")
            stages = try ModelStages(folder: folder)
            self.settings = try FreeMemory.fitting(
                settings, stages.configuration, weights: 0, available: FreeMemory.bytes())
        case .synthetic(let shape, let bits):
            let configuration = try shape.configuration()
            self.settings = try FreeMemory.fitting(
                settings, configuration,
                weights: ModelStages.syntheticBytes(of: configuration, bits: bits),
                available: FreeMemory.bytes())
            progress("making up the weights of \(shape.rawValue)")
            stages = try ModelStages(synthetic: configuration, bits: bits)
        }
        meter = try CeilingMeter(
            threads: settings.threads, seconds: settings.sampleSeconds,
            memoryBytes: settings.streamBytes)
    }

    /// Measures the sections that the settings ask for.
    ///
    /// - Throws: Errors of the engine, and of reporting.
    public func run() throws {
        for section in Figure.Section.allCases where settings.sections.contains(section) {
            try run(section)
        }
    }

    private func run(_ section: Figure.Section) throws {
        switch section {
        case .ceilings: try measureCeilings()
        case .prefill: try measurePrefill()
        case .decoding: try measureDecoding()
        case .image: try measureImage()
        case .embedding: try measureEmbedding()
        case .pictures: try measurePictures()
        case .paper: try comparePaper()
        }
    }

    /// The ceiling of the numbers that the language model's weights are multiplied as.
    var arithmetic: Ceiling { stages.languageBits <= 8 ? .int8 : .float32 }

    /// Bytes that reading or writing one step in the language model takes from memory.
    var stepBytes: Double { Double(stages.stepBytes) }

    /// Takes a measurement.
    func measure(_ name: String, runs: Int? = nil, _ body: () throws -> Void) throws -> Measurement
    {
        progress(name)
        return try Measurement.take(
            runs: runs ?? settings.runs, meter: meter, arithmetic: arithmetic, body)
    }

    /// Hands a figure on.
    func publish(_ figure: Figure) throws { try report(figure) }

    /// A picture as a decoder hands it over: half again as large as the model needs, with detail
    /// everywhere.
    func picture(_ number: Int = 0) -> RGBImage {
        let edge = stages.configuration.vision.imageSize * 3 / 2
        let (width, height) = (edge * 4 / 3, edge)
        var state = UInt32(truncatingIfNeeded: number &+ 1) &* 2_654_435_761
        let pixels = (0..<width * height * 3).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
