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
        let elapsed = (now - start) / .seconds(1)
        let line = ByteBar.line(
            action, done: Int64(done), total: Int64(total),
            rate: elapsed > 0 ? Double(done) / elapsed : 0)
        StandardError.write("\r\u{1B}[K\(line)")
    }
}
