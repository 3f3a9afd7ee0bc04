public import FileSystem
public import Foundation
import GRDB

/// What the last look through a root left out.
public struct RootPassedOver: Equatable, Sendable {
    /// The root.
    public var root: Root
    /// What was left out, and when the look through it ended; `nil` before the first has.
    public var lastPass: LastPass?

    /// A look through a root.
    public struct LastPass: Equatable, Sendable {
        /// What it left out.
        public var passedOver: PassedOver
        /// When it ended.
        public var at: Date
    }
}

extension Catalogue {
    /// Keeps what a look through a root left out, instead of what the one before did.
    ///
    /// One transaction.
    ///
    /// - Throws: `CatalogueError`.
    public func setPassedOver(
        _ passedOver: PassedOver, in rootID: Int64, at now: Date = Date()
    ) throws(CatalogueError) {
        try write { database in
            let text = String(decoding: try JSONEncoder().encode(passedOver), as: UTF8.self)
            try database.run(
                "UPDATE root SET passed_over = ?, passed_over_at = ? WHERE id = ?",
                [text, now.timeIntervalSince1970, rootID])
            try database.checkRoot(changed: rootID)
        }
    }

    /// What the last look through each root left out, by path.
    ///
    /// - Throws: `CatalogueError`.
    public func passedOver() throws(CatalogueError) -> [RootPassedOver] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM root ORDER BY path").map { row in
                RootPassedOver(root: Root(row), lastPass: RootPassedOver.LastPass(row))
            }
        }
    }
}

extension RootPassedOver.LastPass {
    /// Reads a row of the table; `nil` also for what a later version wrote in another form.
    fileprivate init?(_ row: Row) {
        guard let text: String = row["passed_over"], let time: Double = row["passed_over_at"],
            let counts = try? JSONDecoder().decode(PassedOver.self, from: Data(text.utf8))
        else { return nil }
        passedOver = counts
        at = Date(timeIntervalSince1970: time)
    }
}
