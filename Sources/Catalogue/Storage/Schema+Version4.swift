// What version 4 adds: what people wrote, embedded in files and in sidecars; pictures that are several
// files; what was cut short; and the version of the codecs beside their verdicts.
//
// A sidecar is a row of `file` like any other, so that it comes, changes, rests and goes by the same rules;
// it never has an asset, and is not counted among the files.
extension Schema {
    /// The columns and indexes.
    ///
    /// `file.texts`: of a picture the texts that it holds, of a sidecar all that it says; JSON, NULL for
    /// nothing and for a sidecar that was never read. `file.sidecar_id`: the sidecar whose word counts for
    /// a picture. `asset.primary_id`: the asset that stands for this one, since both are of one press of
    /// the shutter. `asset_tag.written`: how a person writes the tag, where that is not its name. `codecs`:
    /// the version of the codecs whose verdict the job or work ended with; NULL where it was not theirs.
    static let textsAndPairs = """
        ALTER TABLE file ADD COLUMN is_sidecar INTEGER NOT NULL DEFAULT 0
            CHECK (is_sidecar IN (0, 1));
        ALTER TABLE file ADD COLUMN sidecar_id INTEGER REFERENCES file(id) ON DELETE SET NULL;
        ALTER TABLE file ADD COLUMN texts TEXT;
        ALTER TABLE file ADD COLUMN content_identifier TEXT;
        ALTER TABLE job ADD COLUMN is_sidecar INTEGER NOT NULL DEFAULT 0
            CHECK (is_sidecar IN (0, 1));
        ALTER TABLE job ADD COLUMN codecs INTEGER;
        ALTER TABLE work ADD COLUMN codecs INTEGER;
        ALTER TABLE asset ADD COLUMN rating INTEGER;
        ALTER TABLE asset ADD COLUMN is_incomplete INTEGER NOT NULL DEFAULT 0
            CHECK (is_incomplete IN (0, 1));
        ALTER TABLE asset ADD COLUMN is_raw INTEGER NOT NULL DEFAULT 0 CHECK (is_raw IN (0, 1));
        ALTER TABLE asset ADD COLUMN primary_id INTEGER REFERENCES asset(id) ON DELETE SET NULL;
        ALTER TABLE asset_tag ADD COLUMN written TEXT;
        ALTER TABLE asset_total ADD COLUMN incomplete INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tag ADD COLUMN sidecar_assets INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE sidecar_total (
            volume_id INTEGER NOT NULL,
            is_held INTEGER NOT NULL,
            state TEXT NOT NULL,
            files INTEGER NOT NULL,
            PRIMARY KEY (volume_id, is_held, state)
        ) STRICT, WITHOUT ROWID;
        """

    /// Indexes of the new columns; each has only the few rows that have a value.
    static let textAndPairIndexes = [
        "CREATE INDEX file_sidecar ON file(sidecar_id) WHERE sidecar_id IS NOT NULL",
        """
        CREATE INDEX file_written ON file(asset_id)
            WHERE texts IS NOT NULL OR sidecar_id IS NOT NULL
        """,
        """
        CREATE INDEX file_content_identifier ON file(root_id, directory, content_identifier)
            WHERE content_identifier IS NOT NULL
        """,
        """
        CREATE INDEX job_codecs ON job(codecs, id) WHERE state = 'failed' AND codecs IS NOT NULL
        """,
        """
        CREATE INDEX work_codecs ON work(codecs, id) WHERE state = 'failed' AND codecs IS NOT NULL
        """,
        "CREATE INDEX asset_primary ON asset(primary_id) WHERE primary_id IS NOT NULL",
        "CREATE INDEX asset_rated ON asset(rating) WHERE rating IS NOT NULL",
        "CREATE INDEX asset_tag_written ON asset_tag(tag_id) WHERE written IS NOT NULL",
    ]

    /// The failures of earlier versions that were the codecs' own: all but those in these forms.
    static let notTheCodecs = [
        "cannot be read: %", "the model failed: %", "interrupted %", "holds another picture %",
    ]

    /// Keeps `job_total`, which counts pictures, and `sidecar_total`, which counts sidecars.
    static let apartJobTriggers =
        "DROP TRIGGER job_counted; DROP TRIGGER job_recounted; DROP TRIGGER job_uncounted;"
        + jobTriggers("job", on: 0, into: "job_total")
        + jobTriggers("sidecar", on: 1, into: "sidecar_total")

