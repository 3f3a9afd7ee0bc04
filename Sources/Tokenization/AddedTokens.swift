/// Tokens that are looked for in the text itself, before it is cut into pre-tokens.
///
/// As the reference does: the leftmost match counts and of those the longest; tokens matched in
/// the text as written come first, those for the normalised text are looked for in what is left.
struct AddedTokens: Sendable {
    struct Token: Sendable {
        let id: Int32
        let content: [UInt8]
        /// Left out of decoded texts, and never matched in text that people wrote.
        let isSpecial: Bool
        /// Matched after the others, in the normalised text.
        let isNormalized: Bool
        /// Takes the white space before it.
        let stripsLeft: Bool
        /// Takes the white space behind it.
        let stripsRight: Bool
        /// Counts only where no word character touches it.
        let isSingleWord: Bool
    }

    /// A piece of text, or the token that was found there.
    enum Segment: Equatable {
        case text(Range<Int>)
        case token(Int32)
    }

    let tokens: [Token]
    private let verbatim: ByteTrie
    private let normalized: ByteTrie
    private let verbatimOrdinary: ByteTrie
    private let normalizedOrdinary: ByteTrie

    init(_ tokens: [Token], normalizer: TextNormalizer = TextNormalizer()) {
        self.tokens = tokens
        func trie(where isIncluded: (Token) -> Bool) -> ByteTrie {
            var trie = ByteTrie()
            for (index, token) in tokens.enumerated() where isIncluded(token) {
                // What is looked for in normalised text is normalised itself.
                let content = token.isNormalized ? normalizer(token.content) : token.content
                trie.insert(content, value: Int32(index))
            }
            return trie
        }
        verbatim = trie { !$0.isNormalized }
        normalized = trie { $0.isNormalized }
        verbatimOrdinary = trie { !$0.isNormalized && !$0.isSpecial }
        normalizedOrdinary = trie { $0.isNormalized && !$0.isSpecial }
    }

    /// Cuts a text, as it was written, at the tokens that are looked for there.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - includingSpecial: Whether special tokens are looked for as well.
    /// - Returns: Pieces and tokens in order; no piece is empty.
    func segments(of text: [UInt8], includingSpecial: Bool) -> [Segment] {
        segments(of: text, at: includingSpecial ? verbatim : verbatimOrdinary)
    }

    /// Cuts a piece of a text that has been normalised at the tokens that are looked for there.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - includingSpecial: Whether special tokens are looked for as well.
    /// - Returns: Pieces and tokens in order; no piece is empty.
    func segments(ofNormalized text: [UInt8], includingSpecial: Bool) -> [Segment] {
        segments(of: text, at: includingSpecial ? normalized : normalizedOrdinary)
    }

    private func segments(of text: [UInt8], at trie: ByteTrie) -> [Segment] {
        guard !text.isEmpty else { return [] }
        let whole = 0..<text.count
        return trie.isEmpty ? [.text(whole)] : split(text, whole, at: trie)
    }

    private func split(_ text: [UInt8], _ range: Range<Int>, at trie: ByteTrie) -> [Segment] {
        var segments: [Segment] = []
        var done = range.lowerBound
        var position = range.lowerBound
        while position < range.upperBound {
            guard let match = trie.longestMatch(in: text, at: position..<range.upperBound) else {
                position += 1
                continue
            }
            let token = tokens[Int(match.value)]
            var start = position
            var end = match.end
            position = end
            if token.isSingleWord, touchesWord(text, range, start..<end) { continue }
            if token.stripsLeft { start = WhiteSpace.start(before: start, in: text, from: done) }
            if token.stripsRight {
                end = WhiteSpace.end(after: end, in: text, to: range.upperBound)
            }
            if done < start { segments.append(.text(done..<start)) }
            segments.append(.token(token.id))
            done = end
            position = max(position, end)
        }
        if done < range.upperBound { segments.append(.text(done..<range.upperBound)) }
        return segments
    }

    private func touchesWord(_ text: [UInt8], _ range: Range<Int>, _ match: Range<Int>) -> Bool {
        let before = String(
            decoding: text[range.lowerBound..<match.lowerBound].suffix(4), as: UTF8.self)
        let after = String(
            decoding: text[match.upperBound..<range.upperBound].prefix(4), as: UTF8.self)
        return before.unicodeScalars.last.map(isWordCharacter) ?? false
            || after.unicodeScalars.first.map(isWordCharacter) ?? false
    }

    /// `\w` of Unicode Technical Standard 18, annex C.
    private func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            return true
        default:
            return properties.isAlphabetic || properties.isJoinControl
        }
    }
}
