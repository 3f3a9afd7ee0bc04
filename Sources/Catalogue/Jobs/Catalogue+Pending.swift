public import Foundation
import GRDB
public import WorkQueue

/// How much is left to do of files that can be read now.
public struct PendingWork: Equatable, Sendable {
    /// Files of which is to be found out what they hold.
    public var files = 0
    /// Pictures that are to be described for the first time.
    public var new = 0
    /// Pictures that are to be described again.
    public var redo = 0
    /// Pictures whose embeddings are to be made, described already.
    public var embeddings = 0
    /// How many of the new ones are clips.
    public var newClips = 0
    /// How many of those to be described again are clips.
    public var redoneClips = 0

    /// Builds a count of nothing.
    public init() {}

    /// All together.
    public var total: Int { files + new + redo + embeddings }
}

extension Catalogue {
    /// How much is queued or in hand, of files that are there, on volumes that are online, in roots that
    /// are watched.
    ///
    /// Files that wait for work are counted with the work; sidecars are files.
    ///
    /// - Parameter recipe: Counts only work by this recipe, which a worker can do that has its model;
    ///   `nil` for all.
    /// - Returns: The numbers of files and of works.
    /// - Throws: `CatalogueError`.
    public func pending(by recipe: Recipe? = nil) throws(CatalogueError) -> PendingWork {
        try read { database in
            // No recipe has the number 0: of one that is not known there is no work.
            let number = try recipe.map { try database.knownRecipe($0) ?? 0 }
            return try database.pending(byRecipes: number.map { [$0] })
        }
    }

    /// The first moment after `now` at which something can be done without any other news: a pause
    /// ends, a lease runs out, the grace of something missing is over.
    ///
    /// - Parameters:
    ///   - now: The moment that has been dealt with.
    ///   - grace: How long missing files are kept; `nil` where their removal is somebody else's.
    /// - Returns: The moment, always later than `now`; `nil` if only news can change anything.
    /// - Throws: `CatalogueError`.
    public func nextWakeUp(after now: Date, grace: Duration?) throws(CatalogueError) -> Date? {
        let time = now.timeIntervalSince1970
        return try read { database in
            var moments = try Double.fetchAll(
                database, sql: Database.pausesSQL, arguments: ["now": time])
            if let grace {
                moments += try database.removals(after: time, grace: grace / .seconds(1))
            }
            return moments.filter { $0 > time }.min().map(Date.init(timeIntervalSince1970:))
        }
    }
}

extension Database {
    /// The number of a recipe, if the catalogue has it.
    func knownRecipe(_ recipe: Recipe) throws -> Int64? {
        let statement = try cachedStatement(
            sql: "SELECT id FROM recipe WHERE model = ? AND version = ? AND settings = ?")
        return try Int64.fetchOne(statement, arguments: Self.values(of: recipe))
    }

    /// When the grace of something missing is over next.
    fileprivate func removals(after time: Double, grace: Double) throws -> [Double] {
        let files = try Double.fetchAll(
            self, sql: Self.missingSinceSQL, arguments: ["since": time - grace])
        let orphan = try hasOpenJobs() ? nil : try nextOrphan(after: time - grace)
        return (files + (orphan.map { [$0] } ?? [])).map { $0 + grace }
    }

    /// How much is queued or in hand; of some recipes' work alone, or of all for `nil`.
    func pending(byRecipes numbers: [Int64]?) throws -> PendingWork {
        var pending = PendingWork()
        pending.files = try Int.fetchOne(cachedStatement(sql: Self.pendingFilesSQL)) ?? 0
        let rows = try Row.fetchAll(
            cachedStatement(sql: Self.pendingWorkSQL),
            arguments: ["recipes": numbers.map { "\($0)" }])
        for row in rows {
            let works: Int = row["works"]
            let clips = row["is_clip"] == 1 ? works : 0
            if row["kind"] == WorkKind.embed.rawValue {
                pending.embeddings += works
            } else if row["priority"] == 0 {
                pending.new += works
                pending.newClips += clips
            } else {
                pending.redo += works
                pending.redoneClips += clips
            }
        }
        return pending
    }

    static let pendingFilesSQL = """
        SELECT coalesce(sum(files), 0) FROM (
            SELECT files FROM job_total WHERE volume_id IN (SELECT id FROM live_volume)
                AND is_held = 0 AND state IN ('queued', 'leased')
            UNION ALL
            SELECT files FROM sidecar_total WHERE volume_id IN (SELECT id FROM live_volume)
                AND is_held = 0 AND state IN ('queued', 'leased'))
        """

    static let pendingWorkSQL = """
        SELECT kind, priority, is_clip, sum(works) AS works
        FROM work_total CROSS JOIN recipe ON recipe.id = recipe_id
        WHERE (state = 'leased'
                OR state = 'queued' AND volume_id IN (SELECT id FROM live_volume))
            AND (:recipes IS NULL
                OR recipe_id IN (SELECT value FROM json_each(:recipes)))
        GROUP BY kind, priority, is_clip
        """

    static let pausesSQL = """
        SELECT (SELECT min(not_before) FROM job WHERE volume_id = live_volume.id
            AND state = 'queued' AND is_held = 0 AND not_before > :now) AS moment
        FROM live_volume WHERE moment IS NOT NULL
        UNION ALL
        SELECT (SELECT min(not_before) FROM work WHERE volume_id = live_volume.id
            AND state = 'queued' AND not_before > :now) AS moment
        FROM live_volume WHERE moment IS NOT NULL
        UNION ALL
        SELECT * FROM (SELECT min(leased_until) AS moment FROM work
            WHERE state = 'leased' AND leased_until > :now)
        WHERE moment IS NOT NULL
        """

    /// From when the grace of missing files counts, volume by volume, as far as it is not over.
    static let missingSinceSQL = """
        SELECT max(looked_through_at, (SELECT min(missing_since) FROM file
            WHERE volume_id = live_volume.id AND missing_since > :since)) AS moment
        FROM live_volume WHERE looked_through_at <= :since AND moment IS NOT NULL
        UNION ALL
        SELECT looked_through_at FROM live_volume WHERE looked_through_at > :since
            AND EXISTS (SELECT 1 FROM file
                WHERE volume_id = live_volume.id AND missing_since IS NOT NULL)
        """
}
