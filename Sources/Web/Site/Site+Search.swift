import NIOHTTP1
import Catalogue
import Finding

/// Searching, with the language of `vignette search`.
extension Site {
    /// So many are found at a time.
    static let found = 120

    func search(_ request: WebRequest) throws -> WebResponse {
        let text = request.query["q"] ?? ""
        let isByDate = request.query["by"] == "date"
        let layout = layout(request, text.isEmpty ? "Search" : text, query: text)
        let query: Query
        do {
            query = try Query(text)
        } catch {
            return .page(layout.page(SearchPage.refused("\(error)")), .badRequest)
        }
        let wanted = SearchQuery(
            query.text, tags: query.tags, filters: query.filters,
            sorting: isByDate ? .date : .relevance, limit: Self.found, after: request.query["after"]
        )
        let page: SearchPage = try catalogue.read { reader in
            let found = try LibrarySearch(
                reader, nearness: meaning.nearness(reader, for: query.text))(
                    wanted)
            let pictures = try reader.briefs(found.hits.map(\.hit.assetID))
            return SearchPage(
                text: text, isByDate: isByDate, found: found, pictures: pictures,
                tints: try Tints(pictures, reader))
        }
        if request.query["part"] != nil { return .page(page.run) }
        return .page(layout.page(page.html))
    }

    /// What the last word of a search could go on to, as options of a list.
    func suggestions(_ request: WebRequest) throws -> WebResponse {
        let suggestions = Suggestions(for: request.query["q"] ?? "", in: try counts.summary())
        return .page("\(suggestions.texts.map { "<option value=\"\($0)\"></option>" as HTML })")
    }
}
