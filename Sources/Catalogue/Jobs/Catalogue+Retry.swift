public import Foundation
import GRDB
public import SystemPackage

/// Which failed jobs to revive, with the work that they failed for.
///
/// Paths are absolute.
public enum RetrySelection: Equatable, Sendable {
    /// Every one.
    case all
    /// Those of these files.
    case paths([FilePath])
    /// Those of all files below a directory.
    case under(FilePath)
}

extension Catalogue {
    /// Puts failed jobs back into the queue as if they had never been tried.
    ///
    /// One transaction.
    ///
    /// - Parameters:
    ///   - selection: Which ones.
    ///   - now: The moment.
    /// - Returns: How many were failed and are queued now.
    /// - Throws: `CatalogueError`.
    public func retry(
        _ selection: RetrySelection, at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        try write { database in
            let time = now.timeIntervalSince1970
            switch selection {
            case .all:
                let count = try database.revive("state = 'failed'", at: time, [])
                // What is left is work on pictures that have an older description.
                try database.queueAfresh(.work, where: "state = 'failed'", [], at: time)
                return count + database.changesCount
            case .paths(let paths):
                return try paths.reduce(0) { count, path in
                    try count + database.revive(path, at: time)
                }
            case .under(let directory):
                return try database.revive(under: directory, at: time)
            }
        }
    }
}

extension Database {
    fileprivate func revive(_ path: FilePath, at time: Double) throws -> Int {
        try places(of: path).reduce(0) { count, place in
            guard place.relativePath.lastComponent != nil else { return count }
            let (directory, name) = try PathBytes.split(place.relativePath)
            return try count
                + revive(
                    """
                    state = 'failed' AND file_id IN (
                        SELECT id FROM file WHERE root_id = ? AND directory = ? AND name = ?)
                    """, at: time, [place.root.id, directory, name])
        }
    }

    fileprivate func revive(under directory: FilePath, at time: Double) throws -> Int {
        var count = 0
        for root in try roots() where root.path.starts(with: directory) {
            count += try revive(
                "state = 'failed' AND file_id IN (SELECT id FROM file WHERE root_id = ?)", at: time,
                [root.id])
        }
        for place in try places(of: directory) where !place.relativePath.isEmpty {
            let start = try PathBytes.directory(place.relativePath)
            count += try revive(
                """
                state = 'failed' AND file_id IN (
                    SELECT id FROM file WHERE root_id = ? AND directory >= ? AND directory < ?)
                """, at: time, [place.root.id, start, PathBytes.end(of: start)])
        }
        return count
    }

    fileprivate func revive(
        _ condition: String, at time: Double, _ arguments: StatementArguments
    ) throws -> Int {
        try queueAfresh(
            .work,
            where: """
                state = 'failed' AND asset_id IN (
                    SELECT asset_id FROM file WHERE id IN (SELECT file_id FROM job WHERE \(condition)))
                """, arguments, at: time)
        try queueAfresh(.job, where: condition, arguments, at: time)
        return changesCount
    }

    /// Where a path lies in the roots that hold it, the innermost root first.
    func places(of path: FilePath) throws -> [(root: Root, relativePath: FilePath)] {
        try roots()
            .sorted { $0.path.components.count > $1.path.components.count }
            .compactMap { root in
                var relativePath = path
                guard relativePath.removePrefix(root.path) else { return nil }
                return (root, relativePath)
            }
    }
}
