import Daemon
import Foundation
import Logging

/// Messages on standard error, one line each, or in the system's journal with fields of their own.
enum Log {
    /// A logger for the program.
    ///
    /// - Parameters:
    ///   - settings: With the least severe message that is said, and how messages are written.
    ///   - environment: What says whether the journal reads standard error.
    /// - Returns: A logger.
    static func make(
        _ settings: Settings, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Logger {
        let sink = sink(settings.logFormat, environment)
        var logger = Logger(label: "vignette") { _ in SinkHandler(sink: sink) }
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .notice
        return logger
    }

    private static func sink(_ format: LogFormat, _ environment: [String: String]) -> any LogSink {
        if format == .json { return JSONLog() }
        guard JournalStream.isStandardError(environment) else { return LineLog(hasPriority: false) }
        let lines = LineLog(hasPriority: true)
        return JournalSocket().map { JournalLog(socket: $0, otherwise: lines) } ?? lines
    }
}

/// Where messages end.
protocol LogSink: Sendable {
    /// Takes a message with all that is known of it.
    func write(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata)
}

/// Joins what a logger and a message know, and hands them on.
private struct SinkHandler: LogHandler {
    let sink: any LogSink
    var logLevel: Logger.Level = .notice
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        sink.write(event.level, event.message.description, all)
    }
}

/// Lines for people: level and text; the journal adds time and program itself.
struct LineLog: LogSink {
    /// Whether `<6>` stands before a line, by which the journal tells its level (sd-daemon(3)).
    let hasPriority: Bool

    func write(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) {
        let mark = hasPriority ? "<\(level.priority)>" : ""
        // The journal takes each line for a message.
        let text = message.replacing("\n", with: "\n\(mark)  ")
        StandardError.write("\(mark)vignette: \(level): \(text)\n")
    }
}

extension Logger.Level {
    /// The level as syslog(3) counts, from 0, the most severe, to 7.
    var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
