// What version 8 adds: what tells one library from another, and what pictures are compared by.
extension Schema {
    /// The tables.
    ///
    /// `library` has one row, whose `identity` stands in files that are derived from this catalogue, so that
    /// none of another is taken for its own. `signature` has a row for each still that was looked at since;
    /// `version` is that of the way in which `bytes` came about.
    static let librarySignatures = """
        CREATE TABLE library (identity BLOB NOT NULL) STRICT;
        INSERT INTO library VALUES (randomblob(16));
        CREATE TABLE signature (
            asset_id INTEGER PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;
        """
}
