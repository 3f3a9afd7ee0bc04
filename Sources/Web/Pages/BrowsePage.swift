import Catalogue
import Foundation

/// What the library can be entered by beside time: tags, folders, cameras and places, the most frequent of each.
struct BrowsePage {
    var summary: LibrarySummary
    /// Pictures of the places that are shown.
    var covers: [Int64: AssetBrief]

    /// So many of each are shown before all are asked for.
    static let few = 60
    /// So many places, which are shown as pictures.
    static let fewPlaces = 12

    var html: HTML {
        """
        <main id="content" class="browse">
        <h1 class="hidden">Browse</h1>
        <p><a href="/duplicates">Duplicates side by side</a></p>
        \(Entries.Kind.allCases.map(section))
        </main>
        """
    }

    private func section(_ kind: Entries.Kind) -> HTML {
        let all = Entries(kind, of: summary)
        guard all.count > 0 else { return .empty }
        let few = kind == .places ? Self.fewPlaces : Self.few
        let more: HTML =
            all.count > few
            ? "<p><a href=\"\(kind.address)\">All \(all.count) \(kind.title.lowercased())</a></p>"
            : .empty
        return """
            <section aria-label="\(kind.title)"><h2>\(kind.title)</h2>
            \(all.html(0..<min(few, all.count), covers: covers))\(more)</section>
            """
    }
}

/// All tags, folders, cameras or places, a page of them.
struct BrowseList {
    var entries: Entries
    var range: Range<Int>
    var covers: [Int64: AssetBrief]

    var html: HTML {
        let kind = entries.kind
        return """
            <main id="content" class="browse"><h1>\(kind.title)</h1>
            \(entries.html(range, covers: covers))
            <p class="more">\((range.lowerBound > 0).html(link("Before", range.lowerBound - range.count, "prev")))
            \((range.upperBound < entries.count).html(link("More", range.upperBound, "next")))</p>
            </main>
            """
    }

    private func link(_ words: String, _ start: Int, _ rel: String) -> HTML {
        let address = PageAddress.with(entries.kind.address, ("from", "\(max(start, 0))"))
        return "<a href=\"\(address)\" rel=\"\(rel)\">\(words)</a>"
    }
}
