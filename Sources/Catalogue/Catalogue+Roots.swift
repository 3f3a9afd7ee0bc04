public import Foundation
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

    /// Marks a root as readable, with the mount points that belong to it.
    ///
    /// One transaction.
    ///
    /// - Throws: `CatalogueError`.
    public func setOnline(_ rootID: Int64, mounts: [FilePath]) throws(CatalogueError) {
        // No path holds a zero byte, which therefore separates them.
        let list = Data(mounts.map(PathBytes.bytes).joined(separator: [0]))
        try change(
            rootID, "UPDATE root SET is_online = 1, offline_reason = NULL, mounts = ? WHERE id = ?",
            [list.isEmpty ? nil : list, rootID])
    }

    /// Marks a root as out of reach: its jobs rest and nothing of it is removed.
    ///
    /// One transaction.
    ///
    /// - Throws: `CatalogueError`.
    public func setOffline(_ rootID: Int64, reason: String) throws(CatalogueError) {
        try change(
            rootID, "UPDATE root SET is_online = 0, offline_reason = ? WHERE id = ?",
            [StoredText.clean(reason), rootID])
    }

    /// Removes a root, its files and their jobs.
    ///
    /// One transaction.
    ///
    /// What was seen in files that lie nowhere else goes with the next `removeExpired`.
    ///
    /// - Throws: `CatalogueError`.
    public func forgetRoot(_ rootID: Int64, at now: Date = Date()) throws(CatalogueError) {
        try write { database in
            let assets = try Int64.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT asset_id FROM file
                    WHERE root_id = ? AND asset_id IS NOT NULL
                    """, arguments: [rootID])
            try database.execute(sql: "DELETE FROM root WHERE id = ?", arguments: [rootID])
            for asset in assets {
                try database.fileLeft(asset, at: now.timeIntervalSince1970)
            }
        }
    }

    private func change(
        _ rootID: Int64, _ sql: String, _ arguments: StatementArguments
    ) throws(CatalogueError) {
        try write { database in
            try database.execute(sql: sql, arguments: arguments)
            guard database.changesCount == 1 else {
                throw CatalogueError.invalid(reason: "root \(rootID) is not in the catalogue")
            }
        }
    }
}

extension Database {
    /// All roots, by path.
    func roots() throws -> [Root] {
        try Row.fetchAll(self, sql: "SELECT * FROM root ORDER BY path").map(Root.init)
    }
}

extension Root {
    /// Reads a row of the table.
    fileprivate init(_ row: Row) {
        let mounts: Data? = row["mounts"]
        let isOnline: Bool = row["is_online"]
        self.init(
            id: row["id"], path: PathBytes.path(row["path"] as Data),
            state: isOnline ? .online : .offline(reason: row["offline_reason"] ?? ""),
            mounts: mounts?.split(separator: 0).map { PathBytes.path(Data($0)) } ?? [])
    }
}
