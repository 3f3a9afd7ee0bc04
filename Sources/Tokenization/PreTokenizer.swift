/// Cuts a text into pre-tokens, within which byte pairs join.
struct PreTokenizer: Sendable {
    enum Step: Sendable {
        /// Every match, and everything between two matches, becomes a piece (`Isolated`).
        case split(SplitExpression)
        /// Every match becomes a piece, and what lies between is left out (`Removed`, inverted).
        case matches(SplitExpression)
        /// A space goes before each piece that begins with none.
        case prefixSpace
    }

    let steps: [Step]

    /// GPT-2's expression, which `ByteLevel` with `use_regex` stands for.
    static let gpt2Pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The pieces, one after the other.
    ///
    /// - Parameters:
    ///   - text: UTF-8 without flaw.
    ///   - range: Whole characters; what lies outside is not looked at.
    /// - Returns: The text with what was put into it, and where in it each piece ends; the first
    ///   begins at `start`.
    /// - Throws: `SplitExpression.Failure` where an expression gives up on the text.
    func pieces(
        of text: [UInt8], in range: Range<Int>
    ) throws(SplitExpression.Failure) -> (bytes: [UInt8], start: Int, ends: [Int]) {
        var bytes = text
        var start = range.lowerBound
        var ends = range.isEmpty ? [] : [range.upperBound]
        for step in steps {
            var result: [Int] = []
            result.reserveCapacity(bytes.count / 4)
            switch step {
            case .split(let expression):
                var pieceStart = start
                for end in ends {
                    try expression.appendEnds(of: bytes, in: pieceStart..<end, to: &result)
                    pieceStart = end
                }
                ends = result
            case .matches(let expression):
                (bytes, ends) = try Self.matches(of: expression, in: bytes, start, ends)
                start = 0
            case .prefixSpace:
                (bytes, ends) = Self.withPrefixSpaces(bytes, start, ends)
                start = 0
            }
        }
        return (bytes, start, ends)
    }

    private static func matches(
        of expression: SplitExpression, in text: [UInt8], _ start: Int, _ ends: [Int]
    ) throws(SplitExpression.Failure) -> (bytes: [UInt8], ends: [Int]) {
        var ranges: [Range<Int>] = []
        var start = start
        for end in ends {
            try expression.appendMatches(of: text, in: start..<end, to: &ranges)
            start = end
        }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        let newEnds = ranges.map { range in
            result += text[range]
            return result.count
        }
        return (result, newEnds)
    }

    private static func withPrefixSpaces(
        _ text: [UInt8], _ start: Int, _ ends: [Int]
    ) -> (bytes: [UInt8], ends: [Int]) {
        let space = UInt8(ascii: " ")
        var result: [UInt8] = []
        var start = start
        let newEnds = ends.map { end in
            if text[start] != space { result.append(space) }
            result += text[start..<end]
            start = end
            return result.count
        }
        return (result, newEnds)
    }
}
