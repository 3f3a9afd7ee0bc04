import Digests
import Foundation
import GRDB
import SystemPackage

/// What counts of what is said about an asset: people's words before sidecars', and both before the newest model's.
public struct WordsInForce: Equatable, Sendable {
    /// The caption; `nil` for none.
    public var caption: DescriptionDetails?
    /// The title; `nil` for none.
    public var title: DescriptionDetails?
    /// The tags, as they are written.
    public var tags: [String]
}

extension Catalogue {
    /// All that is said about the next assets, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - asset: The number of the last one that is known already; 0 at the beginning.
    ///   - limit: How many at most.
    /// - Returns: the assets with their numbers, none at the end.
    /// - Throws: `CatalogueError`.
    public func export(
        after asset: Int64, limit: Int
    ) throws(CatalogueError) -> [(number: Int64, asset: ExportedAsset)] {
        try read { database in
            try Int64.fetchAll(
                database.cachedStatement(
                    sql: "SELECT id FROM asset WHERE id > ? ORDER BY id LIMIT ?"),
                arguments: [asset, limit]
            ).compactMap { number in
                try database.exported(number).map { (number, $0) }
            }
        }
    }

    /// All that is said about some assets.
    ///
    /// - Parameter assets: Their numbers; those that are not there are left out.
    /// - Returns: the assets, in the order of the numbers.
    /// - Throws: `CatalogueError`.
    public func export(_ assets: [Int64]) throws(CatalogueError) -> [ExportedAsset] {
        try read { database in try assets.compactMap(database.exported) }
    }

    /// What counts of what is said about an asset, as every view of it shows it.
    ///
    /// - Parameter asset: Its number.
    /// - Returns: its words; none where it is not there.
    /// - Throws: `CatalogueError`.
    public func wordsInForce(of asset: Int64) throws(CatalogueError) -> WordsInForce {
        try read { database in
            let texts = try database.descriptions(of: asset)
            return WordsInForce(
                caption: texts.effectiveCaption, title: texts.effective(WrittenPrompt.title),
                tags: try database.tags(of: asset).map(\.text))
        }
    }

    /// How many assets there are.
    ///
    /// - Throws: `CatalogueError`.
    public func assetCount() throws(CatalogueError) -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT assets FROM asset_total") ?? 0 }
    }
}

extension Database {
    fileprivate func exported(_ asset: Int64) throws -> ExportedAsset? {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT asset.*, taken_at, camera, latitude, longitude
                    FROM asset LEFT JOIN capture ON asset_id = asset.id WHERE asset.id = ?
                    """), arguments: [asset])
        guard let row else { return nil }
        let described = try exportedRecipes(of: asset)
        let places = Dictionary(
            uniqueKeysWithValues: described.enumerated().map { ($1.number, $0) })
        let edits = try edits(of: asset)
        return ExportedAsset(
            identity: [UInt8](row["identity"] as Data).hexadecimal, kind: row["kind"],
            format: row["format"], width: row["width"], height: row["height"],
            duration: row["duration"], raw: row["is_raw"] ? true : nil,
            incomplete: row["is_incomplete"] ? true : nil, paths: try exportedPaths(of: asset),
            takenAt: row["taken_at"], camera: row["camera"], latitude: row["latitude"],
            longitude: row["longitude"], rating: row["rating"],
            texts: try exportedTexts(of: asset, places), tags: try exportedTags(of: asset, places),
            described: described.map(\.recipe), edits: edits.isEmpty ? nil : edits.map(\.exported))
    }

    private func exportedPaths(of asset: Int64) throws -> [ExportedPath] {
        try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT path, directory, name FROM file JOIN root ON root.id = root_id
                    WHERE asset_id = ? AND is_current = 1 AND missing_since IS NULL ORDER BY file.id
                    """), arguments: [asset]
        ).map { row in
            ExportedPath(
                PathBytes.path(row["path"] as Data)
                    .pushing(PathBytes.path(row["directory"], row["name"])))
        }
    }

    /// The recipes of an asset's words, those that described it and what else words of it name.
    private func exportedRecipes(
        of asset: Int64
    ) throws -> [(number: Int64, recipe: ExportedRecipe)] {
        try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT recipe.id, model, version, settings, at FROM (
                        SELECT recipe_id AS used FROM described WHERE asset_id = ?1
                        UNION SELECT recipe_id FROM description
                            WHERE asset_id = ?1 AND recipe_id IS NOT NULL
                        UNION SELECT recipe_id FROM asset_tag
                            WHERE asset_id = ?1 AND recipe_id IS NOT NULL)
                    JOIN recipe ON recipe.id = used
                    LEFT JOIN described ON described.asset_id = ?1
                        AND described.recipe_id = recipe.id
                    ORDER BY at, model, version, settings
                    """), arguments: [asset]
        ).map { row in
            (
                row["id"],
                ExportedRecipe(
                    model: row["model"], version: row["version"],
                    settings: [UInt8](row["settings"] as Data).hexadecimal, at: row["at"])
            )
        }
    }

    private func exportedTexts(
        of asset: Int64, _ places: [Int64: Int]
    ) throws -> [ExportedText] {
        try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT source, recipe_id, prompt, text, start_s, end_s FROM description
                    WHERE asset_id = ? ORDER BY source, prompt, coalesce(start_s, -1)
                    """), arguments: [asset]
        ).map { row in
            ExportedText(
                source: row["source"], recipe: (row["recipe_id"] as Int64?).flatMap { places[$0] },
                prompt: row["prompt"], text: row["text"], start: row["start_s"], end: row["end_s"])
        }.stablySorted { $0.recipe ?? -1 }
    }

    private func exportedTags(of asset: Int64, _ places: [Int64: Int]) throws -> [ExportedTag] {
        try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT name, written, source, recipe_id, probability, 0 AS is_removed
                        FROM asset_tag JOIN tag ON tag.id = tag_id WHERE asset_id = ?1
                    UNION ALL
                    SELECT name, written, source, recipe_id, probability, 1
                        FROM removed_tag JOIN tag ON tag.id = tag_id WHERE asset_id = ?1
                    ORDER BY is_removed, source, name
                    """), arguments: [asset]
        ).map { row in
            ExportedTag(
                name: row["name"], written: row["written"], source: row["source"],
                recipe: (row["recipe_id"] as Int64?).flatMap { places[$0] },
                probability: row["probability"], removed: row["is_removed"] ? true : nil)
        }.stablySorted { $0.recipe ?? -1 }
    }
}

extension EditRecord {
    fileprivate var exported: ExportedEdit {
        ExportedEdit(
            edit: uuid, at: at.timeIntervalSince1970, origin: author.origin.rawValue,
            author: author.name, change: change, undoes: undoes)
    }
}

extension Array {
    /// Sorted by a key; elements of equal keys keep their order.
    fileprivate func stablySorted(by key: (Element) -> Int) -> [Element] {
        enumerated().sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }
            .map(\.element)
    }
}
