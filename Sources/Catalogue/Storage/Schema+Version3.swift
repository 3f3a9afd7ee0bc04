// What version 3 adds: counts that are kept as rows change, so that no command has to count a million
// of them; and the names of files beyond the first of an asset.
//
// An asset is hidden while none of its files is there with verified content. In triggers no statement
// says OR IGNORE or OR REPLACE: SQLite lets the outer statement's word count instead.
extension Schema {
    /// The tables and columns.
    ///
    /// `job_total` counts the jobs of a volume by state, `recipe.assets` what a recipe has described and
    /// `model_total` what a model has by any of its recipes, `tag.assets` the assets that carry a tag and
    /// are not hidden. `asset_tag.is_superseded` says that a newer recipe's tags count instead.
    /// `more_names` has the paths of files that came when their asset had `maximumNames` already.
    static let counts = """
        CREATE TABLE hidden_asset (asset_id INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE asset_total (assets INTEGER NOT NULL) STRICT;
        CREATE TABLE job_total (
            volume_id INTEGER NOT NULL,
            is_held INTEGER NOT NULL,
            state TEXT NOT NULL,
            files INTEGER NOT NULL,
            PRIMARY KEY (volume_id, is_held, state)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE model_total (
            model TEXT NOT NULL,
            version TEXT NOT NULL,
            assets INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (model, version)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE recipe ADD COLUMN assets INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tag ADD COLUMN assets INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE asset_tag ADD COLUMN is_superseded INTEGER NOT NULL DEFAULT 0
            CHECK (is_superseded IN (0, 1));
        CREATE VIRTUAL TABLE more_names USING fts5(
            names, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
        """

    /// How many of an asset's files the table `search` has the names of.
    static let maximumNames = 32

    /// Whether a row of `file` shows its asset to those who search.
    static func shows(_ row: String) -> String {
        "\(row).asset_id IS NOT NULL AND \(row).is_current = 1 AND \(row).missing_since IS NULL"
    }

    static let hideFormerAsset = """
        INSERT INTO hidden_asset (asset_id)
            SELECT OLD.asset_id WHERE \(shows("OLD"))
                AND NOT EXISTS (SELECT 1 FROM file
                    WHERE asset_id = OLD.asset_id AND \(shows("file")))
                AND NOT EXISTS (SELECT 1 FROM hidden_asset WHERE asset_id = OLD.asset_id);
        """

    /// Keeps `hidden_asset` and the number of assets.
    static let hiddenAssetTriggers = """
        CREATE TRIGGER asset_counted AFTER INSERT ON asset BEGIN
            INSERT INTO hidden_asset (asset_id) VALUES (NEW.id);
            UPDATE asset_total SET assets = assets + 1;
        END;
        CREATE TRIGGER asset_uncounted AFTER DELETE ON asset BEGIN
            DELETE FROM hidden_asset WHERE asset_id = OLD.id;
            UPDATE asset_total SET assets = assets - 1;
        END;
        CREATE TRIGGER file_shows AFTER INSERT ON file WHEN \(shows("NEW")) BEGIN
            DELETE FROM hidden_asset WHERE asset_id = NEW.asset_id;
        END;
        CREATE TRIGGER file_shows_other AFTER UPDATE OF asset_id, is_current, missing_since ON file
        BEGIN
            \(hideFormerAsset)
            DELETE FROM hidden_asset WHERE asset_id = NEW.asset_id AND \(shows("NEW"));
        END;
        CREATE TRIGGER file_shows_no_more AFTER DELETE ON file WHEN \(shows("OLD")) BEGIN
            \(hideFormerAsset)
        END;
        """

    /// Keeps `job_total`.
    static let jobTotalTriggers = """
        CREATE TRIGGER job_counted AFTER INSERT ON job BEGIN
            \(count("NEW"))
        END;
        CREATE TRIGGER job_recounted AFTER UPDATE OF volume_id, is_held, state ON job
            WHEN (OLD.volume_id, OLD.is_held, OLD.state) <> (NEW.volume_id, NEW.is_held, NEW.state)
        BEGIN
            \(uncount("OLD"))
            \(count("NEW"))
        END;
        CREATE TRIGGER job_uncounted AFTER DELETE ON job BEGIN
            \(uncount("OLD"))
        END;
        """

    static func count(_ job: String, in table: String = "job_total") -> String {
        """
        INSERT INTO \(table) (volume_id, is_held, state, files)
            VALUES (\(job).volume_id, \(job).is_held, \(job).state, 1)
            ON CONFLICT (volume_id, is_held, state) DO UPDATE SET files = files + 1;
        """
    }

    static func uncount(_ job: String, in table: String = "job_total") -> String {
        let isSame =
            "(volume_id, is_held, state) = (\(job).volume_id, \(job).is_held, \(job).state)"
        return """
            UPDATE \(table) SET files = files - 1 WHERE \(isSame);
            DELETE FROM \(table) WHERE \(isSame) AND files = 0;
            """
    }

