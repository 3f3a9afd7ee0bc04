"""Writes a large catalogue to time queries and upgrades: `python3 -m Benchmarks.make_catalogue FILE --assets 1000000`.

The file is one of version 0.1.0. With `--upgrade VIGNETTE` that program then brings it to its own version, timed, so that
the schema in force is written down in one place alone. No picture exists: a root called `/library` and one called
`/disk` are in the catalogue only.

Words follow Zipf's law, so that some are in many captions and most in few. Besides, `lighthouse` is in every tenth caption,
`kayak`, `kayaks`, … `kayaking` (100 words that begin alike) in every tenth as well, and `zeppelin` in ten. One asset in
twenty has a second file; of the files one in a hundred is missing and one in two hundred has failed.
"""

import argparse
import hashlib
import sqlite3
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random

SCHEMA = """
PRAGMA application_id = 1447513684;
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
CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
    recipe_id INTEGER NOT NULL REFERENCES recipe(id),
    second REAL,
    vector BLOB NOT NULL
) STRICT;
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
CREATE VIRTUAL TABLE search USING fts5(
    description, tags, names,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1 files, assets, jobs, search');
"""

# Made when the rows are there, which is several times as quick.
INDEXES = """
CREATE INDEX file_asset ON file(asset_id) WHERE asset_id IS NOT NULL;
CREATE INDEX file_inode ON file(inode, size, mtime);
CREATE INDEX file_missing ON file(missing_since) WHERE missing_since IS NOT NULL;
CREATE INDEX asset_orphaned ON asset(orphaned_at) WHERE orphaned_at IS NOT NULL;
CREATE INDEX described_recipe ON described(recipe_id);
CREATE UNIQUE INDEX description_once ON description(
    asset_id, source, coalesce(recipe_id, 0), prompt, coalesce(start_s, -1));
CREATE UNIQUE INDEX asset_tag_once ON asset_tag(
    asset_id, tag_id, source, coalesce(recipe_id, 0));
CREATE INDEX asset_tag_tag ON asset_tag(tag_id, asset_id);
CREATE TRIGGER asset_tag_gone AFTER DELETE ON asset_tag BEGIN
    DELETE FROM tag WHERE id = OLD.tag_id
        AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE tag_id = OLD.tag_id);
END;
CREATE UNIQUE INDEX token_once ON token(asset_id, recipe_id, coalesce(second, -1));
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
CREATE TRIGGER asset_gone AFTER DELETE ON asset BEGIN
    DELETE FROM search WHERE rowid = OLD.id;
END;
"""

SEED = 1011
BEGIN = 1_700_000_000
WORDS_IN_CAPTION = 12
TOKEN_ELEMENTS = 64
_BATCH = 10_000
_SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]


class Vocabulary:
    """Made-up words, the n-th of which is drawn in proportion to 1/n."""

    def __init__(self, rng: Random, size: int) -> None:
        words: dict[str, None] = {}
        while len(words) < size:
            words["".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4)))] = None
        self.words = list(words)
        self.weights = list(accumulate(1 / number for number in range(1, size + 1)))

    def draw(self, rng: Random, count: int) -> list[str]:
        """Words, some perhaps twice."""
        return rng.choices(self.words, cum_weights=self.weights, k=count)


