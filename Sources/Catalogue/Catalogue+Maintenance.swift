import GRDB

extension Catalogue {
    /// Reads the whole file for damage: structure, uniqueness, references and the search index.
    ///
    /// Takes minutes for a large catalogue; changes nothing.
    ///
    /// - Throws: `CatalogueError.damaged` with the first thing found, or another if it cannot be read.
    public func checkIntegrity() throws(CatalogueError) {
        try read { database in
            let finding = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)")
            if let finding, finding != "ok" {
                throw CatalogueError.damaged(path, reason: finding)
            }
            if let row = try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") {
                let table: String = row["table"]
                throw CatalogueError.damaged(path, reason: "\(table) refers to a row that is gone")
            }
        }
    }

    /// Copies the write-ahead log back into the file, as far as readers allow.
    ///
    /// The owner's alone.
    ///
    /// Happens by itself as the log grows and on closing; worth calling before a long rest.
    ///
    /// - Throws: `CatalogueError`.
    public func checkpoint() throws(CatalogueError) {
        guard access == .owner else { throw .readOnly(path) }
        do {
            _ = try queue.writeWithoutTransaction { try $0.checkpoint(.passive) }
        } catch {
            throw CatalogueError(error, at: path)
        }
    }

    /// A number that changes when another process commits something, such as `retry`.
    ///
    /// - Throws: `CatalogueError`.
    public func dataVersion() throws(CatalogueError) -> Int {
        try read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }

    /// Gives memory that SQLite keeps for speed back, before a long rest.
    public func releaseMemory() {
        queue.releaseMemory()
    }
}
