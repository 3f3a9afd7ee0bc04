import Catalogue
import Foundation

/// A line on standard error that says how far long work has come, how fast, and how long it still
/// takes; nothing where standard error is no terminal.
struct ProgressBar {
    private var line: TerminalLine

    /// Begins with nothing on the line.
    init(isEnabled: Bool = StandardError.isTerminal) { line = TerminalLine(isEnabled: isEnabled) }

    /// Redraws the line; removes it where nothing is left.
    mutating func update(_ progress: WorkProgress) {
        guard progress.left > 0 else { return clear() }
        line.draw(Self.line(progress))
    }

    /// Removes the line, before other output and at the end.
    mutating func clear() { line.clear() }

    /// The line's text.
    ///
    /// What is new is done first, then what is redone, then what only makes pictures findable: the bar is that
    /// of the first of which something is left.
    ///
    /// - Parameter progress: How far the work is.
    /// - Returns: One line without its end.
    static func line(_ progress: WorkProgress) -> String {
        let parts: [(part: WorkProgress.Part, what: String)] = [
            (progress.new, ""), (progress.redo, "again"),
            (progress.embeddings, "for search by meaning"),
        ]
        let left = parts.filter { $0.part.left > 0 }
        let (part, what) = left.first ?? parts[0]
        let share = part.total > 0 ? Double(part.done) / Double(part.total) : 0
        let more = left.dropFirst().map { "; then \(self.left($0.part, of: $0.what))" }.joined()
        let done = what.isEmpty ? "" : what + " "
        return "\(TerminalLine.bar(share)) \(done)\(part.done) of \(part.total)\(pace(part))\(more)"
    }

    /// What is left, such as `70 again, 5 h 10 min left`.
    private static func left(_ part: WorkProgress.Part, of what: String) -> String {
        "\(part.left) \(what)" + (part.secondsLeft.map { ", \(time($0)) left" } ?? "")
    }

    /// How fast it goes and how long it takes, as far as that is known: `  2.0/s, 3 s left`.
    static func pace(_ part: WorkProgress.Part) -> String {
        let parts = [
            part.rate.map(rate), part.left > 0 ? part.secondsLeft.map { "\(time($0)) left" } : nil,
        ].compactMap { $0 }
        return parts.isEmpty ? "" : "  " + parts.joined(separator: ", ")
    }

    /// A rate as `25.0/s`, or `3.5/min` where it is slow.
    static func rate(_ rate: Double) -> String {
        rate >= 1 || rate == 0
            ? String(format: "%.1f/s", rate) : String(format: "%.1f/min", rate * 60)
    }

    /// Seconds as `42 s`, `3 min 20 s` or `5 h 10 min`.
    static func time(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(.up), 3.6e9))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
