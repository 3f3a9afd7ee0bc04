import Foundation

/// Threads that work together: blocking and computing run here, one thread a task.
///
/// Swift's cooperative pool is not for blocking, and its base, libdispatch, wakes up once a second on
/// Linux from its first use on to count its workers; a daemon at rest must not wake at all.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
public final class ThreadGroup: @unchecked Sendable {
    private let condition = NSCondition()
    private var running = 0
    private var firstError: (any Error)?
    private let onEnd: @Sendable () -> Void

    /// Makes an empty group.
    ///
    /// - Parameter onEnd: Called when any thread ends, on that thread; asks the others to end too.
    public init(onEnd: @escaping @Sendable () -> Void = {}) {
        self.onEnd = onEnd
    }

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: Shown by debuggers; the kernel keeps 15 characters.
    ///   - body: The work; an error is kept for `wait`.
    public func start(_ name: String, _ body: @escaping @Sendable () throws -> Void) {
        condition.lock()
        running += 1
        condition.unlock()
        let thread = Thread { [self] in
            Thread.current.name = name
            let result = Result { try body() }
            onEnd()
            finish(result)
        }
        // Deep call chains of codecs and regular expressions; pages count once touched.
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Blocks until every thread has ended.
    ///
    /// - Throws: The first error that ended one.
    public func wait() throws {
        condition.lock()
        defer { condition.unlock() }
        while running > 0 { condition.wait() }
        if let firstError { throw firstError }
    }

    private func finish(_ result: Result<Void, any Error>) {
        condition.lock()
        defer { condition.unlock() }
        running -= 1
        if case .failure(let error) = result, firstError == nil { firstError = error }
        condition.broadcast()
    }
}
