import FileSystem
import Foundation
import GRDB
import SystemPackage

/// How far the files of a listing have been compared with those that are known in its directory.
///
/// Both are taken in the order of their names, so that a part of the one is compared with the same part
/// of the other, whatever their numbers.
struct ListingProgress {
    let volume: Volume
    private let directory: Data
    private let files: [(name: Data, file: ListedFile)]
    private let unknown: Set<Data>
    private var next = 0
    /// The last name that was dealt with.
    private var last = Data([0])

    init(_ listing: DirectoryListing) throws(CatalogueError) {
        volume = listing.volume
        directory = try PathBytes.directory(listing.directory)
        files = listing.files.map { (PathBytes.bytes($0.name), $0) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        unknown = Set(listing.unknown.map { PathBytes.bytes($0) })
    }

    /// Records the next part.
    ///
    /// - Returns: Whether there are more.
    mutating func advance(with writer: inout FileWriter) throws -> Bool {
        let chunk = files[next...].prefix(ObservationRecorder.stepSize)
        let isLast = next + chunk.count == files.count
        var (known, end) = try writer.knownFiles(
            in: directory, after: last, upTo: isLast ? nil : chunk.last?.name)
        let part = chunk.prefix { file in
            end.map { !$0.lexicographicallyPrecedes(file.name) } ?? true
        }
        for (name, file) in part {
            let own = known.removeValue(forKey: name) ?? FileWriter.Known()
            // A file that still changes is there, so that it is not missing; what it is will be said
            // when it has settled.
            guard file.isSettled else { continue }
            try writer.record(file.status, of: own, directory, name)
        }
        for (name, file) in known where !unknown.contains(name) {
            if let own = file.own { try writer.markMissing(own) }
        }
        next += part.count
        guard let end else { return false }
        last = end
        return true
    }
}
