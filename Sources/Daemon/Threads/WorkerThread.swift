import Foundation

/// Runs blocking or computing work on a thread of its own and lets asynchronous code wait for it.
///
/// Swift's cooperative pool has one thread a core; work that blocks there stalls everything else.
public enum WorkerThread {
    /// Runs `body` on a new thread and returns what it returned.
    ///
    /// - Parameters:
    ///   - name: Shown by tools such as `top -H`; the kernel keeps 15 characters.
    ///   - body: The work.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws.
    public static func run<Result: Sendable>(
        _ name: String, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(with: Swift.Result { try body() })
            }
            thread.name = name
            // Deep call chains of regular expressions and decoders; pages count once touched.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
