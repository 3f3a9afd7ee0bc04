public import Foundation
import GRDB

extension Catalogue {
    /// Records what was found to be true of a root.
    ///
    /// Several short transactions: when the process dies among them, the rest is found again by looking.
    ///
    /// - Parameters:
    ///   - observations: What was found, in the order in which it was found.
    ///   - rootID: The root that their paths are relative to.
    ///   - now: The moment from which files count as missing.
    ///   - whenQueued: Called as soon as files were queued while there is more to record, which may take
    ///     a while: half a million files that are missing at once are written down for half a minute.
    /// - Returns: How many files are queued, unchanged, back or missing because of it.
    /// - Throws: `CatalogueError`.
    public func observe(
        _ observations: [FileObservation], in rootID: Int64, at now: Date = Date(),
        whenQueued: () -> Void = {}
    ) throws(CatalogueError) -> ObservationOutcome {
        let known = try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT 1 FROM root WHERE id = ?", arguments: [rootID])
        }
        guard known != nil else {
            throw .invalid(reason: "root \(rootID) is not in the catalogue")
        }
        var recorder = ObservationRecorder(
            observations, rootID: rootID, now: now.timeIntervalSince1970)
        var told = 0
        try writeInSlices {
            // The transaction before this one is through.
            if recorder.outcome.queued > told { whenQueued() }
            told = recorder.outcome.queued
            recorder.beginTransaction()
        } _: { database in
            try recorder.advance(in: database)
        }
        return recorder.outcome
    }
}
