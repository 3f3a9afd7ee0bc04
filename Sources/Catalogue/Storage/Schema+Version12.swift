// What version 12 adds: which assets tell no date, for the end of the timeline.
extension Schema {
    /// A row for each asset that no row of `capture` gives a moment.
    ///
    /// They stand behind all that have one, and nothing else leads to them: where a million assets tell a date and ten do
    /// not, these ten were looked for among all.
    static let undated = """
        CREATE TABLE undated_asset (asset_id INTEGER PRIMARY KEY) STRICT;
        INSERT INTO undated_asset SELECT id FROM asset
            WHERE id NOT IN (SELECT asset_id FROM capture WHERE taken_at IS NOT NULL);
        CREATE TRIGGER undated_new AFTER INSERT ON asset BEGIN
            INSERT OR IGNORE INTO undated_asset SELECT NEW.id WHERE NOT EXISTS (
                SELECT 1 FROM capture WHERE asset_id = NEW.id AND taken_at IS NOT NULL);
        END;
        CREATE TRIGGER undated_dated AFTER INSERT ON capture WHEN NEW.taken_at IS NOT NULL BEGIN
            DELETE FROM undated_asset WHERE asset_id = NEW.asset_id;
        END;
        CREATE TRIGGER undated_again AFTER DELETE ON capture WHEN OLD.taken_at IS NOT NULL BEGIN
            INSERT OR IGNORE INTO undated_asset SELECT id FROM asset WHERE id = OLD.asset_id;
        END;
        CREATE TRIGGER undated_gone AFTER DELETE ON asset BEGIN
            DELETE FROM undated_asset WHERE asset_id = OLD.id;
        END;
        """
}
