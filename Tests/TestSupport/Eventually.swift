/// A condition that a test waited for did not come true.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What was waited for, and how long.
    public let description: String

    /// Builds the error.
    public init(description: String) { self.description = description }
}

/// Waits until a condition holds, looking often, without blocking a thread.
///
/// - Parameters:
///   - what: The condition in words, for the message.
///   - bound: How long to wait: generous, for a slow machine, since only a failure takes that long.
///   - interval: The time between two looks.
///   - condition: Says whether it holds.
/// - Throws: `NeverHappened`, or what `condition` throws.
public func eventually(
    _ what: @autoclosure () -> String, within bound: Duration = .seconds(90),
    every interval: Duration = .milliseconds(20), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + bound
    var looks = 0
    while true {
        if try await condition() { return }
        looks += 1
        // Beside many other tests a look may come late; that must not make it the last one.
        guard ContinuousClock.now < deadline || looks < fewestLooks else {
            throw NeverHappened(description: "within \(bound): \(what())")
        }
        try await Task.sleep(for: interval)
    }
}

/// How often a condition is looked at before it counts as never met, however long that takes.
private let fewestLooks = 250
