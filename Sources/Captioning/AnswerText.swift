import Foundation
public import LLaVAMini

/// Turns what a language model writes into texts that can be stored and shown.
public enum AnswerText {
    /// Longest caption that is kept, in characters.
    static let longestCaption = 2000
    /// Longest tag that is kept, in characters.
    static let longestTag = 60
    /// Most tags that are kept.
    static let mostTags = 40

    /// A caption in one line: white space folded, control characters out, length bounded.
    public static func caption(_ answer: String) -> String {
        String(oneLine(answer).prefix(longestCaption))
    }

    /// A caption without what regular expressions match, one after the other.
    ///
    /// White space at its ends goes, and a sentence that lost its beginning gets a capital; where nothing would be
    /// left, the caption stays as it is.
    ///
    /// - Parameters:
    ///   - caption: The caption.
    ///   - patterns: Expressions as Swift's `Regex` takes them; what is none is passed over.
    /// - Returns: What is left.
    static func cleaned(_ caption: String, without patterns: [String]) -> String {
        let left = patterns.reduce(caption) { text, pattern in
            guard let expression = try? Regex(pattern) else { return text }
            return text.replacing(expression, with: "")
        }
        let text = oneLine(left)
        guard !text.isEmpty, text != caption else { return caption }
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// The tags of an answer such as `Boat, sea; two gulls.`: lower case, each once, in order.
    ///
    /// Commas, semicolons and line ends separate; bullets, numbering, quotes and a full stop at the
    /// end do not belong to a tag.
    public static func tags(_ answer: String) -> [String] {
        tags(answer, pieces: [], certainty: 0).map(\.text)
    }

    /// The tags of an answer with their probabilities, without those that are less likely than asked.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - pieces: The tokens that it consists of; where they are something else, no tag has a probability.
    ///   - certainty: The smallest probability of a tag that is kept, 0 … 1.
    /// - Returns: Each tag once, as it was first said.
    public static func tags(
        _ answer: String, pieces: [AnswerPiece], certainty: Double
    ) -> [PictureDescription.Tag] {
        var seen: Set<String> = []
        let probabilities = PieceProbabilities(pieces, of: answer)
        return answer.split(whereSeparator: { ",;\n\r、，；".contains($0) })
            .map { part in
                PictureDescription.Tag(
                    text: tag(String(part)), probability: probabilities?.probability(of: part))
            }
            .filter {
                !$0.text.isEmpty && $0.text.count <= longestTag && seen.insert($0.text).inserted
            }
            .filter { $0.probability.map { $0 >= certainty } ?? true }
            .prefix(mostTags).map { $0 }
    }

    private static func tag(_ text: String) -> String {
        var text = oneLine(text).lowercased()
        if let bullet = text.firstMatch(of: /^(?:[-*•#]+|\d{1,3}[.)])\s*/) {
            text.removeSubrange(bullet.range)
        }
        if text.hasPrefix("and ") { text.removeFirst(4) }
        return text.trimmingCharacters(in: Self.edges)
    }

    /// What may surround a tag without being part of it.
    private static let edges = CharacterSet.whitespacesAndNewlines
        .union(CharacterSet(charactersIn: "\"'`“”‘’.:!?()[]{}"))

    private static func oneLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Character in
            CharacterSet.controlCharacters.contains(scalar) ? " " : Character(scalar)
        }
        return String(scalars).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
