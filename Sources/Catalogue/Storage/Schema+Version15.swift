// What version 15 adds: sidecars in a folder of their own.
extension Schema {
    /// A folder of sidecars, and which asset each sidecar in it speaks for.
    ///
    /// `sidecar_folder` has one row where there is such a folder: its root. `sidecar_place` remembers for which asset a
    /// sidecar in it was written or read last, by its place there (see `PathBytes`): a picture that is moved leaves
    /// it behind. `sidecar_write.is_apart` says whether what was written last lies there, or beside the picture.
    static let sidecarFolder = """
        CREATE TABLE sidecar_folder (
            root_id INTEGER NOT NULL REFERENCES root(id) ON DELETE CASCADE
        ) STRICT;
        CREATE TABLE sidecar_place (
            directory BLOB NOT NULL,
            name BLOB NOT NULL,
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            PRIMARY KEY (directory, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sidecar_place_asset ON sidecar_place(asset_id);
        ALTER TABLE sidecar_write ADD COLUMN is_apart INTEGER NOT NULL DEFAULT 0
            CHECK (is_apart IN (0, 1));
        """
}
