public import Foundation
import GRDB
public import SystemPackage

extension Catalogue {
    /// What tells this catalogue from all others, as text.
    ///
    /// - Throws: `CatalogueError`.
    public func libraryName() throws(CatalogueError) -> String {
        try read { database in
            let identity = try Data.fetchOne(database, sql: "SELECT identity FROM library")
            return (identity ?? Data()).map { String(format: "%02x", $0) }.joined()
        }
    }

    /// Notes that a sidecar is about to be written: should the process end before it can record that, the sidecar
    /// itself tells whether it was.
    ///
    /// - Parameters:
    ///   - next: The base once it is written.
    ///   - file: The picture's number.
    /// - Throws: `CatalogueError`.
    public func begin(_ next: SidecarBase, of file: Int64) throws(CatalogueError) {
        try begin([(file, next)])
    }

    /// Notes that several sidecars are about to be written, each as by `begin(_:of:)`, in one transaction.
    ///
    /// - Parameter writes: The pictures' numbers, each with the base once its sidecar is written.
    /// - Throws: `CatalogueError`.
    public func begin(_ writes: [(file: Int64, next: SidecarBase)]) throws(CatalogueError) {
        try write { database in
            let nothing = try SidecarBase().stored()
            for (file, next) in writes {
                try database.run(
                    """
                    INSERT INTO sidecar_write (file_id, content, words, base, next, at)
                    SELECT id, x'', x'', ?2, ?3, 0 FROM file WHERE id = ?1
                    ON CONFLICT (file_id) DO UPDATE SET next = excluded.next
                    """, [file, nothing, try next.stored()])
            }
        }
    }

    /// Notes why a sidecar was not brought in line, so that it is tried again.
    ///
    /// - Throws: `CatalogueError`.
    public func note(failure: String, of file: Int64) throws(CatalogueError) {
        try write { database in
            try database.run(
                """
                INSERT INTO sidecar_write (file_id, content, words, base, failure, at)
                SELECT id, x'', x'', ?2, ?3, 0 FROM file WHERE id = ?1
                ON CONFLICT (file_id) DO UPDATE SET failure = excluded.failure
                """, [file, try SidecarBase().stored(), StoredText.clean(failure)])
        }
    }

    /// Records what became of a sidecar.
    ///
    /// One transaction, with which what the sidecar says is weighed anew: what was written here is not its word.
    ///
    /// - Parameters:
    ///   - write: What was written, or found to be so already.
    ///   - file: The picture's number.
    ///   - conflicts: The fields on which people disagree; they take the place of those before.
    ///   - place: The sidecar below the folder apart (`keepSidecars(in:)`); `nil` for one beside its picture.
    ///   - now: The moment.
    /// - Throws: `CatalogueError`.
    public func record(
        _ write: SidecarWrite, of file: Int64, conflicts: [SidecarConflict],
        apartAt place: FilePath? = nil, at now: Date = Date()
    ) throws(CatalogueError) {
        try self.write { try $0.record(write, of: file, conflicts, apartAt: place, at: now) }
    }

    /// Records what became of several sidecars on which nobody disagrees, each as by `record(_:of:conflicts:at:)`, in
    /// one transaction.
    ///
    /// - Parameters:
    ///   - writes: The pictures' numbers, each with what was written and where, as there.
    ///   - now: The moment.
    /// - Throws: `CatalogueError`.
    public func record(
        _ writes: [(file: Int64, write: SidecarWrite, place: FilePath?)], at now: Date = Date()
    ) throws(CatalogueError) {
        guard !writes.isEmpty else { return }
        try self.write { database in
            for (file, write, place) in writes {
                try database.record(write, of: file, [], apartAt: place, at: now)
            }
        }
    }

    /// The fields on which people disagree.
    ///
    /// - Parameter paths: Files, and directories with all below them, absolute; empty for everything.
    /// - Returns: The conflicts, each with its picture, by path.
    /// - Throws: `CatalogueError`.
    public func sidecarConflicts(
        below paths: [FilePath] = []
    ) throws(CatalogueError) -> [(path: FilePath, conflict: SidecarConflict)] {
        try read { database in
            let files = try database.sidecarFiles(below: paths)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT root.path AS root, directory, name, field, here, there
                    FROM sidecar_conflict JOIN file ON file.id = file_id
                        JOIN root ON root.id = root_id
                    WHERE \(files.sql) ORDER BY root.path, directory, name, field
                    """, arguments: files.arguments
            ).map { row in
                (
                    PathBytes.path(row["root"] as Data)
                        .pushing(PathBytes.path(row["directory"], row["name"])),
                    SidecarConflict(
                        field: row["field"], here: row["here"], there: row["there"])
                )
            }
        }
    }

    /// How many pictures have something to say, how many sidecars are known, and how many pictures were brought in
    /// line with theirs.
    ///
    /// - Throws: `CatalogueError`.
    public func sidecarCounts(
        below paths: [FilePath] = []
    ) throws(CatalogueError) -> (pictures: Int, sidecars: Int, written: Int) {
        let pictures = try sidecarTaskCount(below: paths)
        return try read { database in
            let files = try database.sidecarFiles(below: paths)
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM file \(sql) AND \(files.sql)",
                    arguments: files.arguments) ?? 0
            }
            return (
                pictures, try count("WHERE is_sidecar = 1 AND missing_since IS NULL"),
                try count(
                    """
                    JOIN sidecar_write ON file_id = file.id
                    WHERE failure IS NULL AND content <> x'' AND missing_since IS NULL
                    """)
            )
        }
    }

    /// Sidecars that could not be written, with the reasons.
    ///
    /// - Throws: `CatalogueError`.
    public func sidecarFailures(
        below paths: [FilePath] = []
    ) throws(CatalogueError) -> [(path: FilePath, reason: String)] {
        try read { database in
            let files = try database.sidecarFiles(below: paths)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT root.path AS root, directory, name, failure
                    FROM sidecar_write JOIN file ON file.id = file_id
                        JOIN root ON root.id = root_id
                    WHERE failure IS NOT NULL AND \(files.sql)
                    ORDER BY root.path, directory, name
                    """, arguments: files.arguments
            ).map { row in
                (
                    PathBytes.path(row["root"] as Data)
                        .pushing(PathBytes.path(row["directory"], row["name"])), row["failure"]
                )
            }
        }
    }

    /// Has known sidecars read once more.
    ///
    /// - Returns: How many are queued because of it.
    /// - Throws: `CatalogueError`.
    public func rereadSidecars(
        below paths: [FilePath] = [], isDryRun: Bool = false, at now: Date = Date()
    ) throws(CatalogueError) -> Int {
        var jobs = try read { database in
            let files = try database.sidecarFiles(below: paths)
            return try Int64.fetchAll(
                database,
                sql: """
                    SELECT job.id FROM job JOIN file ON file.id = file_id
                    WHERE job.is_sidecar = 1 AND state IN ('done', 'failed') AND \(files.sql)
                    """, arguments: files.arguments)
        }[...]
        guard !isDryRun else { return jobs.count }
        let count = jobs.count
        try writeInSlices { database in
            for job in jobs.prefix(100) {
                try database.queueAfresh(
                    .job, where: "id = ? AND state IN ('done', 'failed')", [job],
                    at: now.timeIntervalSince1970)
            }
            jobs = jobs.dropFirst(100)
            return !jobs.isEmpty
        }
        return count
    }
}

