import Catalogue
import Finding

/// What a search found.
struct SearchPage {
    var text: String
    var isByDate: Bool
    var found: FoundPage
    var pictures: [AssetBrief]
    var tints = Tints.none

    var html: HTML {
        """
        <main id="content" class="search-results">
        <h1 class="hidden">Found</h1>
        <div class="bar"><p role="status">\(summary)</p>
        <p class="orders">\(order("Best first", by: nil))\(order("Latest first", by: "date"))</p></div>
        \(run)
        </main>
        """
    }

    /// A page of pictures, with the way to the next.
    var run: HTML {
        """
        <div class="run"\(next.html { " data-older=\"\(address($0, part: "1"))\"" })>
        \(PictureGrid(pictures: pictures, query: text, tints: tints).html)
        \(next.html { "<p class=\"more\"><a href=\"\(address($0))\" rel=\"next\">More</a></p>" })
        </div>
        """
    }

    /// A search that cannot be read, and why.
    static func refused(_ reason: String) -> HTML {
        """
        <main id="content" class="narrow"><h1 class="hidden">Search</h1>
        <p class="problem" role="alert">\(reason)</p></main>
        """
    }

    private var next: String? { found.hasMore ? found.hits.last?.hit.cursor : nil }

    private func address(_ cursor: String, part: String? = nil) -> String {
        PageAddress.with(
            "/search", ("q", text), ("by", isByDate ? "date" : nil), ("after", cursor),
            ("part", part))
    }

    private func order(_ words: String, by: String?) -> HTML {
        let current: HTML = isByDate == (by != nil) ? " aria-current=\"true\"" : ""
        return """
            <a href="\(PageAddress.with("/search", ("q", text), ("by", by)))"\(current)>\(words)</a>
            """
    }

    /// How many have the words, and how many are only like them.
    private var summary: String {
        guard !found.hits.isEmpty else {
            return text.isEmpty ? "There are no pictures yet." : "Nothing was found."
        }
        let sure = found.hits.count { !$0.places.isEmpty || $0.near == nil }
        let alike = found.hits.count - sure
        let counts = [sure > 0 ? "\(sure) sure" : nil, alike > 0 ? "\(alike) maybe" : nil]
            .compactMap { $0 }.joined(separator: ", ")
        return found.hasMore ? "The first \(found.hits.count): \(counts)" : counts
    }
}
