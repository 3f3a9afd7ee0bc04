import Catalogue
import Logging
import Synchronization

/// Says how far an older catalogue has been brought up to date: a line on a terminal, elsewhere a
/// message for each tenth.
final class UpgradeProgress: Sendable {
    private let logger: Logger
    private let isTerminal: Bool
    /// The last percentage that was told.
    private let told = Mutex<Int?>(nil)

    init(_ logger: Logger, isTerminal: Bool = StandardError.isTerminal) {
        self.logger = logger
        self.isTerminal = isTerminal
    }

    /// Takes note of how far it is.
    func show(_ progress: MigrationProgress) {
        let percentage = progress.total > 0 ? progress.done * 100 / progress.total : 100
        let isNews = told.withLock { told in
            let step = isTerminal ? 1 : 10
            if let last = told, percentage < last + step, percentage < 100 || last == 100 {
                return false
            }
            told = percentage
            return true
        }
        guard isNews else { return }
        let line = "bringing the catalogue up to date: \(percentage) %"
        guard isTerminal else { return logger.notice("\(line)") }
        StandardError.write("\r\u{1B}[K" + (percentage < 100 ? line : ""))
    }
}
