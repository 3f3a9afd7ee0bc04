import Foundation

/// Cuts a text into pre-tokens, within which byte pairs join.
struct PreTokenizer: Sendable {
    enum Step: Sendable {
        /// Every match, and everything between two matches, becomes a piece (`Isolated`).
        case split(SplitExpression)
        /// A space goes before each piece that begins with none.
        case prefixSpace
    }

    let steps: [Step]

    /// GPT-2's expression, which `ByteLevel` with `use_regex` stands for.
    static let gpt2Pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The UTF-8 of the pieces, one after the other, and where each ends.
    ///
    /// - Throws: `SplitExpression.Failure` where an expression gives up on the text.
    func pieces(of text: String) throws -> (bytes: [UInt8], ends: [Int]) {
        var text = text as NSString
        var pieces = text.length == 0 ? [] : [NSRange(location: 0, length: text.length)]
        for step in steps {
            switch step {
            case .split(let expression):
                pieces = try pieces.flatMap { try expression.pieces(of: text, in: $0) }
            case .prefixSpace:
                (text, pieces) = Self.withPrefixSpaces(text, pieces)
            }
        }
        return Self.transcoded(text, pieces)
    }

    private static func withPrefixSpaces(
        _ text: NSString, _ pieces: [NSRange]
    ) -> (NSString, [NSRange]) {
        let result = NSMutableString(string: "")
        let ranges = pieces.map { piece in
            let start = result.length
            if text.character(at: piece.location) != 0x20 { result.append(" ") }
            result.append(text.substring(with: piece))
            return NSRange(location: start, length: result.length - start)
        }
        return (result, ranges)
    }

    /// Expressions count in UTF-16, tokens in UTF-8.
    private static func transcoded(
        _ text: NSString, _ pieces: [NSRange]
    ) -> (bytes: [UInt8], ends: [Int]) {
        var units = [UInt16](repeating: 0, count: text.length)
        text.getCharacters(&units, range: NSRange(location: 0, length: units.count))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count)
        let ends = pieces.map { piece in
            let units = units[piece.location..<piece.location + piece.length]
            // Matches end between characters, so this never meets half of one.
            _ = transcode(
                units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: false
            ) { bytes.append($0) }
            return bytes.count
        }
        return (bytes, ends)
    }
}
