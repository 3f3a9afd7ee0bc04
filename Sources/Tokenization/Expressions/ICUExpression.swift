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

    /// Appends where the matches, and what lies between them, end; without empty ones.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without flaw; ends are its indices.
    ///   - ends: Takes the ends.
    /// - Throws: `SplitExpression.Failure` for a text that takes too much time or memory.
    func appendEnds(
        of text: ArraySlice<UInt8>, to ends: inout [Int]
    ) throws(SplitExpression.Failure) {
        let string = String(decoding: text, as: UTF8.self)
        var position = text.startIndex
        var unitsDone = 0
        var units = string.utf16.makeIterator()
        for end in try ends16(of: string) {
            while unitsDone < end, let unit = units.next() {
                unitsDone += 1
                position += Self.utf8Width(of: unit)
            }
            ends.append(position)
        }
    }

    /// How many bytes of UTF-8 a unit of UTF-16 makes; halves of a pair make two each.
    private static func utf8Width(of unit: UInt16) -> Int {
        if unit < 0x80 { return 1 }
        return unit < 0x800 || UTF16.isSurrogate(unit) ? 2 : 3
    }

    private func ends16(of text: String) throws(SplitExpression.Failure) -> [Int] {
        let length = text.utf16.count
        let limit = Self.reportLimit(forLength: length)
        var ends: [Int] = []
        var position = 0
        var reports = 0
        var failed = false
        func append(upTo end: Int) {
            guard end > position else { return }
            ends.append(end)
            position = end
        }
        expression.enumerateMatches(
            in: text, options: [.reportProgress, .reportCompletion],
            range: NSRange(location: 0, length: length)
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
        guard !failed else { throw SplitExpression.Failure() }
        append(upTo: length)
        return ends
    }
}
