import Foundation
import Logging

/// Messages as JSON objects, one a line: `time`, `level`, `message`, and what else is known by its own key.
struct JSONLog: LogSink {
    func write(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) {
        StandardError.write(Self.line(level, message, metadata, at: Date()))
    }

    /// The line, ended.
    static func line(
        _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, at time: Date
    ) -> String {
        var values: [String: LoggedValue] = metadata.mapValues(LoggedValue.init)
        values["time"] = .text(
            time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        values["level"] = .text(level.rawValue)
        values["message"] = .text(message)
        // What is made of texts and finite numbers can be encoded.
        return (try? JSONLine.text(values)) ?? ""
    }
}

/// A value beside a message, with its kind.
enum LoggedValue: Encodable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case list([LoggedValue])
    case values([String: LoggedValue])

    /// Takes a logger's value.
    init(_ value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): self = .text(text)
        case .stringConvertible(let value as any BinaryInteger):
            self = .integer(Int64(clamping: value))
        case .stringConvertible(let value as Double) where value.isFinite: self = .number(value)
        case .stringConvertible(let value): self = .text(value.description)
        case .array(let values): self = .list(values.map(LoggedValue.init))
        case .dictionary(let values): self = .values(values.mapValues(LoggedValue.init))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .list(let values): try container.encode(values)
        case .values(let values): try container.encode(values)
        }
    }
}
