import Catalogue
import Foundation
import Logging

/// Forgets files whose grace is over, and makes up for what could not be recorded.
///
/// Runs on a thread of its own and sleeps until the next deadline; without one, until news.
struct Housekeeper {
    let catalogue: Catalogue
    let grace: Duration
    let news: WakeSignal
    let recorder: WatchEventRecorder
    let rescan: @Sendable () -> Void
    let logger: Logger
    /// Called when files were removed: what one of them stood for may now be wanted by itself.
    var onRemoval: @Sendable () -> Void = {}
    /// How long to wait after the catalogue could not be written.
    var pause = Duration.seconds(15)

    /// Works until the signal stops.
    func run() {
        while !news.stopped {
            let mark = news.mark()
            if recorder.hasArrears { makeUp() }
            news.wait(since: mark, until: forgetWhatIsDue())
        }
    }

    /// Forgets what is due.
    ///
    /// What is due but waits for open jobs, each of which may claim it, is looked at again with the next
    /// news, which the end of the last job is.
    ///
    /// - Returns: When to look again, if anything is missing.
    func forgetWhatIsDue() -> Date? {
        let now = Date()
        do {
            if try catalogue.removeExpired(grace: grace, at: now).files > 0 { onRemoval() }
            return try catalogue.nextWakeUp(after: now, grace: grace)
        } catch {
            logger.error("\(error)")
            return now + pause / .seconds(1)
        }
    }

    /// Tries until the states of all roots are written, then has the folders looked through for what
    /// was lost.
    func makeUp() {
        while !news.stopped {
            news.pause(for: pause)
            guard !news.stopped, recorder.writeStates() else { continue }
            if recorder.takeRescanRequest() { rescan() }
            return
        }
    }
}
