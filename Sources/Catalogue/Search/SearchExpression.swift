/// What a person typed, as expressions of SQLite's full-text search.
///
/// Words are found by their beginnings and must all be there; "words in quotes" must stand together
/// as they are; `-word` and `-"some words"` must not be there. Everything else, FTS5's own operators
/// included, is a word like any other, so that no input is an error. A single letter of the Latin alphabet beside words is
/// passed over: "a drawing" is no less a drawing without one, and what begins with a letter is nearly everything.
struct SearchExpression: Equatable {
    /// More than this many words and phrases are not looked for.
    static let maximumTerms = 64

    /// What must be there; `nil` if nothing is asked for.
    var wanted: String?
    /// What must not be there; `nil` if nothing is excluded.
    var unwanted: String?
    /// The words and phrases that must be there.
    var terms: [SearchTerm]
    /// Whether something was typed that holds no letter or digit at all, so that nothing matches it.
    var isHopeless: Bool

    init(_ text: String) {
        let terms = SearchTerm.parse(text)
        let searchable = terms.filter(\.isSearchable).prefix(Self.maximumTerms)
        let wantedTerms = searchable.filter { !$0.isExcluded }
        let words = wantedTerms.filter { !$0.isLetter }
        self.terms = words.isEmpty ? wantedTerms : words
        let wanted = self.terms.map(\.expression)
        let unwanted = searchable.filter(\.isExcluded).map(\.expression)
        self.wanted = wanted.isEmpty ? nil : wanted.joined(separator: " AND ")
        self.unwanted = unwanted.isEmpty ? nil : unwanted.joined(separator: " OR ")
        isHopeless = searchable.isEmpty && !terms.isEmpty
    }
}

/// One word or phrase.
struct SearchTerm: Equatable {
    var text: String
    var isPhrase: Bool
    var isExcluded: Bool

    /// A string of FTS5, in which only the quote is special, and is doubled.
    var expression: String {
        // By scalars too: a quote with a combining mark behind it is no quote to `Character`.
        let quoted = text.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
            .map { String($0) }.joined(separator: "\"\"")
        return "\"\(quoted)\"" + (isPhrase ? "" : "*")
    }

    /// Whether it is a letter alone, which stands in no quotes.
    var isLetter: Bool {
        guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
            return false
        }
        return !isPhrase && (("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar))
    }

    /// Whether the tokenizer finds anything in it: `unicode61` keeps letters, digits, private use.
    var isSearchable: Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                .otherLetter, .decimalNumber, .letterNumber, .otherNumber, .privateUse:
                true
            default: false
            }
        }
    }

    static func parse(_ text: String) -> [SearchTerm] {
        var terms: [SearchTerm] = []
        // By scalars, so that a combining mark cannot hide a quote from view.
        var rest = text.unicodeScalars.filter { $0.value != 0 }[...]
        while true {
            rest = rest.drop { $0.properties.isWhitespace }
            guard let first = rest.first else { return terms }
            let isExcluded = first == "-" && rest.count > 1
            if isExcluded { rest.removeFirst() }
            let isPhrase = rest.first == "\""
            if isPhrase { rest.removeFirst() }
            let body = rest.prefix { isPhrase ? $0 != "\"" : !$0.properties.isWhitespace }
            rest = rest.dropFirst(body.count + (isPhrase ? 1 : 0))
            terms.append(
                SearchTerm(
                    text: String(String.UnicodeScalarView(body)), isPhrase: isPhrase,
                    isExcluded: isExcluded))
        }
    }
}
