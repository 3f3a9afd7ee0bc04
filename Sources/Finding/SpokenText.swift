/// What a query says, as a text tower takes it: its words and phrases, without what is excluded.
public struct SpokenText: Sendable {
    /// The text.
    public let text: String

    /// Whether it says nothing.
    public var isEmpty: Bool { text.isEmpty }

    /// Takes it from a query's words.
    public init(_ query: String) {
        text = QueryToken.parse(query).filter { !$0.isExcluded && $0.key == nil }
            .map(\.text).filter { $0.contains { $0.isLetter || $0.isNumber } }
            .joined(separator: " ")
    }

    /// Whether a text tower that learned from English texts can know it: whether most of its letters are Latin.
    public var isLatin: Bool {
        let letters = text.unicodeScalars.filter(\.properties.isAlphabetic)
        let latin = letters.count { $0.value < 0x250 || (0x1E00...0x1EFF).contains($0.value) }
        return latin * 2 >= letters.count
    }
}
