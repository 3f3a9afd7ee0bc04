/// Why there is nothing to measure: what is wrong and what to do.
public struct BenchmarkError: Error, Equatable, CustomStringConvertible, Sendable {
    /// A sentence for people.
    public let description: String

    init(_ description: String) { self.description = description }
}
