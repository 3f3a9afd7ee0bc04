import Catalogue

/// What the library can be entered by beside time: tags, folders and cameras.
struct BrowsePage {
    var summary: LibrarySummary

    var html: HTML {
        """
        <main id="content" class="browse">
        <h1 class="hidden">Browse</h1>
        \(section("Tags", summary.tags.map { ($0.written ?? $0.name, PageAddress.filter("tag", $0.name), $0.count) }))
        \(section("Folders", summary.folders.map { ($0.name, PageAddress.filter("folder", $0.name), $0.assets) }))
        \(section("Cameras", summary.cameras.map { ($0.name, PageAddress.filter("camera", $0.name), $0.assets) }))
        </main>
        """
    }

    private func section(_ title: String, _ entries: [(name: String, query: String, count: Int)])
        -> HTML
    {
        guard !entries.isEmpty else { return .empty }
        let items: [HTML] = entries.map { entry in
            """
            <li><a href="\(PageAddress.search(entry.query))">\(entry.name)</a> \
            <span class="count">\(entry.count)</span></li>
            """
        }
        return
            "<section aria-label=\"\(title)\"><h2>\(title)</h2><ul class=\"entries\">\(items)</ul></section>"
    }
}

/// A page that only says something.
struct NoticePage {
    var title: String
    var text: String

    var html: HTML {
        Layout(title: title).page(
            "<main id=\"content\" class=\"narrow\"><h1>\(title)</h1><p>\(text)</p></main>")
    }
}
