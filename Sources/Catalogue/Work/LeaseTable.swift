import GRDB

/// The tables whose rows are lent out: a job finds out what one file holds, work is wanted of an asset.
///
/// What happens to a lease is the same for both; only what its end means for files differs.
enum LeaseTable: String {
    case job, work

    /// The column whose number grows with each lease, so that earlier ones are void.
    fileprivate var number: String { self == .job ? "lease" : "number" }

    /// The column that is empty while nobody holds the row: since when, or until when, somebody does.
    fileprivate var moment: String { self == .job ? "leased_at" : "leased_until" }
}

extension Database {
    /// Whether a lease still stands: nothing has happened to the row since it was lent out.
    func holds(_ table: LeaseTable, _ id: Int64, number: Int64) throws -> Bool {
        let statement = try cachedStatement(
            sql: """
                SELECT 1 FROM \(table.rawValue)
                WHERE id = ? AND \(table.number) = ? AND state = 'leased'
                """)
        return try Bool.fetchOne(statement, arguments: [id, number]) ?? false
    }

    /// Lends a row to somebody, the attempt counted.
    ///
    /// - Parameters:
    ///   - table: Which table.
    ///   - id: Which row.
    ///   - owner: To whom, for people who look.
    ///   - moment: Since when for a job; until when for work, `nil` for as long as this owner lives.
    ///   - time: The moment, in seconds since 1970.
    /// - Throws: Errors of the database.
    func lend(
        _ table: LeaseTable, _ id: Int64, to owner: String, moment: Double?, at time: Double
    ) throws {
        try run(
            """
            UPDATE \(table.rawValue) SET state = 'leased', \(table.number) = \(table.number) + 1,
                attempts = attempts + 1, not_before = NULL, \(table.moment) = ?, owner = ?,
                updated_at = ?
            WHERE id = ?
            """, [moment, StoredText.clean(owner), time, id])
    }

    /// Queues a row again after an attempt that went wrong.
    func postpone(
        _ table: LeaseTable, _ id: Int64, until moment: Double, reason: String, at time: Double
    ) throws {
        try run(
            """
            UPDATE \(table.rawValue) SET state = 'queued', not_before = ?, last_error = ?,
                \(table.moment) = NULL, owner = NULL, updated_at = ?
            WHERE id = ?
            """, [moment, reason, time, id])
    }

    /// Queues rows as if they had never been tried; whoever holds one of them holds it in vain.
    ///
    /// - Parameters:
    ///   - table: Which table.
    ///   - condition: Which rows, in SQL.
    ///   - arguments: For the condition's question marks.
    ///   - time: The moment, in seconds since 1970.
    /// - Throws: Errors of the database.
    func queueAfresh(
        _ table: LeaseTable, where condition: String, _ arguments: StatementArguments,
        at time: Double
    ) throws {
        try run(
            """
            UPDATE \(table.rawValue) SET state = 'queued', \(table.number) = \(table.number) + 1,
                attempts = 0, interruptions = 0, not_before = NULL, \(table.moment) = NULL,
                owner = NULL, last_error = NULL, codecs = NULL, updated_at = ?
            WHERE \(condition)
            """, [time] + arguments)
    }

    /// Queues a row again untried; the attempt does not count.
    func putBack(_ table: LeaseTable, _ id: Int64, until moment: Double?, at time: Double) throws {
        try run(
            """
            UPDATE \(table.rawValue) SET state = 'queued', attempts = max(attempts - 1, 0),
                not_before = ?, \(table.moment) = NULL, owner = NULL, updated_at = ?
            WHERE id = ?
            """, [moment, time, id])
    }

    /// Queues a row again whose holder is gone; the attempt does not count, the interruption does.
    ///
    /// - Returns: Why it is to be given up, if it has been interrupted too often.
    /// - Throws: Errors of the database.
    func interrupt(_ table: LeaseTable, _ id: Int64, at time: Double) throws -> String? {
        try run(
            """
            UPDATE \(table.rawValue) SET state = 'queued', \(table.number) = \(table.number) + 1,
                attempts = max(attempts - 1, 0), interruptions = interruptions + 1,
                \(table.moment) = NULL, owner = NULL, updated_at = ?
            WHERE id = ?
            """, [time, id])
        let count = try Int.fetchOne(
            cachedStatement(sql: "SELECT interruptions FROM \(table.rawValue) WHERE id = ?"),
            arguments: [id])
        guard let count, count >= maximumInterruptions else { return nil }
        return "interrupted \(count) times while it was in work"
    }
}
