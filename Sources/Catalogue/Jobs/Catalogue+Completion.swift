public import Foundation
import GRDB
public import WorkQueue

extension Catalogue {
    /// Stores what a model said of an asset and ends the job, and with it the jobs that waited for
    /// the same asset.
    ///
    /// One transaction.
    ///
    /// An earlier result of the same recipe is replaced; those of other recipes, and what people or
    /// sidecar files say, stay as they are.
    ///
    /// Nothing is stored for a void lease. The file has changed since, nobody knows at which moment,
    /// so that the pixels may not be those of the asset that the job began with.
    ///
    /// - Parameters:
    ///   - job: The lease, which `identified` answered with `.needsDescription`.
    ///   - assetID: The asset that it named.
    ///   - result: What the model said.
    ///   - now: The moment.
    /// - Returns: Whether the result was stored; `false` if the lease is void, as after a first call.
    /// - Throws: `CatalogueError`.
    public func complete(
        _ job: LeasedJob, assetID: Int64, with result: DescribedAsset, at now: Date = Date()
    ) throws(CatalogueError) -> Bool {
        try complete(job, assetID: assetID, with: result, at: now) { store in
            for token in result.tokens { try store(token) }
        }
    }

    /// Stores what a model said of an asset whose tokens are too many to hold in memory.
    ///
    /// As the other, but for where the tokens come from.
    ///
    /// - Parameters:
    ///   - job: The lease.
    ///   - assetID: The asset that it named.
    ///   - result: What the model said; its own tokens are not looked at.
    ///   - now: The moment.
    ///   - tokens: Called at most once, within the transaction, with what to hand each token to;
    ///     must not use the catalogue. What it throws rolls everything back.
    /// - Returns: Whether the result was stored; `false` if the lease is void.
    /// - Throws: `CatalogueError`.
    public func complete(
        _ job: LeasedJob, assetID: Int64, with result: DescribedAsset, at now: Date = Date(),
        tokens: (_ store: (VisionToken) throws -> Void) throws -> Void
    ) throws(CatalogueError) -> Bool {
        let time = now.timeIntervalSince1970
        return try write { database in
            guard try database.holds(job), try database.isDescribing(assetID, job) else {
                return false
            }
            let recipe = try database.recipe(result.recipe)
            try database.clear(assetID, of: recipe)
            try database.store(result.texts, for: assetID, by: recipe)
            try database.store(tags: result.tags, for: assetID, by: recipe)
            try tokens { try database.store($0, for: assetID, by: recipe) }
            try database.run(
                "INSERT OR REPLACE INTO described (asset_id, recipe_id, at) VALUES (?, ?, ?)",
                [assetID, recipe, time])
            try database.run(
                """
                UPDATE job SET state = 'done', awaits = NULL, interruptions = 0,
                    last_error = NULL, updated_at = ?
                WHERE awaits = ?
                """, [time, assetID])
            try database.finish(job, at: time)
            try database.refreshSearch(assetID)
            return true
        }
    }
}

extension Database {
    fileprivate func isDescribing(_ asset: Int64, _ job: LeasedJob) throws -> Bool {
        let statement = try cachedStatement(
            sql: "SELECT 1 FROM job WHERE id = ? AND describing = ?")
        return try Bool.fetchOne(statement, arguments: [job.id, asset]) ?? false
    }

    fileprivate func recipe(_ recipe: Recipe) throws -> Int64 {
        let values: StatementArguments = [
            StoredText.clean(recipe.model), StoredText.clean(recipe.version),
            // SQLite stores empty bytes as NULL when bound; no settings are one zero byte.
            Data(recipe.settings.isEmpty ? [0] : recipe.settings),
        ]
        try run(
            """
            INSERT INTO recipe (model, version, settings) VALUES (?, ?, ?)
            ON CONFLICT (model, version, settings) DO NOTHING
            """, values)
        let id = try Int64.fetchOne(
            self, sql: "SELECT id FROM recipe WHERE model = ? AND version = ? AND settings = ?",
            arguments: values)
        guard let id else { throw CatalogueError.invalid(reason: "a recipe has no number") }
        return id
    }

    fileprivate func clear(_ asset: Int64, of recipe: Int64) throws {
        for table in ["description", "asset_tag", "token"] {
            try run("DELETE FROM \(table) WHERE asset_id = ? AND recipe_id = ?", [asset, recipe])
        }
    }

    fileprivate func store(_ texts: [ModelText], for asset: Int64, by recipe: Int64) throws {
        for text in texts {
            try run(
                """
                INSERT OR REPLACE INTO description
                    (asset_id, source, recipe_id, prompt, text, start_s, end_s)
                VALUES (?, 'model', ?, ?, ?, ?, ?)
                """,
                [
                    asset, recipe, StoredText.clean(text.prompt), StoredText.clean(text.text),
                    text.span?.start, text.span?.end,
                ])
        }
    }

    fileprivate func store(_ token: VisionToken, for asset: Int64, by recipe: Int64) throws {
        try run(
            "INSERT INTO token (asset_id, recipe_id, second, vector) VALUES (?, ?, ?, ?)",
            [asset, recipe, token.second, try HalfPrecision.encode(token.elements)])
    }

    fileprivate func store(tags: [String], for asset: Int64, by recipe: Int64) throws {
        for tag in tags.map(StoredText.clean) where !tag.isEmpty {
            try run("INSERT INTO tag (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [tag])
            try run(
                """
                INSERT OR IGNORE INTO asset_tag (asset_id, tag_id, source, recipe_id)
                SELECT ?, id, 'model', ? FROM tag WHERE name = ?
                """, [asset, recipe, tag])
        }
    }
}
