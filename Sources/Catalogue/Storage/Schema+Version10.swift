// What version 10 adds: who changed which text when, and tags that a person has removed.
extension Schema {
    /// The tables.
    ///
    /// `edit.change` is JSON, each field with what the person's word was before and is now; `uuid` tells the edit
    /// in the journal, and `undoes` which one it took back. `journal` has one row: how many bytes of the journal of
    /// edits this catalogue has in it. `removed_tag` has, with the source *human*, a row for each tag that a person
    /// removed, and besides it those tags of other sources that are hidden by it.
    static let edits = """
        CREATE TABLE edit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            at REAL NOT NULL,
            origin TEXT NOT NULL,
            author TEXT NOT NULL,
            change TEXT NOT NULL,
            undoes TEXT
        ) STRICT;
        CREATE INDEX edit_asset ON edit(asset_id, id);
        CREATE TABLE journal (position INTEGER NOT NULL) STRICT;
        INSERT INTO journal VALUES (0);
        CREATE TABLE removed_tag (
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            tag_id INTEGER NOT NULL REFERENCES tag(id),
            source TEXT NOT NULL CHECK (source IN ('human', 'sidecar', 'model')),
            recipe_id INTEGER REFERENCES recipe(id),
            written TEXT,
            probability REAL CHECK (probability BETWEEN 0 AND 1),
            CHECK ((source = 'model') = (recipe_id IS NOT NULL))
        ) STRICT;
        CREATE UNIQUE INDEX removed_tag_once ON removed_tag(
            asset_id, tag_id, source, coalesce(recipe_id, 0));
        CREATE INDEX removed_tag_tag ON removed_tag(tag_id);
        """

    /// Keep a removed tag out of `asset_tag`, whoever gives it, and bring it back when it is removed no more.
    static let removedTagTriggers = """
        CREATE TRIGGER tag_stays_removed BEFORE INSERT ON asset_tag WHEN NEW.source <> 'human'
            AND \(isRemoved("NEW"))
        BEGIN
            INSERT OR REPLACE INTO removed_tag
                    (asset_id, tag_id, source, recipe_id, written, probability)
                VALUES (NEW.asset_id, NEW.tag_id, NEW.source, NEW.recipe_id, NEW.written,
                    NEW.probability);
            SELECT RAISE(IGNORE);
        END;
        CREATE TRIGGER tag_removed AFTER INSERT ON removed_tag WHEN NEW.source = 'human' BEGIN
            INSERT OR REPLACE INTO removed_tag
                    (asset_id, tag_id, source, recipe_id, written, probability)
                SELECT asset_id, tag_id, source, recipe_id, written, probability FROM asset_tag
                WHERE asset_id = NEW.asset_id AND tag_id = NEW.tag_id AND source <> 'human';
            DELETE FROM asset_tag WHERE asset_id = NEW.asset_id AND tag_id = NEW.tag_id;
        END;
        CREATE TRIGGER tag_restored AFTER DELETE ON removed_tag WHEN OLD.source = 'human'
            AND EXISTS (SELECT 1 FROM asset WHERE id = OLD.asset_id)
        BEGIN
            INSERT OR IGNORE INTO asset_tag
                    (asset_id, tag_id, source, recipe_id, written, probability)
                SELECT asset_id, tag_id, source, recipe_id, written, probability FROM removed_tag
                WHERE asset_id = OLD.asset_id AND tag_id = OLD.tag_id;
            UPDATE asset_tag SET is_superseded = 1
                WHERE asset_id = OLD.asset_id AND tag_id = OLD.tag_id AND (\(isSuperseded));
            DELETE FROM removed_tag WHERE asset_id = OLD.asset_id AND tag_id = OLD.tag_id;
        END;
        DROP TRIGGER asset_tag_gone;
        CREATE TRIGGER asset_tag_gone AFTER DELETE ON asset_tag BEGIN \(forgetTag) END;
        CREATE TRIGGER removed_tag_gone AFTER DELETE ON removed_tag BEGIN \(forgetTag) END;
        """

    /// Carry a person's word over to the picture that stands for the edited one from now on, and back to the one
    /// that stands for itself again, where that has none of its own.
    static let pairedWordTriggers = """
        CREATE TRIGGER words_joined AFTER UPDATE OF primary_id ON asset
            WHEN NEW.primary_id IS NOT NULL AND OLD.primary_id IS NOT NEW.primary_id
        BEGIN
            \(copyWords(from: "NEW.id", to: "NEW.primary_id"))
        END;
        CREATE TRIGGER words_parted AFTER UPDATE OF primary_id ON asset
            WHEN OLD.primary_id IS NOT NULL AND OLD.primary_id IS NOT NEW.primary_id
                AND EXISTS (SELECT 1 FROM asset WHERE id = OLD.primary_id)
        BEGIN
            \(copyWords(from: "OLD.primary_id", to: "NEW.id"))
        END;
        """

    private static func isRemoved(_ row: String) -> String {
        """
        EXISTS (SELECT 1 FROM removed_tag WHERE asset_id = \(row).asset_id
            AND tag_id = \(row).tag_id AND source = 'human')
        """
    }

    private static let forgetTag = """
        DELETE FROM tag WHERE id = OLD.tag_id
            AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE tag_id = OLD.tag_id)
            AND NOT EXISTS (SELECT 1 FROM removed_tag WHERE tag_id = OLD.tag_id);
        """

    private static func copyWords(from giver: String, to taker: String) -> String {
        """
        INSERT OR IGNORE INTO description (asset_id, source, prompt, text)
            SELECT \(taker), 'human', prompt, text FROM description
            WHERE asset_id = \(giver) AND source = 'human' AND start_s IS NULL;
        INSERT OR IGNORE INTO asset_tag (asset_id, tag_id, source, written)
            SELECT \(taker), tag_id, 'human', written FROM asset_tag AS given
            WHERE asset_id = \(giver) AND source = 'human' AND NOT EXISTS (
                SELECT 1 FROM removed_tag WHERE asset_id = \(taker)
                    AND tag_id = given.tag_id AND source = 'human');
        INSERT OR IGNORE INTO removed_tag (asset_id, tag_id, source)
            SELECT \(taker), tag_id, 'human' FROM removed_tag AS taken
            WHERE asset_id = \(giver) AND source = 'human' AND NOT EXISTS (
                SELECT 1 FROM asset_tag WHERE asset_id = \(taker)
                    AND tag_id = taken.tag_id AND source = 'human');
        """
    }
}
