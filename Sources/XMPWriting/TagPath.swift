import MediaDecoding

/// A tag as its terms, from the widest to the narrowest.
package struct TagPath {
    package let terms: [String]
    /// By which tags are compared: capitals count as small letters.
    package let key: String

    package init(_ terms: [String]) {
        self.terms = terms.compactMap { EmbeddedTexts(keywords: [$0]).keywords.first }
        key = self.terms.map { $0.lowercased() }.joined(separator: "\u{1F}")
    }

    /// Reads an item of a field.
    package init(_ item: String, in field: KeywordField) {
        guard let separator = field.separator else {
            self.init([item])
            return
        }
        self.init(item.split(separator: separator).map(String.init))
    }

    /// The narrowest term alone.
    package var leaf: TagPath { TagPath(Array(terms.suffix(1))) }

    /// Whether it is another one, which is taken away.
    package func isRemoved(by other: TagPath) -> Bool {
        key == other.key
    }
}
