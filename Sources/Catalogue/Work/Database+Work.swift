import Foundation
import GRDB
import WorkQueue

extension Database {
    /// Whether what is ordered is there already.
    func isDone(_ order: WorkOrder) throws -> Bool {
        let table = order.kind == .describe ? "described" : "embedding"
        let statement = try cachedStatement(
            sql: "SELECT 1 FROM \(table) WHERE asset_id = ? AND recipe_id = ? LIMIT 1")
        return try Bool.fetchOne(
            statement, arguments: [order.asset, try recipeID(order.recipe, for: order.kind)])
            ?? false
    }

    /// Makes sure that something is wanted.
    ///
    /// - Returns: Whether it was not, or had been given up.
    func want(_ order: WorkOrder, at time: Double) throws -> Bool {
        let values: StatementArguments = [
            order.asset, order.kind.rawValue, try recipeID(order.recipe, for: order.kind),
        ]
        try run(
            """
            INSERT INTO work
                (asset_id, kind, recipe_id, priority, newness, volume_id, updated_at, is_clip)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, asset.kind = 'video' FROM asset WHERE id = ?1
            ON CONFLICT (asset_id, kind, recipe_id) DO UPDATE SET state = 'queued',
                number = number + 1, attempts = 0, interruptions = 0, not_before = NULL,
                last_error = NULL, priority = excluded.priority, newness = excluded.newness,
                updated_at = excluded.updated_at
                WHERE state = 'failed'
            """,
            values + [
                order.priority.rawValue, order.newness, try liveVolume(of: order.asset), time,
            ])
        if changesCount > 0 { return true }
        // Wanted before, and now perhaps more urgently.
        try run(
            """
            UPDATE work SET priority = ?4
            WHERE asset_id = ?1 AND kind = ?2 AND recipe_id = ?3 AND priority > ?4
            """, values + [order.priority.rawValue])
        return false
    }

    /// Whether the lease still stands.
    func holds(_ lease: WorkLease) throws -> Bool {
        try holds(.work, lease.id, number: lease.number)
    }

    /// Lends work to somebody, the attempt counted.
    func lend(
        _ work: Int64, to worker: String, until: Date?, at time: Double
    ) throws -> WorkLease? {
        try lend(.work, work, to: worker, moment: until?.timeIntervalSince1970, at: time)
        let statement = try cachedStatement(
            sql: """
                SELECT work.*, model, version, settings
                FROM work JOIN recipe ON recipe.id = recipe_id WHERE work.id = ?
                """)
        return try Row.fetchOne(statement, arguments: [work]).flatMap(WorkLease.init)
    }

    /// Takes back what was lent out until a moment that is over.
    func takeBack(expiredBy time: Double) throws {
        let statement = try cachedStatement(
            sql: "SELECT id FROM work WHERE state = 'leased' AND leased_until <= ?")
        for work in try Int64.fetchAll(statement, arguments: [time]) {
            try interrupt(work: work, at: time)
        }
    }

    /// Puts work back whose worker is gone; the attempt does not count, the interruption does.
    func interrupt(work: Int64, at time: Double) throws {
        guard let reason = try interrupt(.work, work, at: time) else { return }
        try giveUp(work: work, reason: reason, at: time)
    }

    /// Ends work as failed, and the jobs of files that wait for it unless other work may help them.
    ///
    /// What the asset stood for is described on its own from then on. `codecs`: the version of the codecs,
    /// if it is they that cannot read the files.
    func giveUp(work: Int64, reason: String, codecs: Int? = nil, at time: Double) throws {
        try run(
            """
            UPDATE work SET state = 'failed', last_error = ?, codecs = ?, not_before = NULL,
                leased_until = NULL, owner = NULL, updated_at = ?
            WHERE id = ?
            """, [reason, codecs, time, work])
        try run(
            """
            UPDATE job SET state = 'failed', last_error = ?1, updated_at = ?2, codecs = ?4,
                attempts = (SELECT attempts FROM work WHERE id = ?3)
            WHERE state = 'waiting' AND file_id IN (
                SELECT file.id FROM file JOIN work ON work.asset_id = file.asset_id
                WHERE work.id = ?3 AND work.kind = 'describe' AND is_current = 1
                    AND NOT EXISTS (SELECT 1 FROM work AS other
                        WHERE other.asset_id = file.asset_id AND other.kind = 'describe'
                            AND other.state <> 'failed'))
            """, [reason, time, work, codecs])
        let asset = try Int64.fetchOne(
            cachedStatement(sql: "SELECT asset_id FROM work WHERE id = ?"), arguments: [work])
        if let asset { try pairsLeft(by: asset, time: time) }
    }

