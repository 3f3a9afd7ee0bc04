public import Catalogue

/// What somebody typed into the one box: words, phrases, exclusions and filters.
public struct Query: Equatable, Sendable {
    /// The most bytes that a query may have.
    public static let maximumBytes = 10_000
    /// The most words and phrases.
    public static let maximumWords = 64
    /// The most filters.
    public static let maximumFilters = 32

    /// The words and phrases, as `SearchQuery.text` takes them.
    public var text: String
    /// The tags that must be there.
    public var tags: [String]
    /// What else must hold.
    public var filters: [SearchFilter]

    /// Reads a query.
    ///
    /// - Parameters:
    ///   - text: What was typed.
    ///   - options: Further filters, given apart.
    /// - Throws: `QueryError`, in one line.
    public init(
        _ text: String, options: [(key: FilterKey, value: String)] = []
    ) throws(QueryError) {
        let bytes = text.utf8.count + options.reduce(0) { $0 + $1.value.utf8.count }
        guard bytes <= Self.maximumBytes else {
            throw QueryError(
                "a query has at most \(Self.maximumBytes) bytes, and this one has \(bytes)")
        }
        let tokens = QueryToken.parse(text)
        let words = tokens.filter { $0.key == nil }
        guard words.count <= Self.maximumWords else {
            throw QueryError(
                "a query has at most \(Self.maximumWords) words and phrases, and this one has "
                    + "\(words.count)")
        }
        guard tokens.count - words.count + options.count <= Self.maximumFilters else {
            throw QueryError("a query has at most \(Self.maximumFilters) filters")
        }
        var parser = FilterParser()
        for token in tokens {
            guard let name = token.key else { continue }
            guard let key = FilterKey(rawValue: name) else {
                throw QueryError(
                    "there is no filter \(QueryError.shown(name + ":")); filters are \(FilterKey.all) "
                        + "(words with a colon stand in double quotes)")
            }
            try parser.add(key, token.text, isExcluded: token.isExcluded)
        }
        for (key, value) in options { try parser.add(key, value, isExcluded: false) }
        self.text = words.map(\.words).joined(separator: " ")
        let filters = try parser.finish()
        // The catalogue looks for tags that must be there by the rarest of them.
        tags = filters.compactMap { filter in
            if case .tag(let tag) = filter.condition, !filter.isExcluded { tag } else { nil }
        }
        self.filters = filters.filter { filter in
            if case .tag = filter.condition { filter.isExcluded } else { true }
        }
    }
}
