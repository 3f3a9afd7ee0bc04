/// A regular expression of `tokenizer.json`, and how it cuts texts.
///
/// The expressions of byte-level tokenizers compile to a table (`SplitAutomaton`). One that is
/// outside that engine's grammar goes to ICU, which is slow and reads most of them alike.
enum SplitExpression: Sendable {
    /// The expression needed more time or memory for a text than expressions of tokenizers do.
    struct Failure: Error, CustomStringConvertible {
        let description = "the expression that cuts texts gives up on this one"
    }

    /// Far above the few hundred characters of real ones.
    static let maximumLength = 10_000

    case automaton(SplitAutomaton)
    case icu(ICUExpression)

    /// Reads an expression; throws where ICU cannot either.
    init(pattern: String) throws {
        if let automaton = try? SplitAutomaton(pattern: pattern) {
            self = .automaton(automaton)
        } else {
            self = .icu(try ICUExpression(pattern: pattern))
        }
    }

    /// Appends where the matches, and what lies between them, end; without empty ones.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without flaw.
    ///   - range: Whole characters; what lies outside is not looked at.
    ///   - ends: Takes the ends, ascending; the last is the range's.
    /// - Throws: `Failure` for a text that takes too much.
    func appendEnds(
        of text: [UInt8], in range: Range<Int>, to ends: inout [Int]
    ) throws(Failure) {
        var done = range.lowerBound
        try forEachMatch(of: text, in: range) { match in
            if match.lowerBound > done { ends.append(match.lowerBound) }
            if !match.isEmpty { ends.append(match.upperBound) }
            done = match.upperBound
        }
        if range.upperBound > done { ends.append(range.upperBound) }
    }

    /// Appends where the matches lie; without empty ones.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without flaw.
    ///   - range: Whole characters; what lies outside is not looked at.
    ///   - matches: Takes the ranges, ascending.
    /// - Throws: `Failure` for a text that takes too much.
    func appendMatches(
        of text: [UInt8], in range: Range<Int>, to matches: inout [Range<Int>]
    ) throws(Failure) {
        try forEachMatch(of: text, in: range) { if !$0.isEmpty { matches.append($0) } }
    }

    private func forEachMatch(
        of text: [UInt8], in range: Range<Int>, _ body: (Range<Int>) -> Void
    ) throws(Failure) {
        switch self {
        case .automaton(let automaton):
            try automaton.forEachMatch(of: text.span, in: range, body)
        case .icu(let expression):
            try expression.forEachMatch(of: text[range], body)
        }
    }
}
