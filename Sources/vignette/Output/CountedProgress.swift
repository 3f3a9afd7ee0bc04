/// How much of something is done, and how long it will take, on a line of the terminal.
struct CountedProgress {
    private let total: Int?
    private let start = ContinuousClock.now
    private var line = TerminalLine()

    /// Begins; without a total only the count is shown.
    init(total: Int?) { self.total = total }

    /// Shows that so much is done.
    mutating func draw(_ done: Int) {
        guard line.isEnabled else { return }
        let text = text(done)
        line.draw(text)
    }

    /// Removes the line.
    mutating func clear() { line.clear() }

    private func text(_ done: Int) -> String {
        guard let total, total > 0 else { return "\(done)" }
        let share = min(Double(done) / Double(total), 1)
        let passed = (ContinuousClock.now - start) / .seconds(1)
        let left = share > 0 ? Int((passed / share * (1 - share)).rounded(.up)) : 0
        return "\(TerminalLine.bar(share)) \(done) of \(total), \(left) s left"
    }
}
