/// A word, a phrase or a filter as somebody typed it.
///
/// A filter is a key of letters, a colon and a value, which may stand in double quotes; a phrase stands in double
/// quotes; a minus before either excludes it. What holds a colon but begins with no key, or whose value
/// begins with a slash, is a word: times of day, addresses.
struct QueryToken: Equatable {
    /// A filter's key in small letters; `nil` for words and phrases.
    var key: String?
    /// The word, the phrase, or the filter's value, without quotes.
    var text: String
    var isPhrase: Bool
    var isExcluded: Bool

    /// All tokens of a text, in their order.
    static func parse(_ text: String) -> [QueryToken] {
        var tokens: [QueryToken] = []
        // By scalars, so that a combining mark cannot hide a quote from view.
        var rest = text.unicodeScalars.filter { $0.value != 0 }[...]
        while true {
            rest = rest.drop { $0.properties.isWhitespace }
            guard let first = rest.first else { return tokens }
            let isExcluded = first == "-" && rest.count > 1
            if isExcluded { rest.removeFirst() }
            let key = Self.key(rest)
            if let key { rest = rest.dropFirst(key.unicodeScalars.count + 1) }
            let isPhrase = rest.first == "\""
            if isPhrase { rest.removeFirst() }
            let body = rest.prefix { isPhrase ? $0 != "\"" : !$0.properties.isWhitespace }
            rest = rest.dropFirst(body.count + (isPhrase ? 1 : 0))
            tokens.append(
                QueryToken(
                    key: key?.lowercased(), text: String(String.UnicodeScalarView(body)),
                    isPhrase: isPhrase, isExcluded: isExcluded))
        }
    }

    private static func key(_ rest: Substring.UnicodeScalarView) -> String? {
        let key = rest.prefix { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
        let behind = rest.dropFirst(key.count)
        guard !key.isEmpty, behind.first == ":" else { return nil }
        guard let next = behind.dropFirst().first, next != "/", next != ":",
            !next.properties.isWhitespace
        else { return nil }
        return String(key)
    }

    /// The token as the catalogue's full-text search reads it.
    var words: String {
        (isExcluded ? "-" : "") + (isPhrase ? "\"\(text)\"" : text)
    }
}
