public import Foundation
import GRDB
public import MediaDecoding
public import SystemPackage

/// Which files to look into once more, of those that were looked into already.
public struct RereadSelection: Equatable, Sendable {
    /// Files, and directories with all below them, absolute; empty for everything.
    public var paths: [FilePath]
    /// Also those that the present codecs have read.
    public var includesCurrent: Bool

    /// Builds a selection from its parts.
    public init(paths: [FilePath] = [], includesCurrent: Bool = false) {
        self.paths = paths
        self.includesCurrent = includesCurrent
    }
}

extension Catalogue {
    /// How many files `reread` would queue.
    ///
    /// - Throws: `CatalogueError`.
    public func rereadCandidates(
        _ selection: RereadSelection, codecs: Int = CodecsVersion.current
    ) throws(CatalogueError) -> Int {
        try candidates(selection, codecs: codecs).count
    }

    /// Queues files to be looked into once more: for dates, places, texts and pairs that earlier codecs
    /// did not know.
    ///
    /// Several short transactions; a kill among them leaves the rest for the next time. What is known of a
    /// file stays until it was read, and nothing is described again whose picture is the same.
    ///
    /// - Parameters:
    ///   - selection: Which ones.
    ///   - codecs: The version of the codecs that are there now.
    ///   - now: The moment.
    /// - Returns: How many are queued because of it.
    /// - Throws: `CatalogueError`.
    public func reread(
        _ selection: RereadSelection, codecs: Int = CodecsVersion.current, at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        var jobs = try candidates(selection, codecs: codecs)[...]
        var count = 0
        try writeInSlices { database in
            for job in jobs.prefix(100) {
                // It may have been queued since it was chosen.
                try database.queueAfresh(
                    .job, where: "id = ? AND state = 'done'", [job], at: now.timeIntervalSince1970)
                count += database.changesCount
            }
            jobs = jobs.dropFirst(100)
            return !jobs.isEmpty
        }
        return count
    }

    private func candidates(
        _ selection: RereadSelection, codecs: Int
    ) throws(CatalogueError) -> [Int64] {
        try read { database in
            var conditions = ["state = 'done'", "is_sidecar = 0"]
            var arguments = StatementArguments()
            if !selection.includesCurrent {
                conditions.append("(codecs IS NULL OR codecs < ?)")
                arguments += [codecs]
            }
            if !selection.paths.isEmpty {
                let files = try database.files(below: selection.paths)
                conditions.append("file_id IN (SELECT id FROM file WHERE \(files.sql))")
                arguments += files.arguments
            }
            return try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM job WHERE \(conditions.joined(separator: " AND ")) ORDER BY id
                    """, arguments: arguments)
        }
    }
}
