/// The model cannot be loaded at present; the same pictures can be described once it can be.
public struct ModelUnavailable: Error, CustomStringConvertible {
    /// What loading failed with.
    public let cause: any Error

    /// What is wrong, where, and what to do, as far as the cause says it.
    public var description: String { "\(cause)" }
}

/// The model's files changed while they were read.
struct ModelChanged: Error, CustomStringConvertible {
    let description: String
}
