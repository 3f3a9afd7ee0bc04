import Tensor

/// Runs of the same thing: the quickest counts, since whatever disturbs only slows.
struct Measurement {
    /// Seconds of the quickest run.
    let seconds: Double
    /// How many runs there were.
    let runs: Int
    /// Operations of one run, as the engine counted them.
    let operations: UInt64
    /// The highest ceilings seen between the runs.
    let ceilings: CeilingRates
}

extension Measurement {
    /// Runs something a few times, with the ceilings measured before each run and after the last.
    ///
    /// - Parameters:
    ///   - runs: How often, at least once.
    ///   - meter: Measures the ceilings.
    ///   - arithmetic: The ceiling of what multiplies.
    ///   - body: What is measured; does the same every time.
    /// - Returns: The quickest run, beside the highest ceilings.
    /// - Throws: What `body` throws.
    static func take(
        runs: Int, meter: CeilingMeter, arithmetic: Ceiling, _ body: () throws -> Void
    ) rethrows -> Measurement {
        var best = Double.infinity
        var operations: UInt64 = 0
        var ceilings = meter.sample([arithmetic, .memory])
        for _ in 0..<max(runs, 1) {
            let before = OperationCount.total
            best = min(best, try Stopwatch.seconds(body))
            operations = OperationCount.total - before
            ceilings.raise(to: meter.sample([arithmetic, .memory]))
        }
        return Measurement(
            seconds: best, runs: max(runs, 1), operations: operations, ceilings: ceilings)
    }
    /// One of the equal parts that each run was made of.
    func part(of count: Int) -> Measurement {
        Measurement(
            seconds: seconds / Double(count), runs: runs, operations: operations / UInt64(count),
            ceilings: ceilings)
    }
}
