"""Times Vignette on large libraries: `python3 -m Benchmarks.large_catalogue PART --program .build/release/vignette`.

    queries FILE   a million assets (`Benchmarks.make_catalogue FILE --upgrade PROGRAM`): searches, tags, status, pages
    meaning FILE   the same catalogue with an embedding of each asset: searches by words, meaning and filters; FILE is changed
    duplicates FILE   200,000 stills of it that have signatures and no embeddings, a thousand copies among them, at moments of
                   their own (`Benchmarks.page` spreads them): `duplicates`; FILE is changed
    known          100,000 new files of which every picture is described already, then a rescan of them
    removal FILE   a catalogue of 500,000 assets as `make_catalogue` writes it, whose files are all gone; FILE is changed

Nothing else should run. Times of commands are whole ones, beside that of a command that does nothing. Files go to a
temporary folder (`TMPDIR`), about 2 GB at most.
"""

import argparse
import fcntl
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from Benchmarks.make_catalogue import upgrade

SAMPLES = Path(__file__).parent.parent / "Samples"
ROUNDS = 7


def timed(command: list) -> float:
    """The least seconds of several runs of a command whose output is thrown away."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def queries(program: Path, catalogue: Path) -> None:
    """Prints the milliseconds of each question, and how many are the program's start."""
    start = timed([program, "--version"])
    print(f"| what | ms | without the start of {start * 1000:.0f} ms |\n|---|---:|---:|")
    questions = {
        "word in a tenth of all captions": ["search", "lighthouse"],
        "the same, page 1,000": ["search", "lighthouse", "--offset", "49950"],
        "a rare word": ["search", "zeppelin"],
        "100 words that begin alike": ["search", "kayak"],
        "no words, page 1": ["search"],
        "no words, page 1,000": ["search", "--offset", "49950"],
        "one letter": ["search", "k"],
        "`tags`": ["tags"],
        "`status`": ["status"],
    }
    for name, words in questions.items():
        seconds = timed([program, *words, "--catalogue", catalogue])
        print(f"| {name} | {seconds * 1000:.0f} | {(seconds - start) * 1000:.0f} |", flush=True)


def embed_all(catalogue: Path, described: Path) -> int:
    """Gives every asset that lacks one an embedding by the recipe of a small catalogue: one of that one's, and noise."""
    connection, numbers = sqlite3.connect(catalogue, timeout=60), np.random.default_rng(7)
    connection.execute("ATTACH ? AS small", [str(described)])
    columns = ", ".join(row[1] for row in connection.execute("PRAGMA table_info(recipe)") if row[1] != "id")
    wanted = "kind = 'embed' ORDER BY id DESC LIMIT 1"
    connection.execute(
        f"INSERT OR IGNORE INTO main.recipe ({columns}) SELECT {columns} FROM small.recipe WHERE {wanted}")
    recipe = connection.execute(f"SELECT id FROM main.recipe WHERE {wanted}").fetchone()[0]
    known = [
        scale * np.frombuffer(vector, np.int8) for scale, vector in
        connection.execute("SELECT scale, vector FROM small.embedding WHERE second IS NULL")]
    lacking = [row[0] for row in connection.execute(
        "SELECT id FROM main.asset WHERE primary_id IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM main.embedding WHERE asset_id = asset.id AND recipe_id = ?)", [recipe])]

    def rows():
        for number, asset in enumerate(lacking):
            vector = known[number % len(known)] + numbers.normal(0, 0.05, len(known[0]))
            scale = float(np.abs(vector).max() / 127)
            rounded = np.round(vector / scale)
            fine = np.clip(np.round((vector / scale - rounded) * 256), -128, 127)
            yield asset, recipe, scale, rounded.astype(np.int8).tobytes(), fine.astype(np.int8).tobytes()

    connection.executemany(
        "INSERT INTO main.embedding (asset_id, recipe_id, scale, vector, fine) VALUES (?, ?, ?, ?, ?)", rows())
    connection.commit()
    return len(lacking)