    private static func jobTriggers(
        _ name: String, on isSidecar: Int, into table: String
    ) -> String {
        """
        CREATE TRIGGER \(name)_counted AFTER INSERT ON job WHEN NEW.is_sidecar = \(isSidecar) BEGIN
            \(count("NEW", in: table))
        END;
        CREATE TRIGGER \(name)_recounted AFTER UPDATE OF volume_id, is_held, state ON job
            WHEN NEW.is_sidecar = \(isSidecar)
                AND (OLD.volume_id, OLD.is_held, OLD.state)
                    <> (NEW.volume_id, NEW.is_held, NEW.state)
        BEGIN
            \(uncount("OLD", in: table))
            \(count("NEW", in: table))
        END;
        CREATE TRIGGER \(name)_uncounted AFTER DELETE ON job WHEN OLD.is_sidecar = \(isSidecar)
        BEGIN
            \(uncount("OLD", in: table))
        END;
        """
    }

    /// Whether the asset of a row of `file` stands for itself.
    private static func standsAlone(_ row: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM asset
            WHERE id = \(row).asset_id AND primary_id IS NOT NULL)
        """
    }

    /// Keeps `hidden_asset`, in which an asset is, too, that another one stands for.
    static let pairedAssetTriggers = """
        DROP TRIGGER file_shows;
        DROP TRIGGER file_shows_other;
        CREATE TRIGGER file_shows AFTER INSERT ON file WHEN \(shows("NEW")) BEGIN
            DELETE FROM hidden_asset WHERE asset_id = NEW.asset_id AND \(standsAlone("NEW"));
        END;
        CREATE TRIGGER file_shows_other AFTER UPDATE OF asset_id, is_current, missing_since ON file
        BEGIN
            \(hideFormerAsset)
            DELETE FROM hidden_asset WHERE asset_id = NEW.asset_id AND \(shows("NEW"))
                AND \(standsAlone("NEW"));
        END;
        CREATE TRIGGER asset_paired AFTER UPDATE OF primary_id ON asset
            WHEN OLD.primary_id IS NOT NEW.primary_id
        BEGIN
            INSERT INTO hidden_asset (asset_id)
                SELECT NEW.id WHERE NEW.primary_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM hidden_asset WHERE asset_id = NEW.id);
            DELETE FROM hidden_asset WHERE asset_id = NEW.id AND NEW.primary_id IS NULL
                AND EXISTS (SELECT 1 FROM file WHERE asset_id = NEW.id AND \(shows("file")));
        END;
        """

    /// Keeps `asset_total.incomplete`.
    static let incompleteTotalTriggers = """
        CREATE TRIGGER incomplete_counted AFTER INSERT ON asset WHEN NEW.is_incomplete = 1 BEGIN
            UPDATE asset_total SET incomplete = incomplete + 1;
        END;
        CREATE TRIGGER incomplete_recounted AFTER UPDATE OF is_incomplete ON asset
            WHEN OLD.is_incomplete <> NEW.is_incomplete
        BEGIN
            UPDATE asset_total SET incomplete = incomplete + NEW.is_incomplete - OLD.is_incomplete;
        END;
        CREATE TRIGGER incomplete_uncounted AFTER DELETE ON asset WHEN OLD.is_incomplete = 1 BEGIN
            UPDATE asset_total SET incomplete = incomplete - 1;
        END;
        """

    private static func isShown(_ row: String) -> String {
        "NOT EXISTS (SELECT 1 FROM hidden_asset WHERE asset_id = \(row).asset_id)"
    }

    /// Keeps `tag.sidecar_assets`; an asset has a tag from its sidecars once.
    static let sidecarTagTriggers = """
        CREATE TRIGGER sidecar_tag_given AFTER INSERT ON asset_tag WHEN NEW.source = 'sidecar' BEGIN
            UPDATE tag SET sidecar_assets = sidecar_assets + 1
                WHERE id = NEW.tag_id AND \(isShown("NEW"));
        END;
        CREATE TRIGGER sidecar_tag_taken AFTER DELETE ON asset_tag WHEN OLD.source = 'sidecar' BEGIN
            UPDATE tag SET sidecar_assets = sidecar_assets - 1
                WHERE id = OLD.tag_id AND \(isShown("OLD"));
        END;
        CREATE TRIGGER sidecar_asset_shown AFTER DELETE ON hidden_asset BEGIN
            UPDATE tag SET sidecar_assets = sidecar_assets + 1 WHERE id IN (
                SELECT tag_id FROM asset_tag WHERE asset_id = OLD.asset_id AND source = 'sidecar');
        END;
        CREATE TRIGGER sidecar_asset_hidden AFTER INSERT ON hidden_asset BEGIN
            UPDATE tag SET sidecar_assets = sidecar_assets - 1 WHERE id IN (
                SELECT tag_id FROM asset_tag WHERE asset_id = NEW.asset_id AND source = 'sidecar');
        END;
        """
}
