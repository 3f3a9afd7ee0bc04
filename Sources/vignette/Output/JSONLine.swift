import Foundation

/// One object a line, keys in order, for programs.
enum JSONLine {
    /// Encodes and writes a value.
    static func write(_ value: some Encodable) throws {
        StandardOutput.write(try text(value))
    }

    /// The line, ended.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
