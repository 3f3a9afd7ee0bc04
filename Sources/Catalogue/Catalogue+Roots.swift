import Foundation
import GRDB
public import SystemPackage

extension Catalogue {
    /// The root at the absolute path `path`, made, online, if it is not known.
    ///
    /// One transaction.
    ///
    /// - Throws: `CatalogueError`.
    public func root(at path: FilePath) throws(CatalogueError) -> Root {
        guard path.isAbsolute else {
            throw .invalid(reason: "\"\(path)\" is not an absolute path; a root must be one")
        }
        let bytes = PathBytes.bytes(path)
        return try write { database in
            try database.execute(
                sql: "INSERT INTO root (path) VALUES (?) ON CONFLICT (path) DO NOTHING",
                arguments: [bytes])
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM root WHERE path = ?", arguments: [bytes])
            guard let row else { throw CatalogueError.invalid(reason: "no root at \(path)") }
            return Root(row)
        }
    }

    /// All roots, by path.
    ///
    /// - Throws: `CatalogueError`.
    public func roots() throws(CatalogueError) -> [Root] {
        try read { try $0.roots() }
    }

    /// Says which roots are worked on from now on; what is known of the others is kept and rests.
    ///
    /// Several short transactions.
    ///
    /// - Parameter rootIDs: The roots of this run.
    /// - Throws: `CatalogueError`.
    public func watchOnly(_ rootIDs: [Int64]) throws(CatalogueError) {
        try write { database in
            try database.execute(sql: "UPDATE root SET is_watched = 0 WHERE is_watched = 1")
            for root in rootIDs {
                try database.run("UPDATE root SET is_watched = 1 WHERE id = ?", [root])
            }
        }
        try findReadableFilesForWork()
    }

    /// Marks a root as out of reach with all its volumes: its jobs rest and nothing of it is removed.
    ///
    /// Several short transactions.
    ///
    /// - Throws: `CatalogueError`.
    public func setOffline(_ rootID: Int64, reason: String) throws(CatalogueError) {
        try write { database in
            try database.execute(
                sql: "UPDATE root SET is_online = 0, offline_reason = ? WHERE id = ?",
                arguments: [StoredText.clean(reason), rootID])
            try database.checkRoot(changed: rootID)
            try database.execute(
                sql: """
                    UPDATE volume SET is_online = 0, looked_through_at = NULL WHERE root_id = ?
                    """, arguments: [rootID])
        }
        try findReadableFilesForWork()
    }
}

extension Database {
    /// Makes sure that the last statement has changed the root.
    func checkRoot(changed rootID: Int64) throws {
        guard changesCount == 1 else {
            throw CatalogueError.invalid(reason: "root \(rootID) is not in the catalogue")
        }
    }

    /// All roots, by path.
    func roots() throws -> [Root] {
        try Row.fetchAll(self, sql: "SELECT * FROM root ORDER BY path").map(Root.init)
    }
}

extension Root {
    /// Reads a row of the table.
    init(_ row: Row) {
        let isOnline: Bool = row["is_online"]
        self.init(
            id: row["id"], path: PathBytes.path(row["path"] as Data),
            state: isOnline ? .online : .offline(reason: row["offline_reason"] ?? ""),
            isWatched: row["is_watched"])
    }
}
