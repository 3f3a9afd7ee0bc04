import Catalogue
import Foundation

/// Things that pictures are counted by, each of which leads to a search.
struct Entries {
    /// What they are.
    enum Kind: String, CaseIterable {
        case tags, places, folders, cameras

        var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
        var address: String { "/browse/\(rawValue)" }
    }

    private struct Entry {
        var name: String
        var query: String
        var count: Int
        var cell: CellCount?
    }

    let kind: Kind
    private let all: [Entry]

    /// How many there are.
    var count: Int { all.count }

    /// Takes those of a kind.
    init(_ kind: Kind, of summary: LibrarySummary) {
        self.kind = kind
        switch kind {
        case .tags:
            all = summary.tags.map {
                Entry(
                    name: $0.written ?? $0.name, query: PageAddress.filter("tag", $0.name),
                    count: $0.count)
            }
        case .folders, .cameras:
            let (key, places) =
                kind == .folders ? ("folder", summary.folders) : ("camera", summary.cameras)
            all = places.map {
                Entry(name: $0.name, query: PageAddress.filter(key, $0.name), count: $0.assets)
            }
        case .places:
            all = summary.places.map {
                Entry(name: $0.name, query: $0.query, count: $0.assets, cell: $0)
            }
        }
    }

    /// The pictures that stand for some of them, where pictures do.
    func covers(_ range: Range<Int>) -> [Int64] { all[range].compactMap { $0.cell?.newest } }

    /// A list of some of them.
    func html(_ range: Range<Int>, covers: [Int64: AssetBrief]) -> HTML {
        if kind == .places { return places(range, covers) }
        let items: [HTML] = all[range].map { entry in
            """
            <li><a href="\(PageAddress.search(entry.query))">\(entry.name)</a> \
            <span class="count">\(entry.count)</span></li>
            """
        }
        return "<ul class=\"entries\">\(items)</ul>"
    }

    private func places(_ range: Range<Int>, _ covers: [Int64: AssetBrief]) -> HTML {
        let items: [HTML] = all[range].compactMap { entry in
            guard let cell = entry.cell, let cover = covers[cell.newest] else { return nil }
            let years = cell.years.html { ", \($0)" }
            let address = PageAddress.search(entry.query)
            return PictureGrid.item(
                cover, at: address,
                caption: """
                    <a href="\(address)">\(entry.name)</a> <span class="count">\(entry.count)\(years)</span>
                    """)
        }
        return
            "<ul class=\"grid beside\">\(items)<li class=\"rest\" aria-hidden=\"true\"></li></ul>"
    }
}

extension CellCount {
    /// What it is called: `48.86° N, 2.35° E`.
    fileprivate var name: String {
        String(
            format: "%.2f° %@, %.2f° %@", abs(latitude), latitude < 0 ? "S" : "N", abs(longitude),
            longitude < 0 ? "W" : "E")
    }

    /// What finds its pictures: a circle around their middle that has all of the cell.
    fileprivate var query: String {
        String(format: "near:%.4f,%.4f within:16km", latitude, longitude)
    }

    /// The years in which they were taken.
    fileprivate var years: String? {
        guard let taken, let first = ShownMoment.year(taken.lowerBound),
            let last = ShownMoment.year(taken.upperBound)
        else { return nil }
        return first == last ? first : "\(first)–\(last)"
    }
}
