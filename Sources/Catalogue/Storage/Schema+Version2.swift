// What version 2 adds: volumes, and work that is wanted of assets. Conventions as in version 1; the
// point of a volume is a directory in the form of `PathBytes`, `/` for the root itself.
extension Schema {
    /// What is mounted at and below roots.
    ///
    /// `key` is empty as long as it is not known, for files that version 1 has recorded. The volume that
    /// a mount hides in part has a second row, with the hidden part's point. `looked_through_at`: when
    /// every directory had been listed since the volume came online.
    static let volumes = """
        ALTER TABLE root ADD COLUMN is_watched INTEGER NOT NULL DEFAULT 1
            CHECK (is_watched IN (0, 1));
        CREATE TABLE volume (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            root_id INTEGER NOT NULL REFERENCES root(id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            point BLOB NOT NULL,
            is_online INTEGER NOT NULL DEFAULT 1 CHECK (is_online IN (0, 1)),
            looked_through_at REAL,
            UNIQUE (root_id, key, point)
        ) STRICT;

        CREATE VIEW live_volume AS
            SELECT volume.id, volume.root_id, looked_through_at
            FROM volume JOIN root ON root.id = volume.root_id
            WHERE volume.is_online = 1 AND root.is_online = 1 AND root.is_watched = 1;
        """

    /// The table `file` anew: what is known of a place is known on a volume.
    static let filesOnVolumes = """
        CREATE TABLE new_file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            root_id INTEGER NOT NULL REFERENCES root(id) ON DELETE CASCADE,
            volume_id INTEGER NOT NULL REFERENCES volume(id),
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
            longitude REAL
        ) STRICT;
        """

    /// Indexes of the table `file`, each with what it is for.
    static let fileIndexes = [
        "CREATE UNIQUE INDEX file_place ON file(root_id, directory, name, volume_id)",
        "CREATE INDEX file_asset ON file(asset_id) WHERE asset_id IS NOT NULL",
        "CREATE INDEX file_inode ON file(inode, size, mtime)",
        """
        CREATE INDEX file_missing ON file(volume_id, missing_since) WHERE missing_since IS NOT NULL
        """,
        "CREATE INDEX file_volume ON file(volume_id)",
    ]

    /// The table `job` anew: it finds out what a file holds.
    ///
    /// One job a file, for the file's whole life. `waiting`: its asset's first description is wanted and
    /// not there yet. `lease` counts leases and requeues: a worker holds the job only while the number
    /// it was given is still the job's. `is_held` mirrors the file's `missing_since`, `changed` its ctime
    /// and `volume_id` its volume, so that one index finds the next job.
    static let jobsOnVolumes = """
        CREATE TABLE new_job (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            file_id INTEGER NOT NULL UNIQUE REFERENCES file(id) ON DELETE CASCADE,
            volume_id INTEGER NOT NULL,
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
            updated_at REAL NOT NULL
        ) STRICT;
        """

    /// Indexes of the table `job`.
    static let jobIndexes = [
        """
        CREATE INDEX job_next ON job(volume_id, interruptions, attempts, changed DESC, id)
            WHERE state = 'queued' AND is_held = 0
        """,
        """
        CREATE INDEX job_not_before ON job(volume_id, not_before)
            WHERE state = 'queued' AND is_held = 0 AND not_before IS NOT NULL
        """,
        "CREATE INDEX job_leased ON job(id) WHERE state = 'leased'",
        "CREATE INDEX job_failed ON job(updated_at DESC, id) WHERE state = 'failed'",
        "CREATE INDEX job_count ON job(volume_id, is_held, state)",
    ]

    /// What is wanted of assets; what is done leaves the table.
    ///
    /// `number` is the lease's fencing number. `leased_until` is NULL for a lease that lasts as long as
    /// the owner lives. `volume_id` is a volume on which a file of the asset can be read, so that one
    /// index finds the next work; NULL where none was found when the work was to be leased.
    static let work = """
        CREATE TABLE work (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('describe', 'embed')),
            recipe_id INTEGER NOT NULL REFERENCES recipe(id),
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'leased', 'failed')),
            priority INTEGER NOT NULL,
            newness INTEGER NOT NULL,
            number INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            interruptions INTEGER NOT NULL DEFAULT 0,
            not_before REAL,
            leased_until REAL,
            owner TEXT,
            last_error TEXT,
            volume_id INTEGER,
            updated_at REAL NOT NULL,
            UNIQUE (asset_id, kind, recipe_id)
        ) STRICT;
        CREATE INDEX work_next ON work(
            volume_id, kind, recipe_id, priority, interruptions, attempts, newness DESC, id)
            WHERE state = 'queued';
        CREATE INDEX work_not_before ON work(volume_id, not_before)
            WHERE state = 'queued' AND not_before IS NOT NULL;
        CREATE INDEX work_leased ON work(leased_until) WHERE state = 'leased';
        CREATE INDEX work_failed ON work(updated_at DESC, id) WHERE state = 'failed';
        CREATE INDEX work_recipe ON work(recipe_id);
        """

    /// What keeps the queues true to the files.
    static let mirrors = """
        CREATE TRIGGER file_missing AFTER UPDATE OF missing_since ON file
            WHEN (OLD.missing_since IS NULL) <> (NEW.missing_since IS NULL)
        BEGIN
            UPDATE job SET is_held = NEW.missing_since IS NOT NULL WHERE file_id = NEW.id;
        END;
        CREATE TRIGGER file_moved AFTER UPDATE OF volume_id ON file
            WHEN OLD.volume_id <> NEW.volume_id
        BEGIN
            UPDATE job SET volume_id = NEW.volume_id WHERE file_id = NEW.id;
        END;
        CREATE TRIGGER file_readable AFTER UPDATE OF asset_id, is_current, missing_since, volume_id
            ON file
            WHEN NEW.asset_id IS NOT NULL AND NEW.is_current = 1 AND NEW.missing_since IS NULL
        BEGIN
            UPDATE work SET volume_id = NEW.volume_id
            WHERE asset_id = NEW.asset_id
                AND (volume_id IS NULL OR volume_id NOT IN (SELECT id FROM live_volume));
        END;
        CREATE TRIGGER file_found AFTER INSERT ON file
            WHEN NEW.asset_id IS NOT NULL AND NEW.is_current = 1
        BEGIN
            UPDATE work SET volume_id = NEW.volume_id
            WHERE asset_id = NEW.asset_id
                AND (volume_id IS NULL OR volume_id NOT IN (SELECT id FROM live_volume));
        END;
        """
}
