import Foundation

/// A regular expression of `tokenizer.json`, and how it cuts texts.
///
/// ICU (through Foundation) reads these expressions as the reference's Oniguruma does; the fixture
/// `tokenization.json` holds the two against each other. Foundation's type is immutable, hence
/// safe to share.
struct SplitExpression: Sendable {
    /// The expression needed more time or memory for a text than expressions of tokenizers do.
    struct Failure: Error, CustomStringConvertible {
        let description = "the expression that cuts texts gives up on this one"
    }

    /// Far above the few hundred characters of real ones.
    static let maximumLength = 10_000
    /// How many reports of its progress ICU may make on a text.
    ///
    /// One comes after 10,000 places that it noted to come back to: a second's work in all, and a
    /// share for every character. Expressions of tokenizers need next to none of either.
    private static func reportLimit(forLength length: Int) -> Int { 1000 + length / 100 }

    private let expression: NSRegularExpression

    /// Reads an expression; throws where ICU cannot.
    init(pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern)
    }

    /// The matches and what lies between them, in order, without empty ones.
    func pieces(of text: NSString, in range: NSRange) throws -> [NSRange] {
        var pieces: [NSRange] = []
        var position = range.location
        let limit = Self.reportLimit(forLength: range.length)
        var reports = 0
        var failed = false
        func append(upTo end: Int) {
            guard end > position else { return }
            pieces.append(NSRange(location: position, length: end - position))
            position = end
        }
        expression.enumerateMatches(
            in: text as String, options: [.reportProgress, .reportCompletion], range: range
        ) { match, flags, stop in
            if let match {
                append(upTo: match.range.location)
                append(upTo: match.range.location + match.range.length)
            } else if flags.contains(.internalError) || reports > limit {
                failed = true
                stop.pointee = true
            } else {
                reports += 1
            }
        }
        guard !failed else { throw Failure() }
        append(upTo: range.location + range.length)
        return pieces
    }
}
