/// Elapsed time.
enum Stopwatch {
    /// Runs something and says how many seconds it took.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure { try body() } / .seconds(1)
    }
}
