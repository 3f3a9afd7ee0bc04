// What version 11 adds: what was written into sidecars last, and where people disagree.
extension Schema {
    /// The tables.
    ///
    /// `sidecar_write` has a row for each file whose sidecar was brought in line: `content` is the SHA-256 of the
    /// whole sidecar as it was left, empty where there is none; `words` tells the words that were brought in;
    /// `base` is JSON (`SidecarBase`), and `next` that of a write which was begun: it counts once the sidecar has its
    /// edition. `failure` says why the last try came to nothing. `sidecar_due` has the
    /// assets whose words have changed since, as long as `sidecar_setting` says that sidecars are written by
    /// themselves.
    static let sidecarWrites = """
        CREATE TABLE sidecar_write (
            file_id INTEGER PRIMARY KEY REFERENCES file(id) ON DELETE CASCADE,
            content BLOB NOT NULL,
            words BLOB NOT NULL,
            base TEXT NOT NULL,
            next TEXT,
            failure TEXT,
            at REAL NOT NULL
        ) STRICT;
        CREATE INDEX sidecar_write_failed ON sidecar_write(file_id) WHERE failure IS NOT NULL;
        CREATE TABLE sidecar_conflict (
            file_id INTEGER NOT NULL REFERENCES file(id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            here TEXT NOT NULL,
            there TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (file_id, field)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sidecar_due (
            stamp INTEGER PRIMARY KEY AUTOINCREMENT,
            asset_id INTEGER NOT NULL UNIQUE REFERENCES asset(id) ON DELETE CASCADE
        ) STRICT;
        CREATE TABLE sidecar_setting (is_on INTEGER NOT NULL CHECK (is_on IN (0, 1))) STRICT;
        INSERT INTO sidecar_setting VALUES (0);
        """

    /// Keep `sidecar_due`.
    static let sidecarDueTriggers =
        ["description", "asset_tag", "removed_tag"].map { table in
            """
            CREATE TRIGGER \(table)_due AFTER INSERT ON \(table)
                WHEN NEW.source <> 'sidecar' AND (SELECT is_on FROM sidecar_setting)
            BEGIN
                \(due("NEW"))
            END;
            CREATE TRIGGER \(table)_due_less AFTER DELETE ON \(table)
                WHEN OLD.source <> 'sidecar' AND (SELECT is_on FROM sidecar_setting)
                    AND EXISTS (SELECT 1 FROM asset WHERE id = OLD.asset_id)
            BEGIN
                \(due("OLD"))
            END;
            """
        }.joined(separator: "\n")
            + """
            CREATE TRIGGER file_due AFTER UPDATE OF asset_id, is_current ON file
                WHEN NEW.asset_id IS NOT NULL AND NEW.is_current = 1
                    AND (OLD.asset_id IS NOT NEW.asset_id OR OLD.is_current <> 1)
                    AND (SELECT is_on FROM sidecar_setting)
            BEGIN
                \(due("NEW"))
            END;
            """

    /// Gives an asset a new stamp; without a conflict clause, since that of the statement that leads here would be in
    /// its place.
    private static func due(_ row: String) -> String {
        """
        DELETE FROM sidecar_due WHERE asset_id = \(row).asset_id;
        INSERT INTO sidecar_due (asset_id) VALUES (\(row).asset_id);
        """
    }
}
