import GRDB
public import WorkQueue

/// The embeddings that a library has by one recipe.
public struct RecipeEmbeddings: Equatable, Sendable {
    /// The model that made them.
    public var model: String
    /// How many there are.
    public var count: Int
    /// What their numbers take, in bytes.
    public var bytes: Int
}

/// Embeddings that a model which is no longer in use has made.
///
/// They stay until somebody says otherwise: whoever goes back to that model has them at once, and needs hours for
/// making them again.
extension Catalogue {
    /// Embeddings by all recipes but one, those of the most first.
    ///
    /// - Throws: `CatalogueError`.
    public func embeddings(exceptBy recipe: Recipe) throws(CatalogueError) -> [RecipeEmbeddings] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT model, rows, rows * coalesce((SELECT length(vector) FROM embedding
                        WHERE embedding.recipe_id = recipe.id LIMIT 1), 0) AS bytes
                    FROM embedding_total JOIN recipe ON recipe.id = recipe_id
                    WHERE rows > 0 AND recipe.id <> ? ORDER BY rows DESC, recipe.id
                    """, arguments: [try database.knownRecipe(recipe) ?? 0]
            ).map { RecipeEmbeddings(model: $0["model"], count: $0["rows"], bytes: $0["bytes"]) }
        }
    }

    /// How many described pictures and clips a recipe has not embedded yet; those that it failed at do not count.
    ///
    /// Looks at every asset.
    ///
    /// - Throws: `CatalogueError`.
    public func notYetEmbedded(by recipe: Recipe) throws(CatalogueError) -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM asset
                    WHERE primary_id IS NULL AND orphaned_at IS NULL
                        AND EXISTS (SELECT 1 FROM described WHERE asset_id = asset.id)
                        AND NOT EXISTS (SELECT 1 FROM embedding
                            WHERE asset_id = asset.id AND recipe_id = ?1)
                        AND NOT EXISTS (SELECT 1 FROM work
                            WHERE asset_id = asset.id AND kind = 'embed' AND recipe_id = ?1
                                AND state = 'failed')
                    """, arguments: [try database.knownRecipe(recipe) ?? 0]) ?? 0
        }
    }

    /// Removes the embeddings of all recipes but one.
    ///
    /// Several short transactions; what is cut off goes on when it is asked for again. Descriptions stay.
    ///
    /// - Returns: How many were removed.
    /// - Throws: `CatalogueError.invalid` where the recipe has not embedded all that was described, so that what
    ///   would go is still of use; then nothing is removed.
    public func forgetEmbeddings(exceptBy recipe: Recipe) throws(CatalogueError) -> Int {
        let lacking = try notYetEmbedded(by: recipe)
        guard lacking == 0, try lastEmbedding(by: recipe) != nil else {
            throw .invalid(
                reason: "'\(recipe.model)' has not looked at \(lacking) of the described pictures "
                    + "and clips yet; nothing is forgotten before that")
        }
        var count = 0
        try writeInSlices { database in
            let kept = try database.knownRecipe(recipe)
            let old = try Int64.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT recipe_id FROM embedding_total WHERE rows > 0 AND recipe_id IS NOT ?
                        ORDER BY recipe_id LIMIT 1
                        """), arguments: [kept])
            guard let old, kept != nil else { return false }
            try database.run(
                """
                DELETE FROM embedding WHERE id IN (
                    SELECT id FROM embedding WHERE recipe_id = ? LIMIT 100)
                """, [old])
            count += database.changesCount
            return database.changesCount > 0
        }
        return count
    }
}
