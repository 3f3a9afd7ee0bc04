/// One line on standard error that is drawn anew over itself, at most ten times a second; nothing
/// where standard error is no terminal.
struct TerminalLine {
    /// Whether anything is drawn at all.
    let isEnabled: Bool
    private var lastDrawn: ContinuousClock.Instant?
    private var isShown = false
    private static let pause: Duration = .milliseconds(100)
    private static let erasing = "\r\u{1B}[K"

    /// Begins with nothing on the line.
    init(isEnabled: Bool = StandardError.isTerminal) { self.isEnabled = isEnabled }

    /// Draws a text in place of the last one, unless that has stood for less than a tenth of a second.
    mutating func draw(_ text: @autoclosure () -> String) {
        guard isEnabled else { return }
        let now = ContinuousClock.now
        if let lastDrawn, now - lastDrawn < Self.pause { return }
        lastDrawn = now
        StandardError.write(Self.erasing + text())
        isShown = true
    }

    /// Removes the line, before other output and at the end.
    mutating func clear() {
        guard isShown else { return }
        StandardError.write(Self.erasing)
        isShown = false
    }

    /// A bar of 24 characters of which a share, 0 … 1, is filled.
    static func bar(_ share: Double) -> String {
        let width = 24
        let filled = Int(min(1, max(0, share)) * Double(width))
        return String(repeating: "━", count: filled)
            + String(repeating: "╌", count: width - filled)
    }
}
