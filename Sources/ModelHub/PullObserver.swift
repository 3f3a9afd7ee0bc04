import Synchronization

/// What a pull says while it works.
public enum PullEvent: Sendable {
    /// A sentence about what is done now.
    case step(String)
    /// Something that did not work at once, and what is done about it.
    case notice(String)
    /// Bytes that are there, of all bytes that are needed; those found from an earlier run apart.
    case progress(done: Int64, found: Int64, total: Int64)
    /// A file that is complete and verified.
    case verified(String)
}

/// Gathers what the threads of a pull do, for whoever looks on.
final class PullObserver: Sendable {
    private let report: @Sendable (PullEvent) -> Void
    private let counts = Mutex(Counts())

    private struct Counts {
        var done: Int64 = 0
        var found: Int64 = 0
        var total: Int64 = 0
    }

    init(_ report: @escaping @Sendable (PullEvent) -> Void) { self.report = report }

    func say(_ event: PullEvent) { report(event) }

    func notice(_ error: HubError, pause: Duration) {
        let seconds = max(1, pause.components.seconds)
        report(.notice("\(error.subject): \(error.reason); trying again in \(seconds) s"))
    }

    /// More bytes are needed.
    func need(_ bytes: Int64) { change { $0.total += bytes } }

    /// Bytes were there already.
    func found(_ bytes: Int64) {
        change {
            $0.done += bytes
            $0.found += bytes
        }
    }

    /// Bytes came.
    func received(_ bytes: Int) { change { $0.done += Int64(bytes) } }

    /// Bytes that had come are needed anew.
    func lost(_ bytes: Int64) { change { $0.done -= bytes } }

    private func change(_ body: (inout Counts) -> Void) {
        let counts = counts.withLock { counts in
            body(&counts)
            return counts
        }
        report(.progress(done: counts.done, found: counts.found, total: counts.total))
    }
}
