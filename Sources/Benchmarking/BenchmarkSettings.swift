public import LLaVAMini
public import SystemPackage

/// What is measured, and how thoroughly.
public struct BenchmarkSettings: Equatable, Sendable {
    /// Where the weights come from.
    public enum Model: Equatable, Sendable {
        /// A checkpoint folder.
        case folder(FilePath)
        /// Weights made up in memory.
        case synthetic(ModelShape, SyntheticBits)
    }

    /// The model.
    public var model: Model
    /// Threads that compute.
    public var threads: Int
    /// One run of everything instead of several.
    public var isQuick: Bool
    /// What to measure.
    public var sections: Set<Figure.Section>

    /// Tokens of a caption, and of the tags, in the measurements.
    public var answers = [40, 20]
    /// Text tokens of a prompt in the measurements: as many as the default questions have in Llama
    /// 3.1's layout, rounded up.
    public var prompt = PromptLengths(beforeImage: 66, question: 24)
    /// Text tokens in the paper's table.
    public var paperPrompt = PromptLengths(beforeImage: 20, question: 15)
    /// Tokens that a step guesses where what guessing costs is measured.
    public var guesses = 3
    /// Pictures that are described together when there is a backlog.
    public var backlog = 16

    /// Sets what is measured.
    public init(
        model: Model, threads: Int, isQuick: Bool = false,
        sections: Set<Figure.Section> = Set(Figure.Section.allCases)
    ) {
        self.model = model
        self.threads = threads
        self.isQuick = isQuick
        self.sections = sections
    }

    /// Runs of each measurement.
    var runs: Int { isQuick ? 1 : 3 }
    /// Tokens that decoding is timed over.
    let decodedTokens = 16
    /// Seconds of a ceiling's sample.
    var sampleSeconds: Double { isQuick ? 0.01 : 0.05 }
    /// Bytes that the bandwidth is measured over; no processor's cache holds as much.
    var streamBytes: Int { 512 << 20 }
}
