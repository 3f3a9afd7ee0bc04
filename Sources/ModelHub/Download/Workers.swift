import Foundation
import Synchronization

/// Threads that do the same work side by side.
enum Workers {
    /// Runs a body on several threads and waits for all.
    ///
    /// - Parameters:
    ///   - count: How many threads.
    ///   - stop: Is raised as soon as one fails, so that the others leave off.
    ///   - body: What each does.
    /// - Throws: The first error that is not merely another thread's leaving off.
    static func run(
        _ count: Int, stop: StopSignal, _ body: @escaping @Sendable () throws -> Void
    ) throws {
        let state = State(running: count)
        for index in 0..<count {
            let thread = Thread {
                do {
                    try body()
                    state.finish(nil)
                } catch {
                    stop.raise()
                    state.finish(error)
                }
            }
            thread.name = "transfer-\(index)"
            thread.start()
        }
        if let error = state.wait() { throw error }
    }

    /// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
    private final class State: @unchecked Sendable {
        private let condition = NSCondition()
        private var running: Int
        private var failure: (any Error)?

        init(running: Int) { self.running = running }

        func finish(_ error: (any Error)?) {
            condition.lock()
            defer { condition.unlock() }
            running -= 1
            if failure == nil || failure is CancellationError { failure = error ?? failure }
            condition.broadcast()
        }

        func wait() -> (any Error)? {
            condition.lock()
            defer { condition.unlock() }
            while running > 0 { condition.wait() }
            return failure
        }
    }
}
