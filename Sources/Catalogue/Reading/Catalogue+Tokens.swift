import Foundation
import GRDB
public import WorkQueue

/// A vision token where it is stored.
public struct TokenRow: Equatable, Sendable {
    /// The row's number.
    public var number: Int64
    /// The asset that it tells of.
    public var asset: Int64
    /// The token.
    public var token: VisionToken
}

extension Catalogue {
    /// The vision tokens of a recipe behind a row.
    ///
    /// - Parameters:
    ///   - recipe: What made them: model and questions.
    ///   - row: The number of the last row that is known; 0 for all.
    ///   - limit: The most to read.
    /// - Returns: The rows in the order of their numbers; fewer than asked for if there are no more.
    /// - Throws: `CatalogueError`.
    public func tokens(
        by recipe: Recipe, after row: Int64, limit: Int
    ) throws(CatalogueError) -> [TokenRow] {
        try read { database in
            guard let number = try database.knownRecipe(recipe) else { return [] }
            return try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT id, asset_id, second, vector FROM token
                        WHERE id > ? AND recipe_id = ? ORDER BY id LIMIT ?
                        """), arguments: [row, number, limit]
            ).map { row in
                TokenRow(
                    number: row["id"], asset: row["asset_id"],
                    token: VisionToken(
                        second: row["second"], elements: try HalfPrecision.decode(row["vector"])))
            }
        }
    }

    /// An asset's vision tokens by a recipe, in the order of time; those of the asset that stands for it where
    /// another one does.
    ///
    /// - Returns: The asset that has them, and the tokens.
    /// - Throws: `CatalogueError`.
    public func tokens(
        of asset: Int64, by recipe: Recipe
    ) throws(CatalogueError) -> (asset: Int64, tokens: [VisionToken]) {
        try read { database in
            let owner = try database.primary(of: asset) ?? asset
            guard let number = try database.knownRecipe(recipe) else { return (owner, []) }
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT second, vector FROM token
                        WHERE asset_id = ? AND recipe_id = ? ORDER BY coalesce(second, -1)
                        """), arguments: [owner, number])
            return (
                owner,
                try rows.map {
                    VisionToken(
                        second: $0["second"], elements: try HalfPrecision.decode($0["vector"]))
                }
            )
        }
    }
}
