import Foundation
import GRDB
public import SystemPackage

/// What to look for.
public struct SearchQuery: Equatable, Sendable {
    /// Words, all of which must be found, by their beginnings, in texts, tags or names; phrases in
    /// double quotes, found exactly; `-` before either for what must not be there.
    ///
    /// Any text is allowed; an empty one finds everything.
    public var text: String
    /// Tags that must all be there, whole.
    public var tags: [String]
    /// Stills or videos only.
    public var kind: AssetKind?
    /// The largest number of hits.
    public var limit: Int
    /// How many of the best hits to leave out.
    public var offset: Int

    /// Builds a query from its parts.
    public init(
        _ text: String, tags: [String] = [], kind: AssetKind? = nil, limit: Int = 50,
        offset: Int = 0
    ) {
        self.text = text
        self.tags = tags
        self.kind = kind
        self.limit = limit
        self.offset = offset
    }
}

/// An asset that was found.
public struct SearchHit: Equatable, Sendable {
    /// The asset.
    public var assetID: Int64
    /// A still or a video.
    public var kind: AssetKind
    /// Where it is: never empty.
    public var files: [FileLocation]
    /// The caption that counts.
    public var caption: String?
    /// The tags.
    public var tags: [String]
    /// When it was taken, as one of the files says.
    public var takenAt: String?
}

/// Where a file is.
public struct FileLocation: Equatable, Sendable {
    /// Its root, absolute.
    public var root: FilePath
    /// Its path below the root.
    public var relativePath: FilePath
    /// Whether the file's volume can be read at present.
    public var isOnline: Bool

    /// Its absolute path.
    public var path: FilePath { root.pushing(relativePath) }
}

extension Catalogue {
    /// Finds assets, the best first.
    ///
    /// Files that are missing, or changed and not yet looked at again, are not found; those in
    /// roots that are offline are.
    ///
    /// - Throws: `CatalogueError`; never for what the text says.
    public func search(_ query: SearchQuery) throws(CatalogueError) -> [SearchHit] {
        let expression = SearchExpression(query.text)
        guard !expression.isHopeless else { return [] }
        return try read { database in
            let (sql, arguments) = Database.searchSQL(query, expression)
            return try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap { row in
                try database.hit(row["id"], kind: row["kind"])
            }
        }
    }
}

extension Database {
    /// A word in a text weighs more than one in a tag, since texts are long and tags repeat them;
    /// names weigh least, as most are a camera's.
    static func searchSQL(
        _ query: SearchQuery, _ expression: SearchExpression
    ) -> (sql: String, arguments: StatementArguments) {
        var conditions = [
            """
            EXISTS (SELECT 1 FROM file WHERE file.asset_id = asset.id
                AND missing_since IS NULL AND is_current = 1)
            """
        ]
        var arguments = StatementArguments()
        if let wanted = expression.wanted {
            conditions.append("search MATCH ?")
            arguments += [wanted]
        }
        if let unwanted = expression.unwanted {
            conditions.append("asset.id NOT IN (SELECT rowid FROM search WHERE search MATCH ?)")
            arguments += [unwanted]
        }
        if let kind = query.kind {
            conditions.append("asset.kind = ?")
            arguments += [kind.rawValue]
        }
        for tag in query.tags {
            conditions.append(
                """
                asset.id IN (SELECT asset_id FROM asset_tag WHERE tag_id =
                    (SELECT id FROM tag WHERE name = ?))
                """)
            arguments += [StoredText.clean(tag)]
        }
        arguments += [max(query.limit, 0), max(query.offset, 0)]
        let isRanked = expression.wanted != nil
        let sql = """
            SELECT asset.id, asset.kind
            FROM \(isRanked ? "search CROSS JOIN asset ON asset.id = search.rowid" : "asset")
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(isRanked ? "bm25(search, 4.0, 2.0, 1.0), " : "")asset.id DESC
            LIMIT ? OFFSET ?
            """
        return (sql, arguments)
    }

    fileprivate func hit(_ asset: Int64, kind: String) throws -> SearchHit? {
        guard let kind = AssetKind(rawValue: kind) else { return nil }
        let statement = try cachedStatement(
            sql: """
                SELECT root.path, volume.is_online, directory, name, taken_at
                FROM file JOIN root ON root.id = file.root_id
                    JOIN volume ON volume.id = file.volume_id
                WHERE asset_id = ? AND missing_since IS NULL AND is_current = 1 ORDER BY file.id
                """)
        let rows = try Row.fetchAll(statement, arguments: [asset])
        return SearchHit(
            assetID: asset, kind: kind,
            files: rows.map { row in
                FileLocation(
                    root: PathBytes.path(row["path"] as Data),
                    relativePath: PathBytes.path(row["directory"], row["name"]),
                    isOnline: row["is_online"])
            },
            caption: try descriptions(of: asset).caption, tags: try tags(of: asset),
            takenAt: rows.lazy.compactMap { $0["taken_at"] as String? }.first)
    }
}
