import Foundation
import Logging

/// Messages on standard error, one line each.
enum Log {
    /// A logger for the program.
    ///
    /// - Parameter level: The least severe message that is said.
    /// - Returns: A logger that writes to standard error.
    static func make(level: String) -> Logger {
        var logger = Logger(label: "vignette") { _ in LineHandler() }
        logger.logLevel = Logger.Level(rawValue: level) ?? .notice
        return logger
    }

    /// Level and text; the journal adds time and program itself.
    private struct LineHandler: LogHandler {
        var logLevel: Logger.Level = .notice
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let text = event.message.description.replacing("\n", with: "\n  ")
            StandardError.write("vignette: \(event.level): \(text)\n")
        }
    }
}
