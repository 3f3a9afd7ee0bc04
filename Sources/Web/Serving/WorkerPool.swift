import Daemon
import Foundation

/// A few threads for what blocks and computes, with a bounded number of jobs before them.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class WorkerPool: @unchecked Sendable {
    /// Which of the waiting jobs comes next.
    enum Order: Sendable {
        /// The one that has waited longest.
        case first
        /// The one that came last, since people have scrolled on from the others.
        case last
    }

    private let condition = NSCondition()
    private var jobs: [@Sendable () -> Void] = []
    private var isStopped = false
    private let capacity: Int
    private let order: Order
    private let threads = ThreadGroup()

    /// Starts threads.
    init(_ name: String, threads count: Int, capacity: Int, order: Order) {
        (self.capacity, self.order) = (capacity, order)
        for number in 1...count {
            threads.start("\(name)-\(number)") { [self] in
                while let job = next() { job() }
            }
        }
    }

    /// Hands a job over.
    ///
    /// - Returns: Whether it was taken; it is not where too many wait.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopped, jobs.count < capacity else { return false }
        jobs.append(job)
        condition.signal()
        return true
    }

    /// Lets what runs end and drops what waits; returns when no thread is left.
    func stop() {
        condition.lock()
        isStopped = true
        jobs = []
        condition.broadcast()
        condition.unlock()
        try? threads.wait()
    }

    private func next() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isStopped { condition.wait() }
        guard !isStopped else { return nil }
        return order == .first ? jobs.removeFirst() : jobs.removeLast()
    }
}
