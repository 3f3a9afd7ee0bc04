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
    /// How soon to look again for what could not be forgotten yet.
    private static let recheck: TimeInterval = 1

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
        let seconds = grace / .seconds(1)
        do {
            _ = try catalogue.removeExpired(missingBefore: Date() - seconds)
            // What is due and still there waits for open jobs, each of which may claim it.
            return try catalogue.earliestExpiry().map { max($0 + seconds, Date() + Self.recheck) }
        } catch {
            logger.error("\(error)")
            return Date() + Self.pause
        }
    }

    private func pauseAndRescan() {
        news.pause(for: .seconds(Self.pause))
        if !news.stopped { rescan() }
    }
}
