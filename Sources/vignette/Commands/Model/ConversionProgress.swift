import ModelConversion

/// A line on standard error that says how far a conversion has come; nothing where standard error is
/// no terminal.
struct ConversionProgress {
    private let isEnabled: Bool
    private var start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private var isVerifying = false

    /// Begins to measure.
    init(isEnabled: Bool = StandardError.isTerminal) { self.isEnabled = isEnabled }

    /// Redraws the line, at most ten times a second.
    mutating func update(_ step: ModelConversion.Step) {
        guard isEnabled else { return }
        let now = ContinuousClock.now
        switch step {
        case .converting(let done, let total): draw("packing", done, total, now)
        case .verifying(let done, let total):
            // Reading back has a rate of its own.
            if !isVerifying { (start, lastDrawn, isVerifying) = (now, nil, true) }
            draw("reading back", done, total, now)
        }
    }

    /// Removes the line.
    func clear() {
        guard lastDrawn != nil else { return }
        StandardError.write("\r\u{1B}[K")
    }

    private mutating func draw(
        _ action: String, _ done: Int, _ total: Int, _ now: ContinuousClock.Instant
    ) {
        if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
        lastDrawn = now
        let line = Self.line(
            action, done: done, total: total, elapsed: (now - start) / .seconds(1))
        StandardError.write("\r\u{1B}[K\(line)")
    }

    /// The line's text.
    ///
    /// - Parameters:
    ///   - action: What is being done.
    ///   - done: Bytes that are through.
    ///   - total: All bytes.
    ///   - elapsed: Seconds since it began.
    /// - Returns: One line without its end.
    static func line(_ action: String, done: Int, total: Int, elapsed: Double) -> String {
        let width = 24
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
        let filled = Int(share * Double(width))
        let bar =
            String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
        let text =
            "\(bar) \(action) \(ByteText.size(Int64(done))) of \(ByteText.size(Int64(total)))"
        guard done > 0, elapsed > 0 else { return text }
        let rate = Double(done) / elapsed
        let left = total > done ? ", \(ProgressBar.time(Double(total - done) / rate)) left" : ""
        return "\(text)  \(ByteText.size(Int64(rate)))/s\(left)"
    }
}
