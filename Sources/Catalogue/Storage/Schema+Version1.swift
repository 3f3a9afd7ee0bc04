// The tables as version 1 made them; never change them. Times are seconds since 1970; `mtime` and `ctime` are nanoseconds, as the kernel has
// them. Paths are bytes, in the forms of `PathBytes`.
// AUTOINCREMENT where a number leaves the catalogue: it is never given again, so that a worker whose
// job was deleted cannot end another one.
extension Schema {
    /// Roots and the files below them.
    ///
    /// `file.is_current` says that the asset was verified for the content that the file has now; it
    /// is 0 while a changed file waits to be identified again. `missing_since` starts the grace
    /// period after which the row goes.
    static let files = """
        CREATE TABLE root (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path BLOB NOT NULL UNIQUE,
            is_online INTEGER NOT NULL DEFAULT 1 CHECK (is_online IN (0, 1)),
            offline_reason TEXT,
            mounts BLOB
        ) STRICT;

        CREATE TABLE file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            root_id INTEGER NOT NULL REFERENCES root(id) ON DELETE CASCADE,
            directory BLOB NOT NULL,
            name BLOB NOT NULL,
            device INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            size INTEGER NOT NULL,
            mtime INTEGER NOT NULL,
            ctime INTEGER NOT NULL,
            asset_id INTEGER REFERENCES asset(id) ON DELETE SET NULL,
            is_current INTEGER NOT NULL DEFAULT 0 CHECK (is_current IN (0, 1)),
            missing_since REAL,
            taken_at TEXT,
            camera TEXT,
            latitude REAL,
            longitude REAL,
            UNIQUE (root_id, directory, name)
        ) STRICT;
        CREATE INDEX file_asset ON file(asset_id) WHERE asset_id IS NOT NULL;
        CREATE INDEX file_inode ON file(inode, size, mtime);
        CREATE INDEX file_missing ON file(missing_since) WHERE missing_since IS NOT NULL;
        """

    /// What pictures are, whatever their paths.
    ///
    /// `orphaned_at`: when the last file went.
    static let assets = """
        CREATE TABLE asset (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            identity BLOB NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('still', 'video')),
            format TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            duration REAL,
            created_at REAL NOT NULL,
            orphaned_at REAL
        ) STRICT;
        CREATE INDEX asset_orphaned ON asset(orphaned_at) WHERE orphaned_at IS NOT NULL;

        CREATE TABLE recipe (
            id INTEGER PRIMARY KEY,
            model TEXT NOT NULL,
            version TEXT NOT NULL,
            settings BLOB NOT NULL,
            UNIQUE (model, version, settings)
        ) STRICT;

        CREATE TABLE described (
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            recipe_id INTEGER NOT NULL REFERENCES recipe(id),
            at REAL NOT NULL,
            PRIMARY KEY (asset_id, recipe_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX described_recipe ON described(recipe_id);
        """

    /// Texts, tags and tokens.
    ///
    /// Only a model's words name a recipe; nobody else's ever do.
    static let descriptions = """
        CREATE TABLE description (
            id INTEGER PRIMARY KEY,
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            source TEXT NOT NULL CHECK (source IN ('human', 'sidecar', 'model')),
            recipe_id INTEGER REFERENCES recipe(id),
            prompt TEXT NOT NULL,
            text TEXT NOT NULL,
            start_s REAL,
            end_s REAL,
            CHECK ((source = 'model') = (recipe_id IS NOT NULL)),
            CHECK ((start_s IS NULL) = (end_s IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX description_once ON description(
            asset_id, source, coalesce(recipe_id, 0), prompt, coalesce(start_s, -1));

        CREATE TABLE tag (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE asset_tag (
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            tag_id INTEGER NOT NULL REFERENCES tag(id),
            source TEXT NOT NULL CHECK (source IN ('human', 'sidecar', 'model')),
            recipe_id INTEGER REFERENCES recipe(id),
            CHECK ((source = 'model') = (recipe_id IS NOT NULL))
        ) STRICT;
        CREATE UNIQUE INDEX asset_tag_once ON asset_tag(
            asset_id, tag_id, source, coalesce(recipe_id, 0));
        CREATE INDEX asset_tag_tag ON asset_tag(tag_id, asset_id);
        CREATE TRIGGER asset_tag_gone AFTER DELETE ON asset_tag BEGIN
            DELETE FROM tag WHERE id = OLD.tag_id
                AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE tag_id = OLD.tag_id);
        END;

        CREATE TABLE token (
            id INTEGER PRIMARY KEY,
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            recipe_id INTEGER NOT NULL REFERENCES recipe(id),
            second REAL,
            vector BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX token_once ON token(asset_id, recipe_id, coalesce(second, -1));
        """

