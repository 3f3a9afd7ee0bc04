public import Foundation
import GRDB
public import SystemPackage
public import WorkQueue

/// Which pictures to describe again.
///
/// What is given must all hold; the description that counts is the newest.
public struct RedoSelection: Equatable, Sendable {
    /// Files, and directories with all below them, absolute; empty for everything.
    public var paths: [FilePath]
    /// The name of the model that described them.
    public var describedBy: String?
    /// They were described before this moment.
    public var before: Date?
    /// They carry this tag, whole.
    public var tag: String?
    /// Also those that the wanted recipe has described.
    public var includesCurrent: Bool

    /// Builds a selection from its parts.
    public init(
        paths: [FilePath] = [], describedBy: String? = nil, before: Date? = nil,
        tag: String? = nil, includesCurrent: Bool = false
    ) {
        self.paths = paths
        self.describedBy = describedBy
        self.before = before
        self.tag = tag
        self.includesCurrent = includesCurrent
    }
}

extension Catalogue {
    /// How many pictures `redo` would describe again.
    ///
    /// - Throws: `CatalogueError`.
    public func redoCandidates(
        _ selection: RedoSelection, wanting recipe: Recipe
    ) throws(CatalogueError) -> Int {
        try candidates(selection, wanting: recipe).count
    }

    /// How many pictures have been described, but not by `recipe`: as many as `redoCandidates` of all.
    ///
    /// Reads two counts.
    ///
    /// - Throws: `CatalogueError`.
    public func olderDescriptions(than recipe: Recipe) throws(CatalogueError) -> Int {
        try read { database in
            // No recipe has the number 0.
            let number = try database.knownRecipe(recipe) ?? 0
            return try Int.fetchOne(
                database,
                sql: """
                    SELECT assets - coalesce((SELECT owned_assets FROM recipe WHERE id = ?), 0)
                    FROM described_total
                    """, arguments: [number]) ?? 0
        }
    }

    /// Asks for pictures to be described again, after everything that was never described.
    ///
    /// Several short transactions. Until a new description is stored the old one counts. Pictures of which
    /// the same is wanted already are left as they are.
    ///
    /// - Parameters:
    ///   - selection: Which ones; only those that have been described.
    ///   - recipe: By what.
    ///   - now: The moment.
    /// - Returns: How many were asked for that were not before.
    /// - Throws: `CatalogueError`.
    public func redo(
        _ selection: RedoSelection, wanting recipe: Recipe, at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        var assets = try candidates(selection, wanting: recipe)[...]
        var count = 0
        try writeInSlices { database in
            for asset in assets.prefix(100) {
                let newness = try Int64.fetchOne(
                    database.cachedStatement(sql: "SELECT max(ctime) FROM file WHERE asset_id = ?"),
                    arguments: [asset])
                let order = WorkOrder(
                    asset: asset, kind: .describe, recipe: recipe, priority: .redo,
                    newness: newness ?? 0)
                count += try database.want(order, at: now.timeIntervalSince1970) ? 1 : 0
            }
            assets = assets.dropFirst(100)
            return !assets.isEmpty
        }
        return count
    }

    private func candidates(
        _ selection: RedoSelection, wanting recipe: Recipe
    ) throws(CatalogueError) -> [Int64] {
        try read { database in
            var conditions = ["EXISTS (SELECT 1 FROM file WHERE asset_id = asset.id)"]
            var arguments = StatementArguments()
            if !selection.includesCurrent {
                conditions.append(
                    """
                    NOT EXISTS (SELECT 1 FROM described JOIN recipe ON recipe.id = recipe_id
                        WHERE asset_id = asset.id AND model = ? AND version = ? AND settings = ?)
                    """)
                arguments += Database.values(of: recipe)
            }
            if let model = selection.describedBy {
                conditions.append(
                    "(SELECT model FROM recipe WHERE id = \(Database.newestOfAsset)) = ?")
                arguments += [StoredText.clean(model)]
            }
            if let before = selection.before {
                conditions.append("(SELECT max(at) FROM described WHERE asset_id = asset.id) < ?")
                arguments += [before.timeIntervalSince1970]
            }
            if let tag = selection.tag {
                conditions.append(
                    """
                    asset.id IN (SELECT asset_id FROM asset_tag JOIN tag ON tag.id = tag_id
                        WHERE name = ? AND (recipe_id IS NULL
                            OR recipe_id = \(Database.newestOfAsset)))
                    """)
                arguments += [StoredText.clean(tag)]
            }
            if !selection.paths.isEmpty {
                let files = try database.files(below: selection.paths)
                conditions.append("asset.id IN (SELECT asset_id FROM file WHERE \(files.sql))")
                arguments += files.arguments
            }
            return try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM asset
                    WHERE EXISTS (SELECT 1 FROM described WHERE asset_id = asset.id)
                        AND \(conditions.joined(separator: " AND ")) ORDER BY id
                    """, arguments: arguments)
        }
    }
}

extension Database {
    /// The recipe that described a row of `asset` last.
    fileprivate static let newestOfAsset = """
        (SELECT recipe_id FROM described WHERE described.asset_id = asset.id
            ORDER BY at DESC, recipe_id DESC LIMIT 1)
        """
}
