"""Export, an empty catalogue, import, export again: `python3 -m Benchmarks.transfer CATALOGUE --program P`.

The catalogue is one of `Benchmarks.make_catalogue`. Says how long each step took and whether both exports are equal but
for the paths, which an import leaves to the files.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path


def timed(*command: object) -> float:
    """Seconds that a command takes."""
    start = time.monotonic()
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    return time.monotonic() - start


def lines(file: Path) -> dict[str, dict]:
    """An export by identity, without paths."""
    assets = {}
    with file.open() as text:
        for line in text:
            asset = json.loads(line)
            asset["paths"] = []
            assets[asset["identity"]] = asset
    return assets


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--program", default=".build/release/vignette")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first.jsonl"), Path(folder, "second.jsonl")
        other = Path(folder, "other.sqlite")
        export = timed(arguments.program, "export", "--catalogue", arguments.catalogue, "-o", first)
        taken = timed(arguments.program, "import", "--catalogue", other, first)
        again = timed(arguments.program, "import", "--catalogue", other, first)
        timed(arguments.program, "export", "--catalogue", other, "-o", second)
        before, after = lines(first), lines(second)
        different = [key for key in before if before[key] != after.get(key)]
        print(f"{len(before)} assets, {first.stat().st_size / 1e6:.0f} MB")
        print(f"export {export:.1f} s, import {taken:.1f} s, import of what is known {again:.1f} s")
        print(f"different: {len(different)}, missing: {len(before.keys() - after.keys())}")


if __name__ == "__main__":
    main()
