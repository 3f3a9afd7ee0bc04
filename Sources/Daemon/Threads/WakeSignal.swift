import Foundation

/// Lets threads sleep until somebody has news for them, without polling.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class WakeSignal: @unchecked Sendable {
    private let condition = NSCondition()
    private var generation: UInt64 = 0
    private var isStopped = false

    /// A point in time to wait from: news after it end the wait at once.
    struct Mark: Sendable {
        fileprivate var generation: UInt64
    }

    /// Whether `stop` was called.
    var stopped: Bool {
        condition.lock()
        defer { condition.unlock() }
        return isStopped
    }

    /// Remembers the present, to be taken before looking for work.
    func mark() -> Mark {
        condition.lock()
        defer { condition.unlock() }
        return Mark(generation: generation)
    }

    /// Wakes everybody who waits.
    func notify() {
        condition.lock()
        defer { condition.unlock() }
        generation &+= 1
        condition.broadcast()
    }

    /// Wakes everybody, for good.
    func stop() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.broadcast()
    }

    /// Lets time pass, whatever the news, but for the stop.
    func pause(for duration: Duration) {
        let end = Date() + duration / .seconds(1)
        while Date() < end, !stopped { wait(since: mark(), until: end) }
    }

    /// Sleeps until news after `mark`, the deadline, or the stop.
    func wait(since mark: Mark, until deadline: Date?) {
        condition.lock()
        defer { condition.unlock() }
        while generation == mark.generation && !isStopped {
            if let deadline {
                if !condition.wait(until: deadline) { return }
            } else {
                condition.wait()
            }
        }
    }
}