    /// The queue.
    ///
    /// One job a file, for the file's whole life.
    ///
    /// `lease` counts leases and requeues: a worker holds the job only while the number it was given
    /// is still the job's. `describing` is the asset that the leased job is being run for, and
    /// `awaits` the asset whose running job this one waits for; the triggers make those who wait
    /// leasable again when that job lets go, however it does. `is_held` mirrors the file's
    /// `missing_since`, `changed` its ctime and `root_id` its root, so that one index finds the next job.
    static let jobs = """
        CREATE TABLE job (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            file_id INTEGER NOT NULL UNIQUE REFERENCES file(id) ON DELETE CASCADE,
            root_id INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            is_held INTEGER NOT NULL DEFAULT 0 CHECK (is_held IN (0, 1)),
            state TEXT NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'waiting', 'leased', 'done', 'failed')),
            lease INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            interruptions INTEGER NOT NULL DEFAULT 0,
            not_before REAL,
            leased_at REAL,
            owner TEXT,
            last_error TEXT,
            describing INTEGER,
            awaits INTEGER,
            updated_at REAL NOT NULL,
            CHECK (describing IS NULL OR state = 'leased'),
            CHECK ((awaits IS NOT NULL) = (state = 'waiting'))
        ) STRICT;
        CREATE INDEX job_next ON job(root_id, interruptions, attempts, changed DESC, id)
            WHERE state = 'queued' AND is_held = 0;
        CREATE INDEX job_not_before ON job(not_before)
            WHERE state = 'queued' AND is_held = 0 AND not_before IS NOT NULL;
        CREATE INDEX job_leased ON job(id) WHERE state = 'leased';
        CREATE INDEX job_failed ON job(updated_at DESC, id) WHERE state = 'failed';
        CREATE INDEX job_count ON job(root_id, is_held, state);
        CREATE UNIQUE INDEX job_describing ON job(describing) WHERE describing IS NOT NULL;
        CREATE INDEX job_awaits ON job(awaits) WHERE awaits IS NOT NULL;

        CREATE TRIGGER job_let_go AFTER UPDATE OF describing ON job
            WHEN OLD.describing IS NOT NULL AND NEW.describing IS NOT OLD.describing
        BEGIN
            UPDATE job SET state = 'queued', awaits = NULL WHERE awaits = OLD.describing;
        END;
        CREATE TRIGGER job_gone AFTER DELETE ON job WHEN OLD.describing IS NOT NULL BEGIN
            UPDATE job SET state = 'queued', awaits = NULL WHERE awaits = OLD.describing;
        END;
        CREATE TRIGGER file_missing AFTER UPDATE OF missing_since ON file
            WHEN (OLD.missing_since IS NULL) <> (NEW.missing_since IS NULL)
        BEGIN
            UPDATE job SET is_held = NEW.missing_since IS NOT NULL WHERE file_id = NEW.id;
        END;
        """

    /// One row an asset: its effective texts, its tags and the paths of its files.
    static let search = """
        CREATE VIRTUAL TABLE search USING fts5(
            description, tags, names,
            tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
        CREATE TRIGGER asset_gone AFTER DELETE ON asset BEGIN
            DELETE FROM search WHERE rowid = OLD.id;
        END;
        """
}
