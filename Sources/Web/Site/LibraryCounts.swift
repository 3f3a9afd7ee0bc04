import Catalogue
import SystemPackage

/// How much there is of what: months, folders, cameras, places and tags.
struct LibrarySummary: Sendable {
    var months: [MonthCount]
    var folders: [PlaceCount]
    var cameras: [PlaceCount]
    var places: [CellCount]
    var tags: [TagCount]
}

/// How many pictures each month has, and how much there is of what else.
///
/// Months are counted first and apart, since the timeline asks for them at once; the rest takes seconds at a million
/// pictures, and is counted as soon as somebody looks at the timeline.
final class LibraryCounts: Sendable {
    /// The most of each that are known; more are none that a person reads through.
    private static let most = 20_000

    private let monthCounts: KeptCount<[MonthCount]>
    private let others: KeptCount<LibrarySummary>

    init(_ catalogue: FilePath) {
        monthCounts = KeptCount(catalogue) { try $0.months() }
        others = KeptCount(catalogue) { reader in
            try LibrarySummary(
                months: [], folders: reader.folders(limit: Self.most),
                cameras: reader.cameras(limit: Self.most), places: reader.cells(limit: Self.most),
                tags: reader.tags(limit: Self.most))
        }
    }

    /// The months with their pictures, which may lag a little behind the catalogue.
    ///
    /// - Throws: `CatalogueError`.
    func months() throws -> [MonthCount] {
        let months = try monthCounts.value()
        others.begin()
        return months
    }

    /// All of it, which may lag likewise.
    ///
    /// - Throws: `CatalogueError`.
    func summary() throws -> LibrarySummary {
        var summary = try others.value()
        summary.months = try monthCounts.value()
        return summary
    }

    /// Waits for what is being counted.
    func close() {
        monthCounts.close()
        others.close()
    }
}