class Library:
    """The rows of the tables, the same whenever they are asked for."""

    def __init__(self, assets: int, tags: int) -> None:
        self.rng = Random(SEED)
        self.assets = assets
        self.captions = Vocabulary(self.rng, 50_000)
        self.tags = Vocabulary(self.rng, tags)
        self.tag_numbers = {name: number for number, name in enumerate(self.tags.words, 1)}
        self.alike = ["kayak" + a + b for a in ["", *"abcdefghi"] for b in ["", *"mnopqrstu"]][:100]
        self.rare = set(self.rng.sample(range(1, assets + 1), min(10, assets)))
        self.files = 0

    def batches(self) -> Iterator[dict[str, list[tuple]]]:
        """Rows by table, some thousands of assets at a time."""
        for first in range(1, self.assets + 1, _BATCH):
            rows: dict[str, list[tuple]] = {name: [] for name in INSERTS}
            for asset in range(first, min(first + _BATCH, self.assets + 1)):
                self._add(asset, rows)
            yield rows

    def _add(self, asset: int, rows: dict[str, list[tuple]]) -> None:
        rng = self.rng
        is_video = rng.random() < 0.02
        rows["asset"].append(
            (asset, hashlib.sha256(asset.to_bytes(8, "little")).digest(), "video" if is_video else "still",
             "mp4" if is_video else "jpeg", 4000, 3000, 12.5 if is_video else None, BEGIN + asset)
        )
        caption = self._caption(asset)
        tags = list(dict.fromkeys(self.tags.draw(rng, 5)))
        rows["described"].append((asset, 1 if asset % 10 else 2, BEGIN + asset))
        rows["description"].append((asset, 1 if asset % 10 else 2, caption))
        rows["asset_tag"] += [(asset, self.tag_numbers[tag], 1 if asset % 10 else 2) for tag in tags]
        values = [rng.uniform(-1, 1) for _ in range(4)] * (TOKEN_ELEMENTS // 4)
        rows["token"].append((asset, 1 if asset % 10 else 2, struct.pack(f"<{TOKEN_ELEMENTS}e", *values)))
        names = [self._file(asset, rows) for _ in range(2 if rng.random() < 0.05 else 1)]
        rows["search"].append((asset, caption, "\n".join(tags), "\n".join(names)))

    def _caption(self, asset: int) -> str:
        words = self.captions.draw(self.rng, WORDS_IN_CAPTION)
        if asset % 10 == 3:
            words[4] = "lighthouse"
        if asset % 10 == 7:
            words[6] = self.rng.choice(self.alike)
        if asset in self.rare:
            words[8] = "zeppelin"
        return " ".join(["A", *words]) + "."

    def _file(self, asset: int, rows: dict[str, list[tuple]]) -> str:
        self.files += 1
        number, rng = self.files, self.rng
        directory = f"/{2000 + number // 40_000 % 25}/{number // 500:05d}/"
        name = f"IMG_{number:07d}.jpg"
        changed = (BEGIN + number) * 1_000_000_000
        root = 2 if asset % 7 == 0 else 1
        is_missing, has_failed = rng.random() < 0.01, rng.random() < 0.005
        rows["file"].append(
            (number, root, directory.encode(), name.encode(), 7, number + 1000, 3_000_000 + number % 977, changed,
             changed, asset, BEGIN * 1.0 + number if is_missing else None, "2024-07-26T18:03:11")
        )
        rows["job"].append(
            (number, number, root, changed, is_missing, "failed" if has_failed else "done", 1, 1,
             "the decoder was killed for taking too long" if has_failed else None, BEGIN + number)
        )
        return directory + name


INSERTS = {
    "asset": "(id, identity, kind, format, width, height, duration, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "described": "VALUES (?, ?, ?)",
    "description": "(asset_id, source, recipe_id, prompt, text) VALUES (?, 'model', ?, 'caption', ?)",
    "asset_tag": "(asset_id, tag_id, source, recipe_id) VALUES (?, ?, 'model', ?)",
    "token": "(asset_id, recipe_id, vector) VALUES (?, ?, ?)",
    "file": "(id, root_id, directory, name, device, inode, size, mtime, ctime, asset_id, is_current, missing_since,"
    " taken_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
    "job": "(id, file_id, root_id, changed, is_held, state, lease, attempts, last_error, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "search": "(rowid, description, tags, names) VALUES (?, ?, ?, ?)",
}


def write(path: Path, assets: int, tags: int) -> None:
    """Writes a catalogue of version 0.1.0 to `path`, where nothing must be yet."""
    library = Library(assets, tags)
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    connection.executemany("INSERT INTO root (path) VALUES (?)", [(b"/library",), (b"/disk",)])
    connection.executemany(
        "INSERT INTO recipe (model, version, settings) VALUES ('made-up', ?, X'01')", [("2",), ("1",)]
    )
    connection.executemany("INSERT INTO tag (id, name) VALUES (?, ?)", enumerate(library.tags.words, 1))
    for number, rows in enumerate(library.batches(), 1):
        for table, values in rows.items():
            connection.executemany(f"INSERT INTO {table} {INSERTS[table]}", values)
        connection.commit()
        print(f"\r{min(number * _BATCH, assets):,} of {assets:,} assets", end="", flush=True)
    # A tag that nothing carries would not be there.
    connection.execute("DELETE FROM tag WHERE id NOT IN (SELECT tag_id FROM asset_tag)")
    connection.commit()
    print("; indexes", flush=True)
    connection.executescript(INDEXES)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def upgrade(path: Path, program: Path) -> None:
    """Lets `program` open the catalogue as its owner: a scan of a folder in which nothing lies."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run([program.resolve(), "scan", folder, "--catalogue", path], check=True)
        print(f"upgraded in {time.perf_counter() - start:.1f} s")


def main() -> None:
    """Writes the file unless it is there, and upgrades it if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--tags", type=int, default=5000, help="how many different tags there are")
    parser.add_argument("--upgrade", type=Path, metavar="VIGNETTE", help="the program that brings the file up to date")
    arguments = parser.parse_args()
    if not arguments.file.exists():
        partial = arguments.file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        write(partial, arguments.assets, arguments.tags)
        partial.rename(arguments.file)
    if arguments.upgrade:
        upgrade(arguments.file, arguments.upgrade)


if __name__ == "__main__":
    main()
