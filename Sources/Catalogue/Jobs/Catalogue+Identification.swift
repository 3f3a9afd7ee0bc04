import FileSystem
public import Foundation
import GRDB
public import MediaDecoding
public import WorkQueue

extension Catalogue {
    /// Records what leased jobs' files hold, and says what is to be done with each.
    ///
    /// One transaction.
    ///
    /// Equal identities are the same asset: it is described once, now or ever. Where it was not, the work
    /// is lent to this caller, so that the picture is decoded in the same visit.
    ///
    /// - Parameters:
    ///   - found: The leases, and what was found.
    ///   - recipe: By what assets are to be described that no recipe has described yet.
    ///   - codecs: The version of the codecs that looked.
    ///   - now: The moment.
    /// - Returns: What is to be done, job by job.
    /// - Throws: `CatalogueError`.
    public func identified(
        _ found: [(job: LeasedJob, facts: AssetFacts)], wanting recipe: Recipe,
        codecs: Int = CodecsVersion.current, at now: Date = Date()
    ) throws(CatalogueError) -> [Identification] {
        for (job, facts) in found where facts.identity.isEmpty {
            throw .invalid(reason: "\(job.path): no identity was found")
        }
        let time = now.timeIntervalSince1970
        return try write { database in
            try found.map { job, facts in
                try database.identify(job, as: facts, wanting: recipe, codecs: codecs, at: time)
            }
        }
    }

    /// As the other, for a single job.
    public func identified(
        _ job: LeasedJob, as facts: AssetFacts, wanting recipe: Recipe,
        codecs: Int = CodecsVersion.current, at now: Date = Date()
    ) throws(CatalogueError) -> Identification {
        try identified([(job, facts)], wanting: recipe, codecs: codecs, at: now).first
            ?? .superseded
    }

    /// Whether a model has described the asset.
    ///
    /// - Throws: `CatalogueError`.
    public func isDescribed(_ assetID: Int64) throws(CatalogueError) -> Bool {
        try read { try $0.isDescribed(assetID) }
    }
}

extension Database {
    fileprivate func identify(
        _ job: LeasedJob, as facts: AssetFacts, wanting recipe: Recipe, codecs: Int,
        at time: Double
    ) throws -> Identification {
        guard try holds(job) else { return .superseded }
        let (asset, isNew) = try asset(facts, at: time)
        try link(job, to: asset, isNew: isNew, facts, at: time)
        if try !isNew && isDescribed(asset) || primary(of: asset) != nil {
            try finish(job, codecs: codecs, at: time)
            return .described(assetID: asset)
        }
        var work = try firstDescription(of: asset, by: recipe, for: job, at: time)
        if work["state"] == WorkState.failed.rawValue {
            // Another file failed that has the same identity: it may be damaged where this one is whole.
            try tryAgain(work: work["id"], at: time)
            work = try firstDescription(of: asset, by: recipe, for: job, at: time)
        }
        try wait(job, codecs: codecs, at: time)
        if try awaitsPrimary(facts, ofFile: job.fileID) {
            try postpone(work: work["id"], at: time)
            return .waiting(assetID: asset)
        }
        let isReady =
            work["state"] == WorkState.queued.rawValue
            && (work["not_before"] as Double? ?? time) <= time
        let needsQuiet = work["interruptions"] as Int >= maximumSharedInterruptions
        guard try isReady && !(needsQuiet && inHand().any),
            let lease = try lend(work["id"], to: job.owner, until: nil, at: time)
        else { return .waiting(assetID: asset) }
        return .needsDescription(lease)
    }

    /// The work that describes an asset for the first time: what is in hand, or what is wanted, made if
    /// it is not.
    private func firstDescription(
        of asset: Int64, by recipe: Recipe, for job: LeasedJob, at time: Double
    ) throws -> Row {
        let recipeID = try recipeID(recipe)
        try run(
            """
            INSERT INTO work
                (asset_id, kind, recipe_id, priority, newness, interruptions, volume_id, updated_at,
                    is_clip)
            SELECT ?1, 'describe', ?2, 0, ?3, interruptions, volume_id, ?4,
                    (SELECT asset.kind = 'video' FROM asset WHERE id = ?1)
                FROM job WHERE id = ?5
                AND NOT EXISTS (SELECT 1 FROM work
                    WHERE asset_id = ?1 AND kind = 'describe' AND state = 'leased')
            ON CONFLICT (asset_id, kind, recipe_id) DO UPDATE SET priority = 0,
                newness = max(newness, excluded.newness),
                interruptions = max(interruptions, excluded.interruptions)
            """, [asset, recipeID, job.status.changed, time, job.id])
        let statement = try cachedStatement(
            sql: """
                SELECT * FROM work WHERE asset_id = ? AND kind = 'describe'
                ORDER BY state = 'leased' DESC, recipe_id = ? DESC LIMIT 1
                """)
        guard let work = try Row.fetchOne(statement, arguments: [asset, recipeID]) else {
            throw CatalogueError.invalid(reason: "work has no number")
        }
        return work
    }