extension Catalogue {
    /// Says whether sidecars are written by themselves from now on; where they were not before, all are due.
    ///
    /// - Throws: `CatalogueError`.
    public func writesSidecars(_ isOn: Bool) throws(CatalogueError) {
        try write { database in
            let wasOn = try Bool.fetchOne(database, sql: "SELECT is_on FROM sidecar_setting")
            guard wasOn != isOn else { return }
            try database.run("UPDATE sidecar_setting SET is_on = ?", [isOn])
            try database.execute(
                sql: isOn
                    ? "INSERT INTO sidecar_due (asset_id) SELECT id FROM asset ORDER BY id"
                    : "DELETE FROM sidecar_due")
        }
    }

    /// Assets whose words have changed since their sidecars were written, the longest due first.
    ///
    /// - Parameters:
    ///   - stamp: The stamp after which to begin.
    ///   - limit: The most that are returned.
    /// - Returns: The assets, each with the stamp of its last change.
    /// - Throws: `CatalogueError`.
    public func sidecarsDue(
        after stamp: Int64 = 0, limit: Int
    ) throws(CatalogueError) -> [(stamp: Int64, asset: Int64)] {
        try read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT stamp, asset_id FROM sidecar_due WHERE stamp > ?
                        ORDER BY stamp LIMIT ?
                        """), arguments: [stamp, limit]
            ).map { ($0["stamp"], $0["asset_id"]) }
        }
    }

    /// Takes what was done off the list; what changed meanwhile has another stamp and stays.
    ///
    /// - Throws: `CatalogueError`.
    public func sidecarsDone(_ stamps: [Int64]) throws(CatalogueError) {
        guard !stamps.isEmpty else { return }
        try write { database in
            for stamp in stamps {
                try database.run("DELETE FROM sidecar_due WHERE stamp = ?", [stamp])
            }
        }
    }
}

extension Database {
    fileprivate func record(
        _ write: SidecarWrite, of file: Int64, _ conflicts: [SidecarConflict],
        apartAt place: FilePath?, at now: Date
    ) throws {
        // It may have gone meanwhile.
        try run(
            """
            INSERT OR REPLACE INTO sidecar_write (file_id, content, words, base, at, is_apart)
            SELECT id, ?2, ?3, ?4, ?5, ?6 FROM file WHERE id = ?1
            """,
            [
                file, Data(write.content), Data(write.words), try write.base.stored(),
                now.timeIntervalSince1970, place != nil,
            ])
        guard changesCount > 0 else { return }
        if let place { try note(sidecarAt: place, ofFile: file) }
        try run("DELETE FROM sidecar_conflict WHERE file_id = ?", [file])
        for conflict in conflicts {
            try run(
                """
                INSERT INTO sidecar_conflict (file_id, field, here, there, at)
                VALUES (?, ?, ?, ?, ?)
                """,
                [file, conflict.field, conflict.here, conflict.there, now.timeIntervalSince1970])
        }
        // Nothing is weighed anew where no sidecar is known.
        let isKnown = try Bool.fetchOne(
            cachedStatement(sql: "SELECT sidecar_id IS NOT NULL FROM file WHERE id = ?"),
            arguments: [file])
        try findSidecar(of: file, isNews: isKnown ?? false)
    }

    /// A condition on rows of `file` that holds of those below any of the paths, of all where none is named.
    fileprivate func sidecarFiles(below paths: [FilePath]) throws -> SQLCondition {
        guard !paths.isEmpty else {
            return SQLCondition(sql: "1", arguments: StatementArguments())
        }
        let folder = try sidecarFolder().flatMap { id in try roots().first { $0.id == id }?.path }
        return try files(below: paths + paths.compactMap { folder?.pushing($0.removingRoot()) })
    }
}
