/// What has to be done at the least: operations that cannot be left out, and bytes that have to
/// come from memory once.
public struct Work: Equatable, Sendable {
    /// A part of the work whose reading and multiplying can go on at the same time.
    public struct Phase: Equatable, Sendable {
        /// Operations, 2 a multiply-add.
        public var operations: Double
        /// Bytes read from memory.
        public var bytes: Double

        /// Describes a phase.
        public init(operations: Double = 0, bytes: Double = 0) {
            self.operations = operations
            self.bytes = bytes
        }
    }

    /// What multiplies: the numbers that the weights are multiplied as.
    public var arithmetic: Ceiling
    /// Phases that follow one another.
    public var phases: [Phase]

    /// Describes work.
    public init(arithmetic: Ceiling, phases: [Phase]) {
        self.arithmetic = arithmetic
        self.phases = phases
    }

    /// The seconds that the ceilings allow: in each phase the slower of the two (the roofline model
    /// of Williams, Waterman and Patterson, 2009).
    ///
    /// - Returns: `nil` where a ceiling that counts was not measured.
    public func leastSeconds(_ rates: CeilingRates) -> Double? {
        guard let multiplying = rates[arithmetic], let reading = rates[.memory] else { return nil }
        return phases.reduce(0) {
            $0 + max($1.operations / multiplying, $1.bytes / reading)
        }
    }

    /// The ceiling that bounds most of the time.
    ///
    /// - Returns: `nil` where a ceiling that counts was not measured.
    public func bound(_ rates: CeilingRates) -> Ceiling? {
        guard let multiplying = rates[arithmetic], let reading = rates[.memory] else { return nil }
        var (arithmeticSeconds, memorySeconds) = (0.0, 0.0)
        for phase in phases {
            let (first, second) = (phase.operations / multiplying, phase.bytes / reading)
            if first >= second { arithmeticSeconds += first } else { memorySeconds += second }
        }
        return arithmeticSeconds >= memorySeconds ? arithmetic : .memory
    }
}
