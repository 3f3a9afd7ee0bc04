import Foundation

/// A line on standard error that says how far long work has come, how fast, and how long it still
/// takes; nothing where standard error is no terminal.
struct ProgressBar {
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private let isEnabled: Bool

    /// Begins to measure.
    init(isEnabled: Bool = StandardError.isTerminal) { self.isEnabled = isEnabled }

    /// Redraws the line, at most ten times a second.
    mutating func update(done: Int, total: Int) {
        let now = ContinuousClock.now
        if let lastDrawn, now - lastDrawn < .milliseconds(100), done < total { return }
        lastDrawn = now
        guard isEnabled else { return }
        let elapsed = (now - start) / .seconds(1)
        StandardError.write("\r\u{1B}[K" + Self.line(done: done, total: total, elapsed: elapsed))
    }

    /// Removes the line, before other output and at the end.
    func clear() {
        guard isEnabled, lastDrawn != nil else { return }
        StandardError.write("\r\u{1B}[K")
    }

    /// The line's text.
    ///
    /// - Parameters:
    ///   - done: Files that are through.
    ///   - total: All files.
    ///   - elapsed: Seconds since the start.
    /// - Returns: One line without its end.
    static func line(done: Int, total: Int, elapsed: Double) -> String {
        let width = 24
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
        let filled = Int(share * Double(width))
        let bar =
            String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
        let rate = elapsed > 0 ? Double(done) / elapsed : 0
        let rateText =
            rate >= 1 || rate == 0
            ? String(format: "%.1f/s", rate) : String(format: "%.1f/min", rate * 60)
        let left =
            rate > 0 && total > done ? ", \(time(Double(total - done) / rate)) left" : ""
        return "\(bar) \(done) of \(total)  \(rateText)\(left)"
    }

    /// Seconds as `42 s`, `3 min 20 s` or `5 h 10 min`.
    static func time(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(.up), 3.6e9))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
