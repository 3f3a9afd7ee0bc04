import Foundation

/// Colours for a terminal, and none where NO_COLOR is set or a program reads (no-color.org).
enum Style {
    private static let isEnabled =
        StandardOutput.isTerminal
        && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// For what stands out.
    static func bold(_ text: String) -> String { wrap(text, "1") }
    /// For what is of lesser importance.
    static func dim(_ text: String) -> String { wrap(text, "2") }
    /// For what went wrong.
    static func red(_ text: String) -> String { wrap(text, "31") }
    /// For what is in order.
    static func green(_ text: String) -> String { wrap(text, "32") }

    private static func wrap(_ text: String, _ code: String) -> String {
        isEnabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
