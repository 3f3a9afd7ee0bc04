public import Foundation
import GRDB
public import WorkQueue

extension Catalogue {
    /// Stores embeddings and ends their work.
    ///
    /// One transaction. Earlier ones of the same recipe are replaced; those of other recipes stay. They
    /// belong to the asset: where its files go, and what is written into them beside the picture, is nothing
    /// to them.
    ///
    /// - Parameters:
    ///   - lease: Of kind `.embed`; if it is void, nothing is stored.
    ///   - result: The embeddings.
    ///   - now: The moment.
    /// - Returns: Whether they were stored.
    /// - Throws: `CatalogueError`.
    public func complete(
        _ lease: WorkLease, with result: EmbeddedAsset, at now: Date = Date()
    ) throws(CatalogueError) -> Bool {
        guard lease.kind == .embed else {
            throw .invalid(
                reason: "work of kind \(lease.kind.rawValue) does not end with embeddings")
        }
        guard !result.embeddings.isEmpty else {
            throw .invalid(reason: "work of kind embed ends with one embedding at least")
        }
        return try write { database in
            guard try database.holds(lease) else { return false }
            try database.store(result, for: lease.asset)
            try database.run("DELETE FROM work WHERE id = ?", [lease.id])
            return true
        }
    }

    /// Asks for the embeddings of pictures that were described before there was anything to make them, after
    /// everything that was never described.
    ///
    /// Several short transactions, from which on nothing else is wanted of kind `.embed`. Work that failed is
    /// left to `retry`.
    ///
    /// - Parameters:
    ///   - recipe: By what.
    ///   - now: The moment.
    /// - Returns: How many pictures were asked for that were not before.
    /// - Throws: `CatalogueError`.
    public func offerEmbeddings(
        by recipe: Recipe, at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        let time = now.timeIntervalSince1970
        var count = 0
        var last: Int64 = 0
        try writeInSlices { database in
            let number = try database.recipeID(recipe, for: .embed)
            if last == 0 {
                try database.run(
                    """
                    DELETE FROM work WHERE kind = 'embed' AND state <> 'leased' AND recipe_id <> ?
                    """, [number])
            }
            let rows = try Row.fetchAll(
                database.cachedStatement(sql: Database.notEmbeddedSQL), arguments: [last, number])
            for row in rows {
                last = row["id"]
                guard row["is_wanted"] else { continue }
                let order = WorkOrder(
                    asset: last, kind: .embed, recipe: recipe, priority: .redo,
                    newness: row["newness"] ?? 0)
                count += try database.want(order, at: time) ? 1 : 0
            }
            return !rows.isEmpty
        }
        return count
    }

    /// The embeddings of a recipe behind a row, in the order in which they were stored.
    ///
    /// - Parameters:
    ///   - recipe: What made them.
    ///   - row: The number of the last row that is known; 0 for all.
    ///   - limit: The most to read.
    /// - Returns: The rows; fewer than asked for if there are no more.
    /// - Throws: `CatalogueError`.
    public func embeddings(
        by recipe: Recipe, after row: Int64, limit: Int
    ) throws(CatalogueError) -> [EmbeddingRow] {
        try read { database in
            guard let number = try database.knownRecipe(recipe) else { return [] }
            return try Row.fetchAll(
                database.cachedStatement(sql: Database.embeddingsSQL),
                arguments: [number, row, limit]
            ).map { row in
                EmbeddingRow(
                    number: row["id"], asset: row["asset_id"],
                    embedding: StoredEmbedding(
                        second: row["second"],
                        values: (row["vector"] as Data).map { Int8(bitPattern: $0) },
                        scale: row["scale"]))
            }
        }
    }

    /// How many embeddings a recipe has; reads one row.
    ///
    /// - Throws: `CatalogueError`.
    public func embeddingCount(by recipe: Recipe) throws(CatalogueError) -> EmbeddingCount {
        try read { database in
            guard let number = try database.knownRecipe(recipe) else { return EmbeddingCount() }
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: "SELECT rows, removed FROM embedding_total WHERE recipe_id = ?"),
                arguments: [number])
            return row.map { EmbeddingCount(rows: $0["rows"], removed: $0["removed"]) }
                ?? EmbeddingCount()
        }
    }
}

/// An embedding where it is stored.
public struct EmbeddingRow: Equatable, Sendable {
    /// The row's number, which rises from row to row and is never used again.
    public var number: Int64
    /// The asset that it tells of.
    public var asset: Int64
    /// The embedding.
    public var embedding: StoredEmbedding
}

/// How many embeddings there are and were.
public struct EmbeddingCount: Equatable, Sendable {
    /// How many there are.
    public var rows = 0
    /// How many there were besides, replaced or gone with their assets: while this stays the same, nothing
    /// that was read has become wrong.
    public var removed = 0

    /// Builds a count of nothing.
    public init() {}

    init(rows: Int, removed: Int) {
        self.rows = rows
        self.removed = removed
    }
}

extension Database {
    /// Stores embeddings in place of earlier ones of the same recipe; nothing is wanted of it any more.
    func store(_ result: EmbeddedAsset, for asset: Int64) throws {
        let recipe = try recipeID(result.recipe, for: .embed)
        try run("DELETE FROM embedding WHERE asset_id = ? AND recipe_id = ?", [asset, recipe])
        for embedding in result.embeddings {
            try run(
                """
                INSERT OR IGNORE INTO embedding (asset_id, recipe_id, second, scale, vector)
                VALUES (?, ?, ?, ?, ?)
                """,
                [
                    asset, recipe, embedding.second, Double(embedding.scale),
                    Data(embedding.values.map { UInt8(bitPattern: $0) }),
                ])
        }
        try run(
            """
            DELETE FROM work WHERE asset_id = ? AND kind = 'embed' AND recipe_id = ?
                AND state <> 'leased'
            """, [asset, recipe])
    }

    /// Assets behind one that have been described, and whether their embedding is to be wanted: of those that
    /// stand for themselves.
    static let notEmbeddedSQL = """
        SELECT id, (SELECT max(ctime) FROM file WHERE asset_id = asset.id) AS newness,
            primary_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM embedding
                WHERE asset_id = asset.id AND recipe_id = ?2)
            AND NOT EXISTS (SELECT 1 FROM work
                WHERE asset_id = asset.id AND kind = 'embed' AND recipe_id = ?2)
            AND EXISTS (SELECT 1 FROM described WHERE asset_id = asset.id) AS is_wanted
        FROM asset WHERE id > ?1 ORDER BY id LIMIT 200
        """

    static let embeddingsSQL = """
        SELECT id, asset_id, second, scale, vector FROM embedding
        WHERE recipe_id = ? AND id > ? ORDER BY id LIMIT ?
        """
}
