@testable import Catalogue
import Foundation
import GRDB
import SystemPackage

/// Catalogues as version 1 wrote them, made by SQL, since the code that filled them is gone.
enum VersionOne {
    /// Makes a catalogue of described files in two roots, one of them with a mount point below it.
    ///
    /// - Parameters:
    ///   - path: Where to.
    ///   - files: How many files there are; every tenth is a copy of the one before it.
    static func make(at path: FilePath, files: Int) throws {
        let queue = try DatabaseQueue(path: path.string)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")
        }
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 files, assets, jobs, search") { database in
            try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            for statements in [
                Schema.files, Schema.assets, Schema.descriptions, Schema.jobs, Schema.search,
            ] {
                try database.execute(sql: statements)
            }
        }
        try migrator.migrate(queue)
        try queue.write { database in
            let mounts = Data("/photos".utf8) + [0] + Data("/photos/usb".utf8)
            try database.execute(
                sql: """
                    INSERT INTO root (path, mounts) VALUES (?, ?);
                    INSERT INTO root (path, is_online, offline_reason) VALUES (?, 0, 'gone');
                    """,
                arguments: [Data("/photos".utf8), mounts, Data("/films".utf8)])
            try database.execute(sql: rows, arguments: ["files": files])
        }
        try queue.close()
    }

    /// The paths that `make` gives its files, by their numbers from 1.
    static func path(_ number: Int) -> FilePath {
        let root = number % 3 == 0 ? "/films" : "/photos"
        let folder = number % 3 == 1 ? "usb/\(number % 7)" : "\(number % 5)"
        return FilePath("\(root)/\(folder)/\(number).jpg")
    }

    /// Every file is described but for each hundredth: of these one is queued, one in hand, one
    /// failed, one waiting for another, and one is missing.
    private static let rows = """
        CREATE TEMP TABLE n AS
            WITH RECURSIVE count(i) AS (
                SELECT 1 UNION ALL SELECT i + 1 FROM count WHERE i < :files)
            SELECT i, CASE WHEN i % 10 = 0 THEN i - 1 ELSE i END AS asset FROM count;
        INSERT INTO recipe (model, version, settings) VALUES ('tiny', '1', X'01');
        INSERT INTO asset (id, identity, kind, format, width, height, created_at)
            SELECT i, CAST(printf('%032d', i) AS BLOB), 'still', 'jpeg', 640, 480, 1 FROM n
            WHERE i = asset;
        INSERT INTO file (id, root_id, directory, name, device, inode, size, mtime, ctime, asset_id,
                is_current, missing_since)
            SELECT i, CASE WHEN i % 3 = 0 THEN 2 ELSE 1 END,
                CAST('/' || CASE WHEN i % 3 = 1 THEN 'usb/' || (i % 7) ELSE i % 5 END || '/' AS BLOB),
                CAST(i || '.jpg' AS BLOB), 1, i, 100, i, i,
                CASE WHEN i % 100 BETWEEN 1 AND 4 THEN NULL ELSE asset END,
                i % 100 NOT BETWEEN 1 AND 4, CASE WHEN i % 100 = 5 THEN 7.0 END
            FROM n;
        INSERT INTO description (asset_id, source, recipe_id, prompt, text)
            SELECT i, 'model', 1, 'caption', 'a boat numbered n' || i FROM n
            WHERE i = asset AND i % 100 NOT BETWEEN 1 AND 4;
        INSERT INTO described (asset_id, recipe_id, at)
            SELECT i, 1, 5 FROM n WHERE i = asset AND i % 100 NOT BETWEEN 1 AND 4;
        INSERT INTO tag (name) VALUES ('boat');
        INSERT INTO asset_tag (asset_id, tag_id, source, recipe_id)
            SELECT i, 1, 'model', 1 FROM n WHERE i = asset AND i % 100 NOT BETWEEN 1 AND 4;
        INSERT INTO search (rowid, description, tags, names)
            SELECT i, CASE WHEN i % 100 NOT BETWEEN 1 AND 4 THEN 'a boat numbered n' || i ELSE '' END,
                'boat', i || '.jpg' FROM n WHERE i = asset;
        INSERT INTO job (id, file_id, root_id, changed, is_held, state, lease, attempts, describing,
                awaits, last_error, updated_at)
            SELECT i, i, CASE WHEN i % 3 = 0 THEN 2 ELSE 1 END, i, i % 100 = 5,
                CASE i % 100 WHEN 1 THEN 'queued' WHEN 2 THEN 'leased' WHEN 3 THEN 'failed'
                    WHEN 4 THEN 'waiting' ELSE 'done' END,
                3, CASE i % 100 WHEN 3 THEN 3 ELSE 1 END,
                CASE i % 100 WHEN 2 THEN i END, CASE i % 100 WHEN 4 THEN i - 2 END,
                CASE i % 100 WHEN 3 THEN 'no picture' END, 6 FROM n;
        UPDATE asset SET orphaned_at = 4 WHERE NOT EXISTS (
            SELECT 1 FROM file WHERE asset_id = asset.id);
        DROP TABLE n;
        """
}
