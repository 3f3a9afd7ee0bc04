import Catalogue
import Foundation
import SystemPackage
import Synchronization

/// How much there is of what: months, folders, cameras, places and tags.
struct LibrarySummary: Sendable {
    var months: [MonthCount]
    var folders: [PlaceCount]
    var cameras: [PlaceCount]
    var places: [CellCount]
    var tags: [TagCount]
}

/// Keeps the summary of the library, which takes a second at a million pictures, and counts anew when the catalogue has
/// changed, but spends no more than a twentieth of the time on it.
final class LibraryCounts: Sendable {
    private struct State {
        var reader: Catalogue?
        var version = 0
        var summary: LibrarySummary?
        var notBefore = ContinuousClock.now
    }

    /// The most of each that are known; more are none that a person reads through.
    private static let most = 20_000
    private static let leastPause = Duration.seconds(2)

    private let path: FilePath
    private let state = Mutex(State())

    init(_ catalogue: FilePath) { path = catalogue }

    /// The summary, which may lag a little behind the catalogue.
    ///
    /// - Throws: `CatalogueError`.
    func summary() throws -> LibrarySummary {
        try state.withLock { state in
            let begin = ContinuousClock.now
            if let summary = state.summary, begin < state.notBefore { return summary }
            let reader = try state.reader ?? Catalogue(at: path, access: .reader)
            state.reader = reader
            // The number means something on one connection alone.
            let version = try reader.dataVersion()
            if let summary = state.summary, version == state.version { return summary }
            let summary = try LibrarySummary(
                months: reader.months(), folders: reader.folders(limit: Self.most),
                cameras: reader.cameras(limit: Self.most), places: reader.cells(limit: Self.most),
                tags: reader.tags(limit: Self.most))
            state.summary = summary
            state.version = version
            state.notBefore = .now + max((.now - begin) * 20, Self.leastPause)
            return summary
        }
    }
}
