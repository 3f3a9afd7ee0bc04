import Foundation
import GRDB
import SystemPackage

/// Looks at a catalogue with SQL, beside the program that owns it, and never writes.
///
/// For what would take thousands of runs of `show`, and for what no command says.
struct CatalogueReader {
    private let queue: DatabaseQueue

    /// A file as the catalogue has it.
    struct File: Equatable {
        var path: FilePath
        var asset: Int64?
        var isMissing: Bool
        var state: String
        var attempts: Int
        var error: String?
        var isDescribed: Bool
    }

    init(_ catalogue: FilePath) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(30)
        queue = try DatabaseQueue(path: catalogue.string, configuration: configuration)
    }

    /// Whether its owner came as far as to make the tables.
    func isMade() throws -> Bool {
        try queue.read { try $0.tableExists("described") }
    }

    /// Every file of every root.
    func files() throws -> [File] {
        try queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT root.path AS root, directory, name, asset_id, missing_since, job.state,
                        job.attempts, job.last_error,
                        EXISTS (SELECT 1 FROM described WHERE described.asset_id = file.asset_id)
                            AS is_described
                    FROM file JOIN root ON root.id = file.root_id
                        LEFT JOIN job ON job.file_id = file.id
                    """
            ).map { row in
                let root: Data = row["root"]
                let directory: Data = row["directory"]
                let name: Data = row["name"]
                return File(
                    path: Self.path(root + directory + name), asset: row["asset_id"],
                    isMissing: row["missing_since"] != nil, state: row["state"] ?? "none",
                    attempts: row["attempts"] ?? 0, error: row["last_error"],
                    isDescribed: row["is_described"])
            }
        }
    }

    /// How often the catalogue's model texts have been written for assets that it still has.
    func describedCount() throws -> Int {
        try count("SELECT count(*) FROM described")
    }

    /// How many embeddings there are.
    func embeddings() throws -> Int { try count("SELECT count(*) FROM embedding") }

    /// The newest description's number, and the time of the last one: neither changes while no
    /// model runs.
    func modelRuns() throws -> [String] {
        try queue.read { database in
            try String.fetchAll(
                database,
                sql:
                    "SELECT printf('%d %d %.6f', asset_id, recipe_id, at) FROM described ORDER BY 1"
            )
        }
    }

    /// When which model described files whose names begin with these letters, and as which row each file
    /// is known: equal as long as nothing is lost or made again.
    func described(named prefix: String) throws -> Set<String> {
        try queue.read { database in
            try String.fetchSet(
                database,
                sql: """
                    SELECT printf('%d %s %d %d %.6f', file.id, CAST(name AS TEXT), described.asset_id,
                        recipe_id, at)
                    FROM file JOIN described ON described.asset_id = file.asset_id
                    WHERE substr(CAST(name AS TEXT), 1, ?) = ?
                    """, arguments: [prefix.count, prefix])
        }
    }

    /// A caption and what it was made by.
    struct TextInForce: Equatable {
        var recipe: Int64
        var text: String
    }

    /// The caption that counts of each asset: that of the recipe which described it last.
    func textsInForce() throws -> [Int64: TextInForce] {
        try queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT asset_id, recipe_id, text FROM description
                    WHERE prompt = 'caption' AND start_s IS NULL AND recipe_id = (
                        SELECT recipe_id FROM described
                        WHERE described.asset_id = description.asset_id
                        ORDER BY at DESC, recipe_id DESC LIMIT 1)
                    """)
            return Dictionary(
                uniqueKeysWithValues: rows.map {
                    ($0["asset_id"], TextInForce(recipe: $0["recipe_id"], text: $0["text"]))
                })
        }
    }

    /// Jobs in a state.
    func jobs(in state: String) throws -> Int {
        try queue.read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM job WHERE state = ?", arguments: [state]) ?? 0
        }
    }

    /// Jobs and pieces of work in somebody's hands.
    func leased() throws -> Int {
        try count(
            """
            SELECT (SELECT count(*) FROM job WHERE state = 'leased')
                + (SELECT count(*) FROM work WHERE state = 'leased')
            """)
    }

    /// The numbers of all files, which no other file gets later.
    func fileNumbers() throws -> Set<Int64> {
        try queue.read { try Int64.fetchSet($0, sql: "SELECT id FROM file") }
    }

    /// Files on volumes that are mounted now.
    func onlineFiles() throws -> Int {
        try count(
            "SELECT count(*) FROM file JOIN volume ON volume.id = volume_id WHERE is_online = 1")
    }

    /// Files on volumes that are not mounted now.
    func offlineFiles() throws -> Int {
        try count(
            "SELECT count(*) FROM file JOIN volume ON volume.id = volume_id WHERE is_online = 0")
    }

    /// What SQLite finds wrong with the file: `ok`, and no more, if nothing.
    func integrity() throws -> [String] {
        // A connection of its own: SQLite 3.46 compares what another one has changed since with what it
        // has in memory of a full-text index, and calls that malformed.
        try DatabaseQueue(path: queue.path, configuration: queue.configuration).read { database in
            let broken = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { "\($0)" }
            return try String.fetchAll(database, sql: "PRAGMA integrity_check") + broken
        }
    }

    private func count(_ sql: String) throws -> Int {
        try queue.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    private static func path(_ bytes: Data) -> FilePath {
        FilePath(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }
}
