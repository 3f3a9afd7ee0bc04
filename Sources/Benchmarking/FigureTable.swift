import Foundation

/// Figures as people read them: a line each, with a heading where a section begins.
public struct FigureTable {
    private var last: Figure.Section?

    /// Starts a table.
    public init() {}

    /// The lines that a figure adds, each ended.
    public mutating func lines(for figure: Figure) -> String {
        defer { last = figure.section }
        let line = Self.line(figure)
        guard figure.section != last else { return line }
        return (last == nil ? "" : "\n") + Self.heading(figure.section) + "\n" + line
    }

    static func heading(_ section: Figure.Section) -> String {
        switch section {
        case .ceilings: "what the machine can do"
        case .prefill: "language model, reading"
        case .decoding: "language model, writing"
        case .image: "from pixels to the language model"
        case .embedding: "embeddings, for search by meaning"
        case .pictures: "pictures, caption and tags"
        case .paper: "as in the paper: × is LLaVA over LLaVA-Mini"
        }
    }

    /// Name, value, operations, and how much of which ceiling was reached.
    static func line(_ figure: Figure) -> String {
        let name = figure.name.padding(
            toLength: max(48, figure.name.count), withPad: " ", startingAt: 0)
        var parts = [
            "  \(name) \(right(number(figure.value), 9)) "
                + figure.unit.padding(toLength: 10, withPad: " ", startingAt: 0)
        ]
        if let operations = figure.operations, operations > 0 {
            parts.append(right(Self.operations(operations), 12))
        }
        if let ratio = figure.ratio {
            parts.append(
                figure.ceiling.map { "\(right(percent(ratio), 6)) of \($0.rawValue)" }
                    ?? "\(number(ratio))×")
        }
        if let note = figure.note { parts.append("(\(note))") }
        return parts.joined(separator: "  ").trimmingSuffix(" ") + "\n"
    }

    /// Three significant digits.
    static func number(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "\(value)" }
        let digits = max(0, 2 - Int(log10(abs(value)).rounded(.down)))
        return String(format: "%.\(min(digits, 9))f", value)
    }

    static func percent(_ ratio: Double) -> String { String(format: "%.1f %%", 100 * ratio) }

    /// Operations with the prefix that leaves one to three digits before the point.
    static func operations(_ count: UInt64) -> String {
        let scaled: (Double, String) =
            switch count {
            case 1_000_000_000_000...: (Double(count) / 1e12, "TFLOP")
            case 1_000_000_000...: (Double(count) / 1e9, "GFLOP")
            default: (Double(count) / 1e6, "MFLOP")
            }
        return "\(number(scaled.0)) \(scaled.1)"
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension String {
    /// Without what repeats at the end.
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
