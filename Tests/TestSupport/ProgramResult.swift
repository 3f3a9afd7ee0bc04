public import Foundation

/// How a program ended.
public enum ProgramEnding: Equatable, Sendable {
    /// By itself, with a status.
    case exited(Int32)
    /// By a signal.
    case signalled(Int32)
}

/// What a program that ended has left.
public struct ProgramResult: Sendable, CustomStringConvertible {
    /// The program with its arguments, for messages.
    public let command: String
    /// How it ended.
    public let ending: ProgramEnding
    /// Everything on standard output.
    public let output: Data
    /// Everything on standard error.
    public let errors: Data

    /// The exit status; `nil` if a signal ended it.
    public var status: Int32? {
        guard case .exited(let status) = ending else { return nil }
        return status
    }

    /// Standard output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }

    /// Standard error as text.
    public var errorText: String { String(decoding: errors, as: UTF8.self) }

    /// The lines of standard output.
    public var lines: [String] { Self.lines(text) }

    /// The lines of standard error.
    public var errorLines: [String] { Self.lines(errorText) }

    /// The lines of standard error that report a failure; what a logger says of a lesser matter,
    /// such as that a model's captions mean nothing, has its level in front.
    public var complaints: [String] {
        let levels = ["warning", "notice", "info", "debug", "trace"]
        return errorLines.filter { line in
            !levels.contains { line.hasPrefix("vignette: \($0): ") }
        }
    }

    /// All of it, for the message of a failed test.
    public var description: String {
        "\(command): \(ending)\n--- output\n\(text.suffix(4000))\n--- errors\n"
            + errorText.suffix(4000)
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }
}
