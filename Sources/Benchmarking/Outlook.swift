import CLIP
public import LLaVAMini
import Tensor

/// What a model of some shape will take on a machine, reckoned before any weight of it is there.
public struct Outlook: Equatable, Sendable {
    /// Bytes of weights once all of them were used.
    public let weightBytes: Int
    /// Bytes that pictures on their way take beside the weights.
    public let workingBytes: Int
    /// What a picture costs at the least: caption and tags, alone.
    let work: Work

    /// The share of what the ceilings allow that the engine reaches over a whole picture; SPEED.md
    /// has what was measured.
    private static let reached = 0.7

    /// Rows of a pass and what is made of them; with these the sum is what was measured at the
    /// released shape.
    private static let rowsOnTheirWay = 1400

    /// Reckons.
    ///
    /// - Parameters:
    ///   - configuration: The model's sizes.
    ///   - bits: How its weights are stored.
    public init(_ configuration: ModelConfiguration, bits: SyntheticBits) {
        let settings = BenchmarkSettings(
            model: .synthetic(.llavaMiniLlama, bits), threads: 1, isQuick: true)
        let language = configuration.language
        // Of the table of words only the rows of words that occur are ever read.
        let table = language.vocabularySize * language.width * bits.plainType.byteCount
        weightBytes = ModelStages.syntheticBytes(of: configuration, bits: bits) - table
        workingBytes = Self.rowBytes(configuration)
        work = Self.work(LinearWork(configuration), bits, settings)
    }

    /// Bytes of memory in all.
    public var memoryBytes: Int { weightBytes + workingBytes }

    /// Pictures an hour, one after the other.
    ///
    /// - Parameter rates: The machine's ceilings.
    /// - Returns: `nil` where a ceiling that counts was not measured.
    public func picturesAnHour(_ rates: CeilingRates) -> Double? {
        work.leastSeconds(rates).map { 3600 * Self.reached / $0 }
    }

    /// Rows on their way through the widest layer, as many as go through it at once.
    ///
    /// Keys and values of answers come on top only when what looks at pictures has left memory.
    private static func rowBytes(_ c: ModelConfiguration) -> Int {
        let layer = 3 * c.language.intermediateWidth + 8 * c.language.width
        return rowsOnTheirWay * layer * MemoryLayout<Float>.size
    }

    private static func work(
        _ linear: LinearWork, _ bits: SyntheticBits, _ settings: BenchmarkSettings
    ) -> Work {
        let bytes = Double(linear.languageBytes(bits))
        let reading = Work.Phase(
            operations: 2 * linear.reading(settings.prompt, questions: settings.answers.count),
            bytes: bytes)
        let steps = (1..<(settings.answers.max() ?? 1)).map { step in
            let answers = Double(settings.answers.count { $0 > step })
            return Work.Phase(operations: 2 * answers * linear.token, bytes: bytes)
        }
        return Work(
            arithmetic: WeightBits(rawValue: bits.rawValue) == nil ? .float32 : .int8,
            phases: [reading] + steps)
    }
}

/// Multiply-adds in the linear layers; all else together is a few hundredths of them.
private struct LinearWork {
    private let configuration: ModelConfiguration
    /// Of a row in all layers of each part.
    private let rows: [RequiredTensor.Component: Double]

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        rows = configuration.requiredTensors.filter(\.isLinearWeight).reduce(into: [:]) {
            $0[$1.component, default: 0] += Double($1.shape.reduce(1, *))
        }
    }

    /// Of writing a token.
    var token: Double { rows[.languageModel, default: 0] }

    /// Of looking at a picture and reading questions about it.
    func reading(_ prompt: PromptLengths, questions: Int) -> Double {
        let patches = Double(configuration.vision.grid * configuration.vision.grid)
        let tokens = Double(configuration.compressorSize * configuration.compressorSize)
        let text = Double(prompt.beforeImage + questions * prompt.question)
        return configuration.vision.multiplyAdds
            + rows[.projector, default: 0] * (patches + tokens)
            + rows[.preFusion, default: 0] * (patches + tokens + text)
            + rows[.languageModel, default: 0] * (tokens + text)
    }

    /// Bytes of the language model's matrices, which every word is read from.
    func languageBytes(_ bits: SyntheticBits) -> Int {
        configuration.requiredTensors
            .filter { $0.isLinearWeight && $0.component == .languageModel }
            .reduce(0) { sum, tensor in
                guard let packing = WeightBits(rawValue: bits.rawValue) else {
                    return sum + tensor.shape.reduce(bits.rawValue / 8, *)
                }
                let shape = PackedShape(
                    format: packing.format(ofLinear: tensor.name), outputs: tensor.shape[0],
                    inputs: tensor.shape[1])
                return sum + shape.byteCount
            }
    }
}

extension CeilingRates {
    /// Measures int8 and single precision arithmetic and the reading of memory, for about a second.
    ///
    /// - Parameter threads: How many compute at once.
    /// - Returns: the best of a few samples.
    /// - Throws: `Errno` where there is not enough memory.
    public static func measured(threads: Int) throws -> CeilingRates {
        let meter = try CeilingMeter(threads: threads, seconds: 0.05, memoryBytes: 256 << 20)
        var rates = CeilingRates()
        for _ in 0..<3 { rates.raise(to: meter.sample([.int8, .float32, .memory])) }
        return rates
    }
}
