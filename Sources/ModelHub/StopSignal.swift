import Foundation

/// Tells threads that wait or work to leave off.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class StopSignal: @unchecked Sendable {
    private let condition = NSCondition()
    private var isRaised = false

    /// Asks for the end, for good.
    func raise() {
        condition.lock()
        defer { condition.unlock() }
        isRaised = true
        condition.broadcast()
    }

    /// Ends the work where it is no longer wanted.
    ///
    /// - Throws: `CancellationError`.
    func check() throws {
        condition.lock()
        defer { condition.unlock() }
        if isRaised { throw CancellationError() }
    }

    /// Waits.
    ///
    /// - Throws: `CancellationError` as soon as the end is asked for.
    func sleep(_ duration: Duration) throws {
        let deadline = Date(timeIntervalSinceNow: duration / .seconds(1))
        condition.lock()
        defer { condition.unlock() }
        while !isRaised {
            if !condition.wait(until: deadline) { break }
        }
        if isRaised { throw CancellationError() }
    }
}
