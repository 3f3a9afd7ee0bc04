public import Foundation
import GRDB
public import WorkQueue

extension Catalogue {
    /// Stores what a model said of an asset and ends the work, and with it the jobs of files that waited
    /// for it.
    ///
    /// One transaction, until which the asset keeps the texts that it had.
    ///
    /// An earlier result of the same recipe is replaced; those of other recipes, and what people or
    /// sidecar files say, stay as they are. The recipe that counts is that of the result.
    ///
    /// - Parameters:
    ///   - lease: The lease; if it is void, nothing is stored.
    ///   - result: What the model said.
    ///   - now: The moment.
    ///   - tokens: Called at most once, within the transaction, with what to hand further tokens to, for
    ///     clips that have too many to hold in memory; must not use the catalogue. What it throws rolls
    ///     everything back.
    /// - Returns: Whether the result was stored.
    /// - Throws: `CatalogueError`.
    public func complete(
        _ lease: WorkLease, with result: DescribedAsset, at now: Date = Date(),
        tokens: (_ store: (VisionToken) throws -> Void) throws -> Void = { _ in }
    ) throws(CatalogueError) -> Bool {
        try complete(lease, with: result, noting: { nil }, at: now, tokens: tokens)
    }

    /// As the other, and takes note of it for the progress in the same transaction.
    ///
    /// - Parameters:
    ///   - lease: The lease; if it is void, nothing is stored.
    ///   - result: What the model said.
    ///   - done: Called at most once, if the result is stored, for what to take note of.
    ///   - now: The moment.
    ///   - tokens: As there.
    /// - Returns: Whether the result was stored.
    /// - Throws: `CatalogueError`.
    public func complete(
        _ lease: WorkLease, with result: DescribedAsset, noting done: () -> DoneWork?,
        at now: Date = Date(),
        tokens: (_ store: (VisionToken) throws -> Void) throws -> Void = { _ in }
    ) throws(CatalogueError) -> Bool {
        guard lease.kind == .describe else {
            throw .invalid(reason: "work of kind \(lease.kind.rawValue) does not end with texts")
        }
        let time = now.timeIntervalSince1970
        return try write { database in
            guard try database.holds(lease) else { return false }
            let recipe = try database.recipeID(result.recipe)
            try database.clear(lease.asset, of: recipe)
            try database.store(result.texts, for: lease.asset, by: recipe)
            try database.store(tags: result.tags, for: lease.asset, by: recipe)
            for token in result.tokens { try database.store(token, for: lease.asset, by: recipe) }
            try tokens { try database.store($0, for: lease.asset, by: recipe) }
            try database.run(
                """
                INSERT INTO described (asset_id, recipe_id, at) VALUES (?, ?, ?)
                ON CONFLICT (asset_id, recipe_id) DO UPDATE SET at = excluded.at
                """, [lease.asset, recipe, time])
            if let signature = result.signature {
                try database.store(signature, of: lease.asset)
            }
            if let embedded = result.embedded {
                try database.store(embedded, for: lease.asset)
            }
            try database.finish(lease, recipe: recipe, at: time)
            try database.refreshSearch(lease.asset)
            try database.refreshPairs(ofAsset: lease.asset, time: time)
            if let done = done() { try database.noteDone([done], by: recipe, at: now) }
            return true
        }
    }
}

extension Database {
    /// The work is done, and so is what was wanted besides only because nothing was there yet.
    fileprivate func finish(_ lease: WorkLease, recipe: Int64, at time: Double) throws {
        try run("DELETE FROM work WHERE id = ?", [lease.id])
        try run(
            """
            DELETE FROM work WHERE asset_id = ? AND kind = 'describe' AND state <> 'leased'
                AND (priority = 0 OR recipe_id = ?)
            """, [lease.asset, recipe])
        try run(
            """
            UPDATE job SET state = 'done', attempts = ?, interruptions = 0, last_error = NULL,
                updated_at = ?
            WHERE state = 'waiting'
                AND file_id IN (SELECT id FROM file WHERE asset_id = ? AND is_current = 1)
            """, [lease.attempt, time, lease.asset])
    }

    /// The number of a recipe, made if it is new.
    func recipeID(_ recipe: Recipe, for kind: WorkKind = .describe) throws -> Int64 {
        if let known = try knownRecipe(recipe) { return known }
        try run(
            "INSERT INTO recipe (model, version, settings, kind) VALUES (?, ?, ?, ?)",
            Self.values(of: recipe) + [kind.rawValue])
        return lastInsertedRowID
    }

    /// Model, version and settings, as they are stored.
    static func values(of recipe: Recipe) -> StatementArguments {
        [
            StoredText.clean(recipe.model), StoredText.clean(recipe.version),
            // SQLite stores empty bytes as NULL when bound; no settings are one zero byte.
            Data(recipe.settings.isEmpty ? [0] : recipe.settings),
        ]
    }

    fileprivate func clear(_ asset: Int64, of recipe: Int64) throws {
        for table in ["description", "asset_tag", "removed_tag", "token"] {
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

    fileprivate func store(tags: [ModelTag], for asset: Int64, by recipe: Int64) throws {
        for tag in tags {
            let name = StoredText.clean(tag.name)
            guard !name.isEmpty else { continue }
            try run("INSERT INTO tag (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [name])
            try run(
                """
                INSERT OR IGNORE INTO asset_tag (asset_id, tag_id, source, recipe_id, probability)
                SELECT ?, id, 'model', ?, ? FROM tag WHERE name = ?
                """, [asset, recipe, tag.probability.map { min(max($0, 0), 1) }, name])
        }
    }
}