    /// Keeps what recipes and models have described, and which tags count.
    static let recipeTotalTriggers = """
        CREATE TRIGGER recipe_counted AFTER INSERT ON recipe BEGIN
            INSERT INTO model_total (model, version) SELECT NEW.model, NEW.version
                WHERE NOT EXISTS (SELECT 1 FROM model_total
                    WHERE (model, version) = (NEW.model, NEW.version));
        END;
        CREATE TRIGGER described_counted AFTER INSERT ON described BEGIN
            UPDATE recipe SET assets = assets + 1 WHERE id = NEW.recipe_id;
            UPDATE model_total SET assets = assets + 1
                WHERE (model, version) = (SELECT model, version FROM recipe WHERE id = NEW.recipe_id)
                AND (\(descriptionsByModel("NEW"))) = 1;
            \(supersede("NEW"))
        END;
        CREATE TRIGGER described_again AFTER UPDATE OF at ON described BEGIN
            \(supersede("NEW"))
        END;
        CREATE TRIGGER described_uncounted AFTER DELETE ON described BEGIN
            UPDATE recipe SET assets = assets - 1 WHERE id = OLD.recipe_id;
            UPDATE model_total SET assets = assets - 1
                WHERE (model, version) = (SELECT model, version FROM recipe WHERE id = OLD.recipe_id)
                AND (\(descriptionsByModel("OLD"))) = 0;
            \(supersede("OLD"))
        END;
        """

    private static func descriptionsByModel(_ row: String) -> String {
        """
        SELECT count(*) FROM described JOIN recipe ON recipe.id = recipe_id
            WHERE asset_id = \(row).asset_id
                AND (recipe.model, recipe.version) = (model_total.model, model_total.version)
        """
    }

    private static func supersede(_ row: String) -> String {
        """
        UPDATE asset_tag SET is_superseded = 1 - is_superseded
            WHERE asset_id = \(row).asset_id AND is_superseded <> (\(isSuperseded));
        """
    }

    /// Whether a row of `asset_tag` is a model's whose word no longer counts; of a tag whose recipe has
    /// described nothing, it counts.
    static let isSuperseded = """
        recipe_id IS NOT NULL AND recipe_id <> coalesce((
            SELECT newest.recipe_id FROM described AS newest
            WHERE newest.asset_id = asset_tag.asset_id
            ORDER BY at DESC, newest.recipe_id DESC LIMIT 1), recipe_id)
        """

    /// Keeps `tag.assets`.
    static let tagTotalTriggers = """
        CREATE TRIGGER asset_shown AFTER DELETE ON hidden_asset BEGIN
            UPDATE tag SET assets = assets + 1 WHERE id IN (
                SELECT tag_id FROM asset_tag WHERE asset_id = OLD.asset_id AND is_superseded = 0);
        END;
        CREATE TRIGGER asset_hidden AFTER INSERT ON hidden_asset BEGIN
            UPDATE tag SET assets = assets - 1 WHERE id IN (
                SELECT tag_id FROM asset_tag WHERE asset_id = NEW.asset_id AND is_superseded = 0);
        END;
        CREATE TRIGGER tag_given AFTER INSERT ON asset_tag WHEN NEW.is_superseded = 0 BEGIN
            \(addToTag)
        END;
        CREATE TRIGGER tag_counts_again AFTER UPDATE OF is_superseded ON asset_tag
            WHEN OLD.is_superseded = 1 AND NEW.is_superseded = 0
        BEGIN
            \(addToTag)
        END;
        CREATE TRIGGER tag_superseded AFTER UPDATE OF is_superseded ON asset_tag
            WHEN OLD.is_superseded = 0 AND NEW.is_superseded = 1
        BEGIN
            \(takeFromTag)
        END;
        CREATE TRIGGER tag_taken AFTER DELETE ON asset_tag WHEN OLD.is_superseded = 0 BEGIN
            \(takeFromTag)
        END;
        """

    private static let addToTag = """
        UPDATE tag SET assets = assets + 1 WHERE id = NEW.tag_id
            AND NOT EXISTS (SELECT 1 FROM hidden_asset WHERE asset_id = NEW.asset_id)
            AND (SELECT count(*) FROM asset_tag WHERE asset_id = NEW.asset_id
                AND tag_id = NEW.tag_id AND is_superseded = 0) = 1;
        """

    private static let takeFromTag = """
        UPDATE tag SET assets = assets - 1 WHERE id = OLD.tag_id
            AND NOT EXISTS (SELECT 1 FROM hidden_asset WHERE asset_id = OLD.asset_id)
            AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE asset_id = OLD.asset_id
                AND tag_id = OLD.tag_id AND is_superseded = 0);
        """

    /// Keeps `more_names`.
    static let moreNamesTriggers = """
        CREATE TRIGGER file_named AFTER INSERT ON file
            WHEN NEW.asset_id IS NOT NULL AND NEW.is_current = 1
        BEGIN
            \(addName)
        END;
        CREATE TRIGGER file_renamed AFTER UPDATE OF asset_id, is_current ON file
            WHEN OLD.asset_id IS NOT NEW.asset_id OR OLD.is_current <> NEW.is_current
        BEGIN
            DELETE FROM more_names WHERE rowid = OLD.id;
            \(addName)
        END;
        CREATE TRIGGER file_unnamed AFTER DELETE ON file BEGIN
            DELETE FROM more_names WHERE rowid = OLD.id;
        END;
        """

    private static let addName = """
        INSERT INTO more_names (rowid, names)
            SELECT NEW.id, CAST(NEW.directory || NEW.name AS TEXT)
            WHERE NEW.asset_id IS NOT NULL AND NEW.is_current = 1 AND \(maximumNames) < (
                SELECT count(*) FROM (SELECT 1 FROM file
                    WHERE asset_id = NEW.asset_id AND is_current = 1 LIMIT \(maximumNames + 1)));
        """
}
