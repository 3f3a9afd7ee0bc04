import Foundation
import GRDB

extension Catalogue {
    /// Who else works for this library, as the daemon knew it last, and what was done by others over all time.
    ///
    /// - Throws: `CatalogueError`.
    public func help() throws(CatalogueError) -> (now: HelpFromOthers, counts: HelpCounts) {
        try read { database in
            var (help, counts) = (HelpFromOthers(), HelpCounts())
            let statement = try database.cachedStatement(sql: "SELECT * FROM help")
            guard let row = try Row.fetchOne(statement) else { return (help, counts) }
            help.place = row["place"]
            help.problem = row["problem"]
            let helpers = Data((row["helpers"] as String).utf8)
            help.helpers = (try? JSONDecoder().decode([Helper].self, from: helpers)) ?? []
            (help.waiting, help.held) = (row["waiting"], row["held"])
            (counts.offered, counts.done) = (row["offered"], row["done"])
            counts.failed = row["failed"]
            return (help, counts)
        }
    }

    /// Takes note of who else works for this library.
    ///
    /// One transaction.
    ///
    /// - Parameters:
    ///   - help: Who; replaces what was noted.
    ///   - counts: What was done since the last note.
    /// - Throws: `CatalogueError`.
    public func note(_ help: HelpFromOthers, adding counts: HelpCounts) throws(CatalogueError) {
        try write { database in
            let helpers = String(decoding: try JSONEncoder().encode(help.helpers), as: UTF8.self)
            try database.run(
                """
                UPDATE help SET place = ?, problem = ?, helpers = ?, waiting = ?, held = ?,
                    offered = offered + ?, done = done + ?, failed = failed + ?
                """,
                [
                    help.place.map(StoredText.clean), help.problem.map(StoredText.clean), helpers,
                    help.waiting, help.held, counts.offered, counts.done, counts.failed,
                ])
        }
    }
}
