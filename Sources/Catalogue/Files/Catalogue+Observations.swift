public import Foundation
import GRDB

extension Catalogue {
    /// Records what was found to be true of a root.
    ///
    /// One transaction for the whole batch.
    ///
    /// - Parameters:
    ///   - observations: What was found, in the order in which it was found.
    ///   - rootID: The root that their paths are relative to.
    ///   - now: The moment from which files count as missing.
    /// - Returns: How many files are queued, unchanged, back or missing because of it.
    /// - Throws: `CatalogueError`.
    public func observe(
        _ observations: [FileObservation], in rootID: Int64, at now: Date = Date()
    ) throws(CatalogueError) -> ObservationOutcome {
        try write { database in
            let known = try Bool.fetchOne(
                database, sql: "SELECT 1 FROM root WHERE id = ?", arguments: [rootID])
            guard known != nil else {
                throw CatalogueError.invalid(reason: "root \(rootID) is not in the catalogue")
            }
            var recorder = ObservationRecorder(
                database: database, rootID: rootID, now: now.timeIntervalSince1970)
            for observation in observations {
                try recorder.record(observation)
            }
            return recorder.outcome
        }
    }
}