    /// Queues work as if it had never been tried.
    func tryAgain(work: Int64, at time: Double) throws {
        try queueAfresh(.work, where: "id = ?", [work], at: time)
    }

    /// Ends the job of the one file that was tried, if others wait for the same work, which goes on to them.
    ///
    /// - Returns: Whether there are others.
    func giveUp(
        file: Int64, of lease: WorkLease, reason: String, codecs: Int?, at time: Double
    ) throws -> Bool {
        guard lease.kind == .describe else { return false }
        let other = try Int64.fetchOne(
            cachedStatement(
                sql: """
                    SELECT file.id FROM file JOIN job ON job.file_id = file.id
                    WHERE asset_id = ? AND is_current = 1 AND state = 'waiting' AND file.id <> ? LIMIT 1
                    """), arguments: [lease.asset, file])
        guard other != nil else { return false }
        try run(
            """
            UPDATE job SET state = 'failed', last_error = ?, attempts = ?, codecs = ?, updated_at = ?
            WHERE file_id = ? AND state = 'waiting'
            """, [reason, lease.attempt, codecs, time, file])
        try tryAgain(work: lease.id, at: time)
        return true
    }

    /// The numbers of recipes that the catalogue knows; all of them for `nil`.
    func recipeIDs(_ recipes: Set<Recipe>?) throws -> [Int64] {
        guard let recipes else {
            return try Int64.fetchAll(cachedStatement(sql: "SELECT id FROM recipe"))
        }
        return try recipes.compactMap(knownRecipe)
    }

    /// The next work's number, and how often it was interrupted: the best by each index.
    func nextWork(
        _ kinds: Set<WorkKind>, _ recipes: [Int64], at now: Double
    ) throws -> (id: Int64, interruptions: Int)? {
        let order = { (row: Row) -> (Int, Int, Int, Int64, Int64) in
            (
                row["priority"], row["interruptions"], row["attempts"],
                ~(row["newness"] as Int64), row["id"]
            )
        }
        var best: Row?
        for volume in try liveVolumes() {
            for kind in kinds {
                for recipe in recipes {
                    let next = try nextWork(on: volume, kind, recipe, at: now)
                    guard let next else { continue }
                    if let best, order(best) < order(next) { continue }
                    best = next
                }
            }
        }
        return best.map { ($0["id"], $0["interruptions"]) }
    }

    /// The next work whose asset has a file that can be read on the volume; work that has none there is
    /// sent to where it has one.
    private func nextWork(
        on volume: Int64, _ kind: WorkKind, _ recipe: Int64, at now: Double
    ) throws -> Row? {
        let statement = try cachedStatement(sql: Self.nextWorkSQL)
        while let next = try Row.fetchOne(
            statement, arguments: [volume, kind.rawValue, recipe, now])
        {
            if kind == .embed || next["priority"] == 0, try primary(of: next["asset_id"]) != nil {
                try dropWork(next["id"], kind, ofCompanion: next["asset_id"], at: now)
                continue
            }
            let readable = try liveVolume(of: next["asset_id"])
            if readable != nil { return next }
            try run("UPDATE work SET volume_id = NULL WHERE id = ?", [next["id"] as Int64])
        }
        return nil
    }

    /// Nothing is wanted of an asset that another one stands for.
    private func dropWork(
        _ work: Int64, _ kind: WorkKind, ofCompanion asset: Int64, at time: Double
    ) throws {
        switch kind {
        case .describe: try dropDescription(ofCompanion: asset, at: time)
        case .embed: try run("DELETE FROM work WHERE id = ?", [work])
        }
    }

    static let nextWorkSQL = """
        SELECT id, asset_id, priority, interruptions, attempts, newness FROM work
        WHERE volume_id = ? AND kind = ? AND recipe_id = ? AND state = 'queued'
            AND (not_before IS NULL OR not_before <= ?)
        ORDER BY priority, interruptions, attempts, newness DESC, id LIMIT 1
        """
}

extension WorkLease {
    /// Reads a row of `work` joined with its recipe.
    init?(_ row: Row) {
        guard let kind = WorkKind(rawValue: row["kind"]),
            let priority = WorkPriority(rawValue: row["priority"])
        else { return nil }
        self.init(
            id: row["id"], number: row["number"], asset: row["asset_id"], kind: kind,
            recipe: Recipe(
                model: row["model"], version: row["version"],
                settings: [UInt8](row["settings"] as Data)),
            priority: priority, attempt: row["attempts"])
    }
}
