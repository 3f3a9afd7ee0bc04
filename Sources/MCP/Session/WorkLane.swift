import Foundation

/// A thread that does one piece of work after the other, with a bounded number of them before it.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class WorkLane: @unchecked Sendable {
    /// Does a piece of work, and returns what tells its end, by which time there is room for the next.
    typealias Job = @Sendable () -> @Sendable () -> Void

    private let condition = NSCondition()
    private let capacity: Int
    private var jobs: [Job] = []
    private var isWorking = false
    private var isTelling = false
    private var isStopped = false

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: The thread's.
    ///   - capacity: How many pieces of work may be there, the one in hand among them.
    init(_ name: String, capacity: Int) {
        self.capacity = capacity
        let thread = Thread { [self] in
            while let job = next() {
                let tell = job()
                change {
                    isWorking = false; isTelling = true
                }
                tell()
                change { isTelling = false }
            }
        }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Hands work over.
    ///
    /// - Returns: Whether it was taken; it is not where too much is there already.
    func submit(_ job: @escaping Job) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopped, jobs.count + (isWorking ? 1 : 0) < capacity else { return false }
        jobs.append(job)
        condition.broadcast()
        return true
    }

    /// Waits until nothing is left to do.
    ///
    /// - Returns: Whether that is so; `false` after `seconds`.
    func isIdle(within seconds: Double) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while isBusy {
            guard condition.wait(until: end) else { return !isBusy }
        }
        return true
    }

    private var isBusy: Bool { isWorking || isTelling || !jobs.isEmpty }

    /// Ends the thread when it has done what it was handed.
    func stop() { change { isStopped = true } }

    private func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isStopped { condition.wait() }
        guard !jobs.isEmpty else { return nil }
        isWorking = true
        return jobs.removeFirst()
    }

    private func change(_ body: () -> Void) {
        condition.lock()
        defer { condition.unlock() }
        body()
        condition.broadcast()
    }
}
