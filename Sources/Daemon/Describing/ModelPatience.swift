import Captioning
import Foundation
import Logging
import Synchronization

/// What to do when the model cannot be loaded again, since somebody removed it or is replacing it.
///
/// A daemon says so once and waits until there is one; a single pass gives up with the error.
final class ModelPatience: Sendable {
    private let captioner: Captioner
    private let isPatient: Bool
    private let signal: WakeSignal
    private let logger: Logger
    private let onPatience: @Sendable () -> Void
    private let pause: Duration
    private let hasSpoken = Mutex(false)

    /// Waits for a captioner's model.
    ///
    /// - Parameters:
    ///   - captioner: Whose model it is.
    ///   - isPatient: Whether to wait rather than to give up.
    ///   - signal: Ends the waiting when it stops.
    ///   - logger: Told when the model is missed and when it is back.
    ///   - pause: Time between two tries.
    ///   - onPatience: Called before each try: waiting is no reason for a watchdog to bite.
    init(
        captioner: Captioner, isPatient: Bool, signal: WakeSignal, logger: Logger,
        pause: Duration = .seconds(15), onPatience: @escaping @Sendable () -> Void
    ) {
        self.captioner = captioner
        self.isPatient = isPatient
        self.signal = signal
        self.logger = logger
        self.pause = pause
        self.onPatience = onPatience
    }

    /// Blocks until the model can be loaded again, or the pipeline stops.
    ///
    /// - Parameter error: Why it could not be.
    /// - Throws: `error`, for whoever has no patience.
    func wait(after error: ModelUnavailable) throws {
        guard isPatient else { throw error }
        let isNews = hasSpoken.withLock { hasSpoken in
            defer { hasSpoken = true }
            return !hasSpoken
        }
        if isNews {
            logger.error(
                "\(error); files wait until the model in \(captioner.folder) is there again")
        }
        while !signal.stopped {
            onPatience()
            signal.pause(for: pause)
            guard !signal.stopped, (try? captioner.loaded()) != nil else { continue }
            let wasMissed = hasSpoken.withLock { hasSpoken in
                defer { hasSpoken = false }
                return hasSpoken
            }
            if wasMissed { logger.notice("\(captioner.identity.label) is there: going on") }
            return
        }
    }
}
