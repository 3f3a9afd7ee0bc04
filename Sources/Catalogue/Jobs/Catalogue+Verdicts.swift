public import Foundation
import GRDB

extension Catalogue {
    /// Tries again what earlier codecs could not read.
    ///
    /// Several short transactions; a kill among them leaves the rest for the next time. What failed for
    /// another reason stays as it is.
    ///
    /// - Parameters:
    ///   - codecs: The version of the codecs that are there now.
    ///   - now: The moment.
    /// - Returns: How many files are queued because of it.
    /// - Throws: `CatalogueError`.
    public func retryVerdicts(
        olderThan codecs: Int, at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        let time = now.timeIntervalSince1970
        var count = 0
        try writeInSlices { database in
            let jobs = try Int64.fetchAll(
                database.cachedStatement(sql: Database.olderVerdictsSQL("job")),
                arguments: [codecs])
            for job in jobs {
                try database.queueAfresh(.job, where: "id = ?", [job], at: time)
            }
            count += jobs.count
            return !jobs.isEmpty
        }
        try writeInSlices { database in
            let works = try Int64.fetchAll(
                database.cachedStatement(sql: Database.olderVerdictsSQL("work")),
                arguments: [codecs])
            for work in works { try database.tryAgain(work: work, at: time) }
            return !works.isEmpty
        }
        return count
    }
}

extension Database {
    /// Failures of a table's that are the verdicts of codecs older than a version.
    static func olderVerdictsSQL(_ table: String) -> String {
        """
        SELECT id FROM \(table) WHERE state = 'failed' AND codecs IS NOT NULL AND codecs < ?
        ORDER BY codecs, id LIMIT 100
        """
    }
}
