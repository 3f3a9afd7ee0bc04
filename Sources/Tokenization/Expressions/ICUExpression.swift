import Foundation

/// A regular expression that ICU, through Foundation, reads as the reference's Oniguruma does.
///
/// Foundation's type is immutable, hence safe to share. ICU counts in UTF-16.
struct ICUExpression: Sendable {
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

    /// Finds the matches, empty ones too.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without flaw; matches are ranges of its indices.
    ///   - body: Is given each match in turn.
    /// - Throws: `SplitExpression.Failure` for a text that takes too much time or memory.
    func forEachMatch(
        of text: ArraySlice<UInt8>, _ body: (Range<Int>) -> Void
    ) throws(SplitExpression.Failure) {
        let string = String(decoding: text, as: UTF8.self)
        var position = text.startIndex
        var unitsDone = 0
        var units = string.utf16.makeIterator()
        func index(of unit16: Int) -> Int {
            while unitsDone < unit16, let unit = units.next() {
                unitsDone += 1
                position += Self.utf8Width(of: unit)
            }
            return position
        }
        for match in try matches16(of: string) {
            let start = index(of: match.lowerBound)
            body(start..<index(of: match.upperBound))
        }
    }

    /// How many bytes of UTF-8 a unit of UTF-16 makes; halves of a pair make two each.
    private static func utf8Width(of unit: UInt16) -> Int {
        if unit < 0x80 { return 1 }
        return unit < 0x800 || UTF16.isSurrogate(unit) ? 2 : 3
    }

    private func matches16(of text: String) throws(SplitExpression.Failure) -> [Range<Int>] {
        let length = text.utf16.count
        let limit = Self.reportLimit(forLength: length)
        var matches: [Range<Int>] = []
        var reports = 0
        var failed = false
        expression.enumerateMatches(
            in: text, options: [.reportProgress, .reportCompletion],
            range: NSRange(location: 0, length: length)
        ) { match, flags, stop in
            if let match {
                let start = match.range.location
                matches.append(start..<start + match.range.length)
            } else if flags.contains(.internalError) || reports > limit {
                failed = true
                stop.pointee = true
            } else {
                reports += 1
            }
        }
        guard !failed else { throw SplitExpression.Failure() }
        return matches
    }
}
