import ModelConversion

/// A line on standard error that says how far a conversion has come; nothing where standard error is
/// no terminal.
struct ConversionProgress {
    private var line: TerminalLine
    private var start = ContinuousClock.now
    private var isVerifying = false

    /// Begins to measure.
    init(isEnabled: Bool = StandardError.isTerminal) {
        line = TerminalLine(isEnabled: isEnabled)
    }

    /// Redraws the line.
    mutating func update(_ step: ModelConversion.Step) {
        switch step {
        case .converting(let done, let total): draw("packing", done, total)
        case .verifying(let done, let total):
            // Reading back has a rate of its own.
            if !isVerifying { (start, isVerifying) = (.now, true) }
            draw("reading back", done, total)
        }
    }

    /// Removes the line.
    mutating func clear() { line.clear() }

    private mutating func draw(_ action: String, _ done: Int, _ total: Int) {
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        line.draw(
            ByteBar.line(
                action, done: Int64(done), total: Int64(total),
                rate: elapsed > 0 ? Double(done) / elapsed : 0))
    }
}
