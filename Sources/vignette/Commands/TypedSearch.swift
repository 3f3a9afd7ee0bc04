import Catalogue
import Daemon
import Finding

/// Searches as commands make them: by words and, where the library and the model allow it, by meaning.
struct TypedSearch {
    let catalogue: Catalogue
    /// The model that somebody names for it.
    let chosen: String?
    /// Those in force; the model that they choose, where nobody names one.
    let settings: Settings

    /// Finds a page of pictures.
    ///
    /// - Returns: The page, and why by words alone, if somebody should know.
    /// - Throws: What `SearchNearness` and `LibrarySearch` throw.
    func page(
        _ query: SearchQuery, _ match: LibrarySearch.Match = .both, isCut: Bool = true
    ) throws -> (page: FoundPage, note: String?) {
        let nearness = try nearness(query, match)
        let page = try LibrarySearch(catalogue, nearness: nearness.nearness)(
            query, match: match, isCut: isCut)
        return (page, nearness.note)
    }

    /// Finds seconds of clips.
    ///
    /// - Returns: The moments, and why by words alone, if somebody should know.
    /// - Throws: What `SearchNearness` and `MomentSearch` throw.
    func moments(
        _ query: SearchQuery, isCut: Bool = true
    ) throws -> (moments: [Moment], note: String?) {
        let nearness = try nearness(query, .both)
        let moments = try MomentSearch(catalogue).moments(
            query, nearness: nearness.nearness, isCut: isCut)
        return (moments, nearness.note)
    }

    private func nearness(
        _ query: SearchQuery, _ match: LibrarySearch.Match
    ) throws -> SearchNearness {
        try SearchNearness(
            for: query, match, in: catalogue, chosen: chosen, settings: settings)
    }
}

extension SearchQuery {
    /// What somebody typed into one box.
    ///
    /// - Throws: `QueryError`.
    init(
        typed text: String, filters: [SearchFilter] = [], sorting: SearchSorting = .relevance,
        limit: Int, after: String? = nil
    ) throws {
        let typed = try Query(text, options: [])
        self.init(
            typed.text, tags: typed.tags, filters: typed.filters + filters, sorting: sorting,
            limit: limit, after: after)
    }
}
