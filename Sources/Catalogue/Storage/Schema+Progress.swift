// What version 5 adds: how far the work is and how fast it goes, counted as rows change; and what the
// last look through a root left out.
//
// An asset is owned while a file refers to it. In triggers no statement says OR IGNORE or OR REPLACE,
// as in version 3.
extension Schema {
    /// The tables and columns, filled with what there is.
    ///
    /// `root.passed_over` is a `PassedOver` as JSON. `recipe.owned_assets` counts the owned assets that a
    /// recipe has described, `described_total` those that any has. `work.is_clip` mirrors the asset's
    /// kind, and `work_total` counts works; volume 0 stands for none. `work_done` counts what was done
    /// since there was last nothing left, by priority. `pace` has what was done in a minute (since 1970)
    /// and the seconds that passed meanwhile.
    static let progress = """
        ALTER TABLE root ADD COLUMN passed_over TEXT;
        ALTER TABLE root ADD COLUMN passed_over_at REAL;

        ALTER TABLE recipe ADD COLUMN owned_assets INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE described_total (assets INTEGER NOT NULL) STRICT;
        UPDATE recipe SET owned_assets = assets - (
            SELECT count(*) FROM asset CROSS JOIN described ON asset_id = asset.id
            WHERE orphaned_at IS NOT NULL AND recipe_id = recipe.id);
        INSERT INTO described_total SELECT (SELECT count(DISTINCT asset_id) FROM described) - (
            SELECT count(*) FROM asset WHERE orphaned_at IS NOT NULL
                AND EXISTS (SELECT 1 FROM described WHERE asset_id = asset.id));

        ALTER TABLE work ADD COLUMN is_clip INTEGER NOT NULL DEFAULT 0 CHECK (is_clip IN (0, 1));
        UPDATE work SET is_clip = 1
            WHERE (SELECT kind FROM asset WHERE id = asset_id) = 'video';
        CREATE TABLE work_total (
            volume_id INTEGER NOT NULL,
            recipe_id INTEGER NOT NULL,
            priority INTEGER NOT NULL,
            is_clip INTEGER NOT NULL,
            state TEXT NOT NULL,
            works INTEGER NOT NULL,
            PRIMARY KEY (volume_id, recipe_id, priority, is_clip, state)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO work_total
            SELECT coalesce(volume_id, 0), recipe_id, priority, is_clip, state, count(*) FROM work
            GROUP BY 1, 2, 3, 4, 5;

        CREATE TABLE work_done (
            priority INTEGER PRIMARY KEY,
            items INTEGER NOT NULL,
            is_over INTEGER NOT NULL CHECK (is_over IN (0, 1))
        ) STRICT;
        CREATE TABLE pace (
            recipe_id INTEGER NOT NULL,
            minute INTEGER NOT NULL,
            priority INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('unseen', 'still', 'clip')),
            items INTEGER NOT NULL,
            seconds REAL NOT NULL,
            PRIMARY KEY (recipe_id, minute, priority, kind)
        ) STRICT, WITHOUT ROWID;
        """

    /// Keeps `recipe.owned_assets` and `described_total`.
    static let ownedAssetTriggers = """
        CREATE TRIGGER description_owned AFTER INSERT ON described
            WHEN EXISTS (SELECT 1 FROM asset WHERE id = NEW.asset_id AND orphaned_at IS NULL)
        BEGIN
            UPDATE recipe SET owned_assets = owned_assets + 1 WHERE id = NEW.recipe_id;
            UPDATE described_total SET assets = assets + 1
                WHERE (SELECT count(*) FROM described WHERE asset_id = NEW.asset_id) = 1;
        END;
        CREATE TRIGGER description_owned_no_more AFTER DELETE ON described
            WHEN EXISTS (SELECT 1 FROM asset WHERE id = OLD.asset_id AND orphaned_at IS NULL)
        BEGIN
            UPDATE recipe SET owned_assets = owned_assets - 1 WHERE id = OLD.recipe_id;
            UPDATE described_total SET assets = assets - 1
                WHERE NOT EXISTS (SELECT 1 FROM described WHERE asset_id = OLD.asset_id);
        END;
        CREATE TRIGGER asset_owned AFTER UPDATE OF orphaned_at ON asset
            WHEN OLD.orphaned_at IS NOT NULL AND NEW.orphaned_at IS NULL
        BEGIN
            \(changeOwned("NEW", by: "1"))
        END;
        CREATE TRIGGER asset_owned_no_more AFTER UPDATE OF orphaned_at ON asset
            WHEN OLD.orphaned_at IS NULL AND NEW.orphaned_at IS NOT NULL
        BEGIN
            \(changeOwned("NEW", by: "-1"))
        END;
        CREATE TRIGGER owned_asset_deleted BEFORE DELETE ON asset WHEN OLD.orphaned_at IS NULL BEGIN
            \(changeOwned("OLD", by: "-1"))
        END;
        """

    private static func changeOwned(_ asset: String, by difference: String) -> String {
        """
        UPDATE recipe SET owned_assets = owned_assets + \(difference)
            WHERE id IN (SELECT recipe_id FROM described WHERE asset_id = \(asset).id);
        UPDATE described_total SET assets = assets + \(difference)
            WHERE EXISTS (SELECT 1 FROM described WHERE asset_id = \(asset).id);
        """
    }

    /// Keeps `work_total`.
    static let workTotalTriggers = """
        CREATE TRIGGER work_counted AFTER INSERT ON work BEGIN
            \(countWork("NEW"))
        END;
        CREATE TRIGGER work_recounted
            AFTER UPDATE OF volume_id, recipe_id, priority, is_clip, state ON work
            WHEN \(workGroup("OLD")) <> \(workGroup("NEW"))
        BEGIN
            \(uncountWork("OLD"))
            \(countWork("NEW"))
        END;
        CREATE TRIGGER work_uncounted AFTER DELETE ON work BEGIN
            \(uncountWork("OLD"))
        END;
        """

    private static func workGroup(_ work: String) -> String {
        """
        (coalesce(\(work).volume_id, 0), \(work).recipe_id, \(work).priority, \(work).is_clip, \
        \(work).state)
        """
    }

    private static func countWork(_ work: String) -> String {
        """
        INSERT INTO work_total (volume_id, recipe_id, priority, is_clip, state, works)
            VALUES (coalesce(\(work).volume_id, 0), \(work).recipe_id, \(work).priority,
                \(work).is_clip, \(work).state, 1)
            ON CONFLICT (volume_id, recipe_id, priority, is_clip, state)
                DO UPDATE SET works = works + 1;
        """
    }

    private static func uncountWork(_ work: String) -> String {
        let isSame = "(volume_id, recipe_id, priority, is_clip, state) = \(workGroup(work))"
        return """
            UPDATE work_total SET works = works - 1 WHERE \(isSame);
            DELETE FROM work_total WHERE \(isSame) AND works = 0;
            """
    }
}
