import ModelConversion

/// A line on standard error that says how far a conversion has come.
struct ConversionProgress {
    private var bar = ProgressBar()
    private var isVerifying = false

    /// Redraws the line; the bar counts megabytes.
    mutating func update(_ step: ModelConversion.Step) {
        switch step {
        case .converting(let done, let total): draw(done, total)
        case .verifying(let done, let total):
            if !isVerifying {
                bar.clear()
                bar = ProgressBar()
                isVerifying = true
            }
            draw(done, total)
        }
    }

    private mutating func draw(_ done: Int, _ total: Int) {
        bar.update(done: done >> 20, total: total >> 20)
    }

    /// Removes the line.
    func clear() { bar.clear() }
}
