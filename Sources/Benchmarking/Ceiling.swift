import CBench

/// What a processor cannot exceed, whatever the program.
public enum Ceiling: String, Codable, CaseIterable, Sendable {
    /// Multiplying bytes and adding them up.
    case int8
    /// The same in bfloat16.
    case bfloat16
    /// The same in single precision.
    case float32
    /// Reading memory.
    case memory

    /// What a rate of it is counted in.
    public var unit: String { self == .memory ? "GB/s" : "GFLOP/s" }

    /// The instructions that its loop is made of; `nil` where the processor has none for it.
    public var instructions: String? {
        guard let numbers else { return "streaming read" }
        return vb_loop_name(numbers).map { String(cString: $0) }
    }

    /// What the loops in C call it.
    var numbers: vb_numbers? {
        switch self {
        case .int8: VB_INT8
        case .bfloat16: VB_BFLOAT16
        case .float32: VB_FLOAT32
        case .memory: nil
        }
    }
}

/// Ceilings as they were measured: operations or bytes a second.
public struct CeilingRates: Equatable, Sendable {
    private var rates: [Ceiling: Double]

    /// Takes measured rates.
    public init(_ rates: [Ceiling: Double] = [:]) { self.rates = rates }

    /// The rate of a ceiling; `nil` where it was not measured or cannot be.
    public subscript(ceiling: Ceiling) -> Double? { rates[ceiling] }

    /// Keeps the higher of two measurements of each ceiling: whatever disturbs only lowers them.
    public mutating func raise(to other: CeilingRates) {
        rates.merge(other.rates) { max($0, $1) }
    }
}
