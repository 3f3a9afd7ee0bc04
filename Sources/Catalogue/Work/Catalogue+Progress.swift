public import Foundation
import GRDB
public import WorkQueue

extension Catalogue {
    /// How far the work is, of files that can be read now.
    ///
    /// What is left is measured by what it lately cost: clips by clips, files of which nothing is known yet by
    /// whatever files turned out to be. That is kept across restarts, for each recipe apart.
    ///
    /// - Parameters:
    ///   - recipe: Whose rate of describing; `nil` for the one that was last at work.
    ///   - embedding: Whose rate of making embeddings; `nil` where none are made.
    ///   - onlyTheirWork: Whether to leave out what is wanted of other recipes.
    /// - Returns: Each kind of work with what is done, left, and the rate if that is known.
    /// - Throws: `CatalogueError`.
    public func progress(
        by recipe: Recipe? = nil, embeddingBy embedding: Recipe? = nil, onlyTheirWork: Bool = false
    ) throws(CatalogueError) -> WorkProgress {
        try read { database in
            // No recipe has the number 0: of one that is not known there is no work.
            let number = try recipe.map { try database.knownRecipe($0) ?? 0 }
            let embedder = try embedding.flatMap { try database.knownRecipe($0) } ?? 0
            let pending = try database.pending(
                byRecipes: onlyTheirWork ? number.map { [$0, embedder] } : nil)
            let pace = try database.pace(ofRecipe: number)
            let done = try database.workDone()
            let toDescribe = pace.seconds(
                stills: pending.new - pending.newClips, clips: pending.newClips)
            let toFind = pending.files > 0 ? pace.newItem.map { $0 * Double(pending.files) } : 0
            var progress = WorkProgress()
            progress.new = WorkProgress.Part(
                done: done[WorkDone.new] ?? 0, left: pending.files + pending.new,
                rate: pace.newItem.map { 1 / $0 },
                secondsLeft: toDescribe.flatMap { seconds in toFind.map { seconds + $0 } })
            progress.redo = WorkProgress.Part(
                done: done[WorkDone.redo] ?? 0, left: pending.redo,
                rate: pace.redoneItem.map { 1 / $0 },
                secondsLeft: pace.seconds(
                    stills: pending.redo - pending.redoneClips, clips: pending.redoneClips))
            let perEmbedding = try database.pace(ofRecipe: embedder).anyItem
            progress.embeddings = WorkProgress.Part(
                done: done[WorkDone.embeddings] ?? 0, left: pending.embeddings,
                rate: perEmbedding.map { 1 / $0 },
                secondsLeft: perEmbedding.map { $0 * Double(pending.embeddings) })
            return progress
        }
    }

    /// Takes note of what was done, for the progress.
    ///
    /// One transaction.
    ///
    /// - Parameters:
    ///   - work: What was done, at the same time.
    ///   - recipe: By what.
    ///   - now: The moment.
    /// - Throws: `CatalogueError`.
    public func noteDone(
        _ work: [DoneWork], by recipe: Recipe, at now: Date = Date()
    ) throws(CatalogueError) {
        try write { database in
            try database.noteDone(work, by: try database.recipeID(recipe), at: now)
        }
    }
}

/// What is counted together in `work_done`, by the number in its column `priority`.
private enum WorkDone {
    static let new = WorkPriority.new.rawValue
    static let redo = WorkPriority.redo.rawValue
    static let embeddings = 2

    static func number(of work: DoneWork) -> Int {
        work.work == .embed ? embeddings : work.priority.rawValue
    }
}

extension Database {
    /// So many minutes of work are kept for each recipe.
    private static let keptMinutes = 60

    /// Takes note of what a recipe has done.
    func noteDone(_ work: [DoneWork], by recipe: Int64, at now: Date) throws {
        let pending = try pending(byRecipes: nil)
        let minute = Int64(now.timeIntervalSince1970 / 60)
        for part in work where part.items > 0 {
            let left =
                switch (part.work, part.priority) {
                case (.embed, _): pending.embeddings
                case (.describe, .new): pending.files + pending.new
                case (.describe, .redo): pending.redo
                }
            try noteDone(part, by: recipe, minute: minute, isLast: left == 0)
        }
    }

    fileprivate func noteDone(
        _ work: DoneWork, by recipe: Int64, minute: Int64, isLast: Bool
    ) throws {
        try run(
            """
            INSERT INTO work_done (priority, items, is_over) VALUES (?, ?, ?)
            ON CONFLICT (priority) DO UPDATE SET is_over = excluded.is_over,
                items = CASE WHEN is_over THEN 0 ELSE items END + excluded.items
            """, [WorkDone.number(of: work), work.items, isLast])
        let isKnownMinute = try Bool.fetchOne(
            cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM pace WHERE recipe_id = ? AND minute = ?)"),
            arguments: [recipe, minute])
        try run(
            """
            INSERT INTO pace (recipe_id, minute, priority, kind, items, seconds)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (recipe_id, minute, priority, kind) DO UPDATE
                SET items = items + excluded.items, seconds = seconds + excluded.seconds
            """,
            [recipe, minute, work.priority.rawValue, work.kind.rawValue, work.items, work.seconds])
        guard isKnownMinute != true else { return }
        try run(
            """
            DELETE FROM pace WHERE recipe_id = ?1 AND minute < (
                SELECT min(minute) FROM (SELECT DISTINCT minute FROM pace WHERE recipe_id = ?1
                    ORDER BY minute DESC LIMIT \(Self.keptMinutes)))
            """, [recipe])
    }

    /// What was done lately by a recipe; by the one that was last at work for `nil`.
    fileprivate func pace(ofRecipe number: Int64?) throws -> Pace {
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT priority, kind, items, seconds FROM pace
                WHERE recipe_id = coalesce(?, (SELECT recipe_id FROM pace ORDER BY minute DESC LIMIT 1))
                ORDER BY minute DESC
                """, arguments: [number])
        return Pace(
            done: rows.compactMap { row in
                guard let kind = DoneWork.Kind(rawValue: row["kind"]),
                    let priority = WorkPriority(rawValue: row["priority"])
                else { return nil }
                return DoneWork(kind, priority, items: row["items"], seconds: row["seconds"])
            })
    }

    /// What was done since there was last nothing left.
    fileprivate func workDone() throws -> [Int: Int] {
        var done: [Int: Int] = [:]
        for row in try Row.fetchAll(self, sql: "SELECT priority, items FROM work_done") {
            done[row["priority"]] = row["items"]
        }
        return done
    }
}
