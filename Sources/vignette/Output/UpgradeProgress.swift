import Catalogue
import Logging
import Synchronization

/// Says how far an older catalogue has been brought up to date: a line on a terminal, elsewhere a
/// message for each tenth.
final class UpgradeProgress: Sendable {
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var line: TerminalLine
        /// The last percentage that was logged.
        var logged: Int?

        /// Whether another tenth is done, or all of it.
        func isNews(_ percentage: Int) -> Bool {
            guard let logged else { return true }
            return percentage >= logged + 10 || percentage >= 100 && logged < 100
        }
    }

    init(_ logger: Logger, isTerminal: Bool = StandardError.isTerminal) {
        self.logger = logger
        state = Mutex(State(line: TerminalLine(isEnabled: isTerminal)))
    }

    /// Takes note of how far it is.
    func show(_ progress: MigrationProgress) {
        let percentage = progress.total > 0 ? progress.done * 100 / progress.total : 100
        let line = "bringing the catalogue up to date: \(percentage) %"
        state.withLock { state in
            if state.line.isEnabled {
                percentage < 100 ? state.line.draw(line) : state.line.clear()
            } else if state.isNews(percentage) {
                state.logged = percentage
                logger.notice("\(line)")
            }
        }
    }
}
