import Catalogue

/// What the library can be entered by beside time.
extension Site {
    /// So many are a page of a list; of places, which are pictures, fewer.
    private static func pageLength(_ kind: Entries.Kind) -> Int { kind == .places ? 60 : 500 }

    /// The most frequent tags, places, folders and cameras.
    func browse(_ request: WebRequest) throws -> WebResponse {
        let summary = try counts.summary()
        let places = Entries(.places, of: summary)
        let covers = try briefs(places.covers(0..<min(BrowsePage.fewPlaces, places.count)))
        return .page(
            layout(request, "Browse", .browse).page(
                BrowsePage(summary: summary, covers: covers).html))
    }

    /// All of one kind, a page at a time.
    func all(_ request: WebRequest) throws -> WebResponse? {
        guard let kind = Entries.Kind(rawValue: request.path[1]) else { return nil }
        let entries = Entries(kind, of: try counts.summary())
        let start = min(max(request.query["from"].flatMap { Int($0) } ?? 0, 0), entries.count)
        let range = start..<min(start + Self.pageLength(kind), entries.count)
        let list = BrowseList(
            entries: entries, range: range, covers: try briefs(entries.covers(range)))
        return .page(layout(request, kind.title, .browse).page(list.html))
    }

    private func briefs(_ assets: [Int64]) throws -> [Int64: AssetBrief] {
        let briefs = try catalogue.read { try $0.briefs(assets) }
        return Dictionary(briefs.map { ($0.id, $0) }) { first, _ in first }
    }
}
