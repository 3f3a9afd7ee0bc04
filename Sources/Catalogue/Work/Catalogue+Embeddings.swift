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
        try complete(lease, with: result, noting: { nil }, at: now)
    }

    /// As the other, and takes note of it for the progress in the same transaction.
    ///
    /// - Parameters:
    ///   - lease: Of kind `.embed`; if it is void, nothing is stored.
    ///   - result: The embeddings.
    ///   - done: Called at most once, if they are stored, for what to take note of.
    ///   - now: The moment.
    /// - Returns: Whether they were stored.
    /// - Throws: `CatalogueError`.
    public func complete(
        _ lease: WorkLease, with result: EmbeddedAsset, noting done: () -> DoneWork?,
        at now: Date = Date()
    ) throws(CatalogueError) -> Bool {
        guard lease.kind == .embed else {
            throw .invalid(
                reason: "work of kind \(lease.kind.rawValue) does not end with embeddings")
        }
        guard
            !result.embeddings.isEmpty
                || result.recipe.isOfSignatures && result.signature != nil
        else {
            throw .invalid(reason: "work of kind embed ends with one embedding at least")
        }
        return try write { database in
            guard try database.holds(lease) else { return false }
            try database.store(result, for: lease.asset)
            try database.run("DELETE FROM work WHERE id = ?", [lease.id])
            if let done = done() {
                let recipe = try database.recipeID(result.recipe, for: .embed)
                try database.noteDone([done], by: recipe, at: now)
            }
            return true
        }
    }

    /// Asks for the embeddings of pictures that were described before there was anything to make them, after
    /// everything that was never described.
    ///
    /// Reads in slices and writes in short transactions, from which on nothing else is wanted of kind
    /// `.embed`. Work that failed is left to `retry`.
    ///
    /// - Parameters:
    ///   - recipe: By what; one of signatures asks for these alone.
    ///   - signatures: The version of signatures that stills are to have as well; `nil` for none.
    ///   - now: The moment.
    ///   - shouldStop: Asked between slices; what was asked for until then stays so.
    /// - Returns: How many pictures were asked for that were not before.
    /// - Throws: `CatalogueError`.
    public func offerEmbeddings(
        by recipe: Recipe, signatures: Int? = nil, at now: Date = Date(),
        shouldStop: () -> Bool = { false }
    ) throws(CatalogueError) -> Int {
        let number = try write { try $0.recipeID(recipe, for: .embed) }
        try dropEmbeddingWork(exceptBy: number, shouldStop)
        var count = 0
        var last: Int64? = 0
        let lack = LackOfEmbedding(
            recipe: number, isEmbedding: !recipe.isOfSignatures, signatures: signatures)
        // Whoever is described from now on gets an embedding with it: a look at each once is enough.
        while let first = last, !shouldStop() {
            // Nearly all have one already, which reading tells without keeping anybody from writing.
            let (wanted, end) = try read { try $0.assets(with: lack, behind: first) }
            count += try want(embeddings: wanted, lack, by: recipe, at: now, shouldStop)
            last = end
        }
        return count
    }

    /// Lets go of what is wanted of other recipes and not in hand.
    private func dropEmbeddingWork(
        exceptBy recipe: Int64, _ shouldStop: () -> Bool
    ) throws(CatalogueError) {
        var last: Int64 = 0
        try writeInSlices { database in
            let works = try Int64.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT id FROM work WHERE id > ? AND kind = 'embed' AND state <> 'leased'
                            AND recipe_id <> ? ORDER BY id LIMIT 100
                        """), arguments: [last, recipe])
            for work in works {
                try database.run("DELETE FROM work WHERE id = ?", [work])
                last = work
            }
            return !works.isEmpty && !shouldStop()
        }
    }

    /// Asks for embeddings of assets in short transactions.
    ///
    /// - Returns: Of how many they were not wanted before.
    private func want(
        embeddings assets: [Int64], _ lack: LackOfEmbedding, by recipe: Recipe, at now: Date,
        _ shouldStop: () -> Bool
    ) throws(CatalogueError) -> Int {
        var count = 0
        var rest = assets[...]
        guard !rest.isEmpty else { return 0 }
        try writeInSlices { database in
            for asset in rest.prefix(100) {
                // It may have been looked at since it was read that it was not.
                guard try !database.assets(with: lack, behind: asset - 1, upTo: asset).isEmpty
                else { continue }
                let newness = try Int64.fetchOne(
                    database.cachedStatement(sql: "SELECT max(ctime) FROM file WHERE asset_id = ?"),
                    arguments: [asset])
                let order = WorkOrder(
                    asset: asset, kind: .embed, recipe: recipe, priority: .redo,
                    newness: newness ?? 0)
                count += try database.want(order, at: now.timeIntervalSince1970) ? 1 : 0
            }
            rest = rest.dropFirst(100)
            return !rest.isEmpty && !shouldStop()
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
                    number: row["id"], asset: row["asset_id"], embedding: StoredEmbedding(row))
            }
        }
    }

    /// An asset's embeddings by a recipe, in the order of their seconds; those of the asset that stands for it
    /// where another one does.
    ///
    /// - Returns: The asset that has them, and the embeddings; none where it was not looked at.
    /// - Throws: `CatalogueError`.
    public func embeddings(
        of asset: Int64, by recipe: Recipe
    ) throws(CatalogueError) -> (asset: Int64, embeddings: [StoredEmbedding]) {
        try read { database in
            let owner = try database.primary(of: asset) ?? asset
            guard let number = try database.knownRecipe(recipe) else { return (owner, []) }
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT second, scale, vector, fine FROM embedding
                        WHERE asset_id = ? AND recipe_id = ? ORDER BY second
                        """), arguments: [owner, number])
            return (owner, rows.map(StoredEmbedding.init))
        }
    }

    /// Single embeddings of a recipe, as exactly as they are known.
    ///
    /// - Parameters:
    ///   - places: Assets, each with the second of a clip or `nil` for a still.
    ///   - recipe: What made them.
    /// - Returns: One for each, `nil` where there is none.
    /// - Throws: `CatalogueError`.
    public func embeddings(
        at places: [(asset: Int64, second: Int32?)], by recipe: Recipe
    ) throws(CatalogueError) -> [StoredEmbedding?] {
        try read { database in
            guard let number = try database.knownRecipe(recipe) else {
                return places.map { _ in nil }
            }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT second, scale, vector, fine FROM embedding
                    WHERE asset_id = ? AND recipe_id = ? AND coalesce(second, -1) = ?
                    """)
            return try places.map { place in
                try Row.fetchOne(
                    statement, arguments: [place.asset, number, place.second ?? -1]
                ).map(StoredEmbedding.init)
            }
        }
    }

    /// Whether there is any embedding, whatever made it.
    ///
    /// - Throws: `CatalogueError`.
    public func hasEmbeddings() throws(CatalogueError) -> Bool {
        try read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM embedding)") ?? false
        }
    }

    /// The number of a recipe's last row; `nil` where it has none.
    ///
    /// - Throws: `CatalogueError`.
    public func lastEmbedding(by recipe: Recipe) throws(CatalogueError) -> Int64? {
        try read { database in
            try database.knownRecipe(recipe).flatMap { number in
                try Int64.fetchOne(
                    database.cachedStatement(
                        sql: "SELECT max(id) FROM embedding WHERE recipe_id = ?"),
                    arguments: [number])
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

/// What an asset can lack that a look at its pixels gives.
private struct LackOfEmbedding {
    /// The number of the recipe that is asked.
    var recipe: Int64
    /// Whether that makes embeddings.
    var isEmbedding: Bool
    /// The least version of signatures that will do; `nil` where none are wanted.
    var signatures: Int?
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

extension StoredEmbedding {
    fileprivate init(_ row: Row) {
        self.init(
            second: row["second"],
            values: (row["vector"] as Data).map { Int8(bitPattern: $0) }, scale: row["scale"],
            fine: (row["fine"] as Data?)?.map { Int8(bitPattern: $0) })
    }
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
        if let signature = result.signature { try store(signature, of: asset) }
        try run("DELETE FROM embedding WHERE asset_id = ? AND recipe_id = ?", [asset, recipe])
        for embedding in result.embeddings {
            try run(
                """
                INSERT OR IGNORE INTO embedding (asset_id, recipe_id, second, scale, vector, fine)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    asset, recipe, embedding.second, Double(embedding.scale),
                    Data(embedding.values.map { UInt8(bitPattern: $0) }),
                    embedding.fine.map { Data($0.map { UInt8(bitPattern: $0) }) },
                ])
        }
        try run(
            """
            DELETE FROM work WHERE asset_id = ? AND kind = 'embed' AND recipe_id = ?
                AND state <> 'leased'
            """, [asset, recipe])
    }

    /// Described assets behind one that lack something of which nothing is asked for; of those that stand for
    /// themselves.
    ///
    /// - Returns: The assets among the next so many, and the last of these; `nil` where there are no more.
    fileprivate func assets(
        with lack: LackOfEmbedding, behind asset: Int64
    ) throws -> (wanted: [Int64], last: Int64?) {
        let last = try Int64.fetchOne(
            cachedStatement(
                sql: """
                    SELECT max(id) FROM (SELECT id FROM asset WHERE id > ? ORDER BY id LIMIT 5000)
                    """), arguments: [asset])
        guard let last else { return ([], nil) }
        return (try assets(with: lack, behind: asset, upTo: last), last)
    }

    fileprivate func assets(
        with lack: LackOfEmbedding, behind asset: Int64, upTo last: Int64
    ) throws -> [Int64] {
        try Int64.fetchAll(
            cachedStatement(sql: Self.notEmbeddedSQL),
            arguments: [asset, last, lack.recipe, lack.signatures, lack.isEmbedding])
    }

    static let notEmbeddedSQL = """
        SELECT id FROM asset
        WHERE id > ?1 AND id <= ?2 AND primary_id IS NULL
            AND (?5 AND NOT EXISTS (SELECT 1 FROM embedding
                    WHERE asset_id = asset.id AND recipe_id = ?3)
                OR ?4 IS NOT NULL AND kind = 'still' AND NOT EXISTS (SELECT 1 FROM signature
                    WHERE asset_id = asset.id AND version >= ?4))
            AND NOT EXISTS (SELECT 1 FROM work
                WHERE asset_id = asset.id AND kind = 'embed' AND recipe_id = ?3)
            AND EXISTS (SELECT 1 FROM described WHERE asset_id = asset.id)
        ORDER BY id
        """

    static let embeddingsSQL = """
        SELECT id, asset_id, second, scale, vector FROM embedding
        WHERE recipe_id = ? AND id > ? ORDER BY id LIMIT ?
        """
}
