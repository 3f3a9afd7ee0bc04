import Synchronization

/// Whether a request is still wanted, and who hears how far it is.
public final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        var handlers: [Int: @Sendable () -> Void] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    private let onProgress: (@Sendable (Int, Int, String) -> Void)?

    /// A request that is wanted.
    ///
    /// - Parameter progress: Told what is done, of how much, and what that is; `nil` where nobody wants to know.
    public init(progress: (@Sendable (Int, Int, String) -> Void)? = nil) {
        onProgress = progress
    }

    /// Says how far it is; what is done only rises.
    public func tell(_ done: Int, of total: Int, _ message: String) {
        guard !isCancelled else { return }
        onProgress?(done, total, message)
    }

    /// Whether it is wanted no more.
    public var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Ends here if it is wanted no more.
    ///
    /// - Throws: `CancellationError`.
    public func check() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Says that it is wanted no more; what was registered is called, on this thread.
    public func cancel() {
        state.withLock { state in
            state.isCancelled = true
            // Under the lock, so that what they end is still there: `whileWanted` returns when they have.
            for handler in state.handlers.values { handler() }
            state.handlers = [:]
        }
    }

    /// Runs `body`; if the request is not wanted any more meanwhile, `handler` is called.
    ///
    /// The handler is short, and asks nothing of this object.
    ///
    /// - Throws: `CancellationError` where it was not wanted before; what `body` throws.
    public func whileWanted<Value>(
        onCancel handler: @escaping @Sendable () -> Void, _ body: () throws -> Value
    ) throws -> Value {
        let number: Int? = state.withLock { state in
            guard !state.isCancelled else { return nil }
            state.next += 1
            state.handlers[state.next] = handler
            return state.next
        }
        guard let number else { throw CancellationError() }
        defer { state.withLock { _ = $0.handlers.removeValue(forKey: number) } }
        return try body()
    }
}
