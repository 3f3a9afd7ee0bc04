import Foundation

/// Runs blocking work on a thread of its own while a test looks at it, and ends it whatever the test finds:
/// a test that fails must not wait for work that nobody stops.
///
/// - Parameters:
///   - work: The work; begins at once.
///   - stop: Asks it to end.
///   - body: What the test does meanwhile.
/// - Throws: What `body` throws, or else what the work throws.
public func whileRunning(
    _ work: @escaping @Sendable () throws -> Void, stop: () -> Void,
    _ body: () async throws -> Void
) async throws {
    let (endings, ending) = AsyncStream<Result<Void, any Error>>.makeStream()
    Thread {
        ending.yield(Result { try work() })
        ending.finish()
    }.start()
    do {
        try await body()
    } catch {
        stop()
        for await _ in endings {}
        throw error
    }
    stop()
    for await result in endings { try result.get() }
}