def meaning(program: Path, catalogue: Path) -> None:
    """Prints the milliseconds of searches that look at embeddings too."""
    with tempfile.TemporaryDirectory() as temporary:
        described = Path(temporary) / "catalogue.sqlite"
        scan(program, SAMPLES, described, "--model", "photographs")
        print(f"{embed_all(catalogue, described):,} embeddings made up", flush=True)
        search = [program, "search", "--model", "photographs", "--catalogue", catalogue]
        start = time.perf_counter()
        subprocess.run([*search, "a drawing"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"the first search, which makes the index: {time.perf_counter() - start:.1f} s", flush=True)
        start = timed([program, "--version"])
        questions = {
            "a rare word, and meaning": ["zeppelin"],
            "a word in a tenth of all captions, and meaning": ["lighthouse"],
            "words, meaning and filters": ["lighthouse", "in:2024-07", "kind:still"],
            "meaning and filters": ["a drawing of a map", "in:2024", "kind:still"],
        }
        print(f"| what | ms | without the start of {start * 1000:.0f} ms |\n|---|---:|---:|")
        for name, words in questions.items():
            seconds = timed([*search, *words])
            print(f"| {name} | {seconds * 1000:.0f} | {(seconds - start) * 1000:.0f} |", flush=True)


def make_signatures(connection: sqlite3.Connection, count: int) -> None:
    """Gives stills made-up signatures (`PictureSignature`): soft random light and colours, each 200th nearly that before it."""
    numbers = np.random.default_rng(3)
    assets = [row[0] for row in connection.execute(
        "SELECT id FROM asset WHERE kind = 'still' AND primary_id IS NULL ORDER BY id LIMIT ?", [count])]
    waves = np.cos(np.pi * np.outer(np.arange(12), np.arange(40) + 0.5) / 40)
    fall = 1 / (1 + np.add.outer(np.arange(12), np.arange(12)))

    def stretched(values: np.ndarray) -> np.ndarray:
        return (values - values.min()) / (values.max() - values.min()) * 255

    def rows():
        light = colours = None
        for number, asset in enumerate(assets):
            if number % 200:
                light = stretched(waves.T @ (numbers.normal(size=(12, 12)) * fall) @ waves)
                colours = 128 + numbers.normal(0, 20, 200).clip(-100, 100)
            copied = stretched(light + numbers.normal(0, 0.5, light.shape)) if number % 200 == 0 and light is not None else light
            if copied is None:
                continue
            yield asset, bytes([2, 15, 240, 0]) + copied.round().astype(np.uint8).tobytes() + bytes(200) \
                + colours.round().astype(np.uint8).tobytes()

    connection.executemany("INSERT OR REPLACE INTO signature (asset_id, version, bytes) VALUES (?, 2, ?)", rows())
    connection.commit()


def duplicates(program: Path, catalogue: Path, count: int = 200_000) -> None:
    """Prints how long copies among many stills take to be found, how many are, and the memory for it."""
    connection = sqlite3.connect(catalogue, timeout=60)
    connection.execute("DELETE FROM signature")
    make_signatures(connection, count)
    start = time.perf_counter()
    found = subprocess.run(
        [program, "duplicates", "--kind", "same", "--json", "--catalogue", catalogue], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{len(found.stdout.splitlines()):,} groups of {(count - 1) // 200:,} copies among {count:,} stills in {seconds:.0f} s,"
          f" {held:.0f} MiB at most")


def spread_copies(folder: Path, count: int) -> None:
    """Writes `count` copies of the sample pictures, told apart by nothing but their names, 500 a folder."""
    pictures = [path.read_bytes() for path in sorted(SAMPLES.glob("*.jpg"))]
    for number in range(count):
        if number % 500 == 0:
            below = folder / f"{number // 500:04d}"
            below.mkdir(parents=True)
        (below / f"{number:06d}.jpg").write_bytes(pictures[number % len(pictures)])


def scan(program: Path, folder: Path, catalogue: Path, *more: str) -> tuple[float, float]:
    """Seconds of a scan, and of the processors during it."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [program, "scan", folder, "--catalogue", catalogue, *more], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def known(program: Path, count: int) -> None:
    """The first look at files whose pictures are known, and the next scan of them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, catalogue = Path(temporary) / "library", Path(temporary) / "catalogue.sqlite"
        (folder / "first").mkdir(parents=True)
        for path in SAMPLES.glob("*.jpg"):
            shutil.copy(path, folder / "first")
        scan(program, folder, catalogue)
        spread_copies(folder / "copies", count)
        for name in ("first look", "rescan"):
            seconds, processor = scan(program, folder, catalogue)
            busy = processor / seconds / (os.cpu_count() or 1)
            print(f"{name} at {count:,} files of known pictures: {seconds:.1f} s, {count / seconds:,.0f} a second,"
                  f" processors {busy:.0%} busy", flush=True)


class LockProbe(multiprocessing.Process):
    """Looks every half millisecond whether somebody holds the write lock, and keeps the longest time that it was held.

    In SQLite's WAL mode that lock is the byte 120 of the file `-shm` (https://sqlite.org/walformat.html, "WAL Locks").
    Closing a file drops a process's locks on it, so this is a process of its own.
    """

    def __init__(self, catalogue: Path) -> None:
        super().__init__(daemon=True)
        self.catalogue = catalogue
        self.longest, self.times, self.ended = multiprocessing.Value("d"), multiprocessing.Value("i"), multiprocessing.Event()

    def run(self) -> None:
        """Looks until it is told to end."""
        begin = None
        with open(f"{self.catalogue}-shm", "rb") as file:
            while not self.ended.wait(0.0005):
                asked = struct.pack("hhqqi", fcntl.F_RDLCK, os.SEEK_SET, 120, 1, 0)
                held = struct.unpack("hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, asked))[0] != fcntl.F_UNLCK
                now = time.perf_counter()
                if held and begin is None:
                    begin, self.times.value = now, self.times.value + 1
                elif not held and begin is not None:
                    self.longest.value, begin = max(self.longest.value, now - begin), None


def removal(program: Path, catalogue: Path) -> None:
    """Lets the daemon find that every file is gone, and remove them all; new pictures are described meanwhile."""
    upgrade(catalogue, program)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "library"
        folder.mkdir()
        connection = sqlite3.connect(catalogue, timeout=60)
        connection.execute("UPDATE root SET path = ? WHERE id = 1", [os.fsencode(folder.resolve())])
        connection.commit()
        (Path(temporary) / "vignette.yaml").write_text("watching:\n  grace: 1\n")
        files = count_files(connection)
        pictures = [shutil.copy(path, folder) for path in SAMPLES.glob("*.jpg")]
        # The watcher waits for what is so new to stand still.
        time.sleep(3)
        start = time.perf_counter()
        daemon = subprocess.Popen(
            [program, "watch", folder, "--config", Path(temporary) / "vignette.yaml", "--catalogue", catalogue],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        probe = LockProbe(catalogue)
        probe.start()
        try:
            for number, _ in enumerate(pictures, 1):
                daemon.stdout.readline()
                print(f"{number} of {len(pictures)} new pictures were described after"
                      f" {time.perf_counter() - start:.1f} s, {count_files(connection):,} files left", flush=True)
            while count_files(connection) > len(pictures) and daemon.poll() is None:
                time.sleep(0.5)
            seconds = time.perf_counter() - start
        finally:
            probe.ended.set()
            probe.join()
            daemon.send_signal(signal.SIGTERM)
            daemon.wait()
        print(f"{files:,} files removed in {seconds:.0f} s; of {probe.times.value:,} times that the write lock was held the"
              f" longest took {probe.longest.value * 1000:.0f} ms")


def count_files(connection: sqlite3.Connection) -> int:
    """Files of the first root."""
    return connection.execute("SELECT count(*) FROM file WHERE root_id = 1").fetchone()[0]


def main() -> None:
    """Runs one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["queries", "meaning", "duplicates", "known", "removal"])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--program", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument("--files", type=int, default=100_000)
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    if arguments.part == "known":
        known(program, arguments.files)
    elif arguments.file is None:
        parser.error("this part needs a catalogue's FILE")
    else:
        {"queries": queries, "meaning": meaning, "duplicates": duplicates, "removal": removal}[arguments.part](program, arguments.file)


if __name__ == "__main__":
    main()
