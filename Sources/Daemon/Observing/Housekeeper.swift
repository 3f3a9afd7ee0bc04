import Catalogue
import Foundation
import Logging

/// Forgets files whose grace is over, and asks for the rescans that lost observations call for.
///
/// Runs on a thread of its own and sleeps until the next deadline; without one, until news.
struct Housekeeper {
    let catalogue: Catalogue
    let grace: Duration
    let news: WakeSignal
    let recorder: WatchEventRecorder
    let rescan: @Sendable () -> Void
    let logger: Logger
    /// How long to wait after the catalogue could not be written.
    private static let pause: TimeInterval = 15

    /// Works until the signal stops.
    func run() {
        while !news.stopped {
            let mark = news.mark()
            if recorder.takeRescanRequest() { pauseAndRescan() }
            news.wait(since: mark, until: nextDeadline())
        }
    }

    /// Forgets what is due.
    ///
    /// - Returns: When to look again, if anything is missing.
    private func nextDeadline() -> Date? {
        do {
            let now = Date()
            _ = try catalogue.removeExpired(grace: grace, at: now)
            return try catalogue.nextWakeUp(after: now, grace: grace)
        } catch {
            logger.error("\(error)")
            return Date() + Self.pause
        }
    }

    private func pauseAndRescan() {
        let deadline = Date() + Self.pause
        while Date() < deadline, !news.stopped {
            news.wait(since: news.mark(), until: deadline)
        }
        if !news.stopped { rescan() }
    }
}