    /// The asset with this identity, made if it is new.
    private func asset(_ facts: AssetFacts, at time: Double) throws -> (id: Int64, isNew: Bool) {
        let identity = Data(facts.identity)
        let values: StatementArguments = [
            facts.kind.rawValue, StoredText.clean(facts.format), facts.width, facts.height,
            facts.duration, facts.isRaw, facts.isIncomplete, identity,
        ]
        let known = try Int64.fetchOne(
            cachedStatement(sql: "SELECT id FROM asset WHERE identity = ?"), arguments: [identity])
        guard let known else {
            try run(
                """
                INSERT INTO asset (kind, format, width, height, duration, is_raw, is_incomplete,
                    identity, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, values + [time])
            return (lastInsertedRowID, true)
        }
        try run(
            """
            UPDATE asset SET kind = ?, format = ?, width = ?, height = ?, duration = ?, is_raw = ?,
                is_incomplete = ?, orphaned_at = NULL
            WHERE identity = ?
            """, values)
        return (known, false)
    }

    /// The job's file holds the asset, verified, and no other.
    private func link(
        _ job: LeasedJob, to asset: Int64, isNew: Bool, _ facts: AssetFacts, at time: Double
    ) throws {
        let before = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT asset_id, is_current, texts, sidecar_id, root_id, volume_id, directory,
                        name, content_identifier
                    FROM file WHERE id = ?
                    """), arguments: [job.fileID])
        guard let before else { return }
        var place = PairPlace(before)
        place.contentIdentifier = facts.contentIdentifier.map(StoredText.clean)
        let texts = try StoredFacts.text(facts.texts)
        let sidecar = try sidecar(
            ofFile: place.name, in: place.directory, root: place.root, volume: place.volume)
        let capture = facts.capture
        try run(
            """
            UPDATE file SET asset_id = ?, is_current = 1, taken_at = ?, camera = ?,
                latitude = ?, longitude = ?, texts = ?, sidecar_id = ?, content_identifier = ?
            WHERE id = ?
            """,
            [
                asset, capture.takenAt.map(StoredText.clean), capture.camera.map(StoredText.clean),
                capture.latitude, capture.longitude, texts, sidecar,
                place.contentIdentifier, job.fileID,
            ])
        if let sidecar { try note(sidecar: sidecar, of: asset) }
        let former: Int64? = before["asset_id"]
        let isSame = before["texts"] == texts && before["sidecar_id"] == sidecar
        if former != asset || !(before["is_current"] as Bool) || !isSame {
            if let former, former != asset { try fileLeft(former, at: time) }
            if isNew, former == nil, texts == nil, sidecar == nil {
                try addToSearch(asset, named: place.directory + place.name)
            } else {
                try refreshTexts(asset)
            }
        }
        try refreshPairs(at: place, time: time)
    }

    /// Whether a file beside is still to be looked into that may turn out to stand for this one.
    private func awaitsPrimary(_ facts: AssetFacts, ofFile file: Int64) throws -> Bool {
        let mayBeStoodFor =
            facts.isRaw
            || facts.kind == .video
                && (facts.contentIdentifier != nil || PairRules.isShort(facts.duration))
        guard mayBeStoodFor, let place = try pairPlace(ofFile: file) else { return false }
        return try awaitsPrimary(place)
    }

    /// Leaves work alone until the file beside is known, or for a while if it takes long.
    private func postpone(work: Int64, at time: Double) throws {
        try run(
            """
            UPDATE work SET not_before = ? WHERE id = ? AND state = 'queued' AND not_before IS NULL
            """, [time + 30, work])
    }

    func isDescribed(_ asset: Int64) throws -> Bool {
        let statement = try cachedStatement(
            sql: "SELECT 1 FROM described WHERE asset_id = ? LIMIT 1")
        return try Bool.fetchOne(statement, arguments: [asset]) ?? false
    }

    /// Nothing was tried that could have failed: the attempt is given back.
    private func wait(_ job: LeasedJob, codecs: Int, at time: Double) throws {
        try run(
            """
            UPDATE job SET state = 'waiting', attempts = max(attempts - 1, 0), interruptions = 0,
                last_error = NULL, codecs = ?, leased_at = NULL, owner = NULL, updated_at = ?
            WHERE id = ?
            """, [codecs, time, job.id])
    }

    /// The job is done.
    func finish(_ job: LeasedJob, codecs: Int, at time: Double) throws {
        try run(
            """
            UPDATE job SET state = 'done', interruptions = 0, leased_at = NULL, owner = NULL,
                last_error = NULL, codecs = ?, updated_at = ?
            WHERE id = ?
            """, [codecs, time, job.id])
    }
}
