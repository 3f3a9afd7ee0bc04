/// Something measured, beside what the machine could do at best in the same minute.
public struct Figure: Codable, Equatable, Sendable {
    /// The part of the benchmark.
    public enum Section: String, Codable, CaseIterable, Sendable {
        /// What the machine can do.
        case ceilings
        /// The language model reading.
        case prefill
        /// The language model writing.
        case decoding
        /// From pixels to fused tokens.
        case image
        /// From pictures and texts to embeddings.
        case embedding
        /// From pixels to caption and tags.
        case pictures
        /// LLaVA-Mini beside LLaVA, as in the paper's table.
        case paper
    }

    /// The part of the benchmark that it belongs to.
    public var section: Section
    /// What was measured.
    public var name: String
    /// The figure that people compare.
    public var value: Double
    /// What `value` is counted in.
    public var unit: String
    /// Seconds of the quickest run; `nil` where nothing was timed.
    public var seconds: Double?
    /// How many runs there were.
    public var runs: Int?
    /// Operations of one run as the engine counted them, 2 a multiply-add.
    public var operations: UInt64?
    /// Bytes of weights that one run has to read.
    public var bytes: Int?
    /// What bounds it.
    public var ceiling: Ceiling?
    /// The least seconds that the ceilings allow a run.
    public var leastSeconds: Double?
    /// How much of what is possible was reached, 1 at best; more only where a cache holds what the
    /// ceiling supposes in memory, as with the demo's weights.
    ///
    /// In the paper's table, where there is no ceiling: how many times as much LLaVA takes.
    public var ratio: Double?
    /// What else there is to know.
    public var note: String?

    /// Describes something measured.
    public init(_ section: Section, _ name: String, value: Double, unit: String) {
        self.section = section
        self.name = name
        self.value = value
        self.unit = unit
    }

    /// A figure about runs of known work.
    ///
    /// - Parameters:
    ///   - section: The part of the benchmark.
    ///   - name: What was measured.
    ///   - items: How many of `unit`'s things a run does.
    ///   - unit: A rate, such as `tokens/s`, or `s` for the time itself.
    ///   - measured: The runs.
    ///   - work: What a run has to do at the least.
    init(
        _ section: Section, _ name: String, items: Double = 1, unit: String,
        _ measured: Measurement, work: Work
    ) {
        let value = unit == "s" ? measured.seconds : items / measured.seconds
        self.init(section, name, value: value, unit: unit)
        seconds = measured.seconds
        runs = measured.runs
        operations = measured.operations
        bytes = Int(work.phases.reduce(0) { $0 + $1.bytes })
        ceiling = work.bound(measured.ceilings)
        leastSeconds = work.leastSeconds(measured.ceilings)
        ratio = leastSeconds.map { $0 / measured.seconds }
    }
}
