/// A line that says how many bytes are through, how fast, and how long the rest will take.
enum ByteBar {
    /// The line's text.
    ///
    /// - Parameters:
    ///   - action: What is being done, or nothing.
    ///   - done: Bytes that are through.
    ///   - total: All bytes, as far as that is known.
    ///   - rate: Bytes a second; 0 where it is not known yet.
    /// - Returns: One line without its end.
    static func line(
        _ action: String = "", done: Int64, total: Int64, rate: Double
    ) -> String {
        let bar = TerminalLine.bar(total > 0 ? Double(done) / Double(total) : 0)
        let what = action.isEmpty ? "" : action + " "
        let text = "\(bar) \(what)\(ByteText.size(done)) of \(ByteText.size(total))"
        guard rate > 0 else { return text }
        let left =
            total > done ? ", \(ProgressBar.time(Double(total - done) / rate)) left" : ""
        return "\(text)  \(ByteText.size(Int64(min(rate, 1e18))))/s\(left)"
    }
}
