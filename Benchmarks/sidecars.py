"""What writing sidecars adds to a scan: `python3 -m Benchmarks.sidecars --program .build/release/vignette`.

Makes pictures, and scans them into an empty catalogue with `sidecars.write` at `never` and at `always` in turns, so that a
machine that others share slows both alike. Each scan has links of its own to the same files. Prints the seconds of all,
and the median of the ratios of a round. Nothing else should run. Needs numpy and Pillow.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image


def make(folder: Path, count: int, edge: int) -> None:
    """Writes that many JPEGs, no two alike: soft colours, some noise, as large as given and three quarters as high."""
    numbers = np.random.default_rng(5)
    for number in range(count):
        coarse = numbers.integers(0, 256, (9, 12, 3), dtype=np.uint8)
        picture = Image.fromarray(coarse).resize((edge, edge * 3 // 4), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number:05}.jpg", quality=85)


def scan(program: Path, pictures: Path, writing: str, model: str) -> float:
    """The seconds of a scan of links to the pictures, and that every picture has a sidecar, or none has."""
    with tempfile.TemporaryDirectory(dir=pictures.parent) as temporary:
        folder = Path(temporary) / "library"
        folder.mkdir()
        for picture in pictures.iterdir():
            os.link(picture, folder / picture.name)
        os.sync()
        start = time.monotonic()
        subprocess.run(
            [program, "scan", folder, "--catalogue", Path(temporary) / "catalogue.sqlite", "--model", model],
            env={**os.environ, "VIGNETTE_SIDECARS_WRITE": writing}, check=True, capture_output=True,
        )  # fmt: skip
        seconds = time.monotonic() - start
        made = sum(1 for _ in folder.glob("*.xmp"))
        if made != (len(list(pictures.iterdir())) if writing == "always" else 0):
            raise SystemExit(f"{made} sidecars were written with sidecars.write at {writing}")
        return seconds


def main() -> None:
    """Makes the pictures and scans them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument("--model", default="photographs")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--edge", type=int, default=1200, help="pixels of the longer side")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        pictures = Path(temporary) / "pictures"
        pictures.mkdir()
        make(pictures, arguments.count, arguments.edge)
        ratios = []
        for number in range(arguments.rounds):
            turns = ["never", "always"] if number % 2 == 0 else ["always", "never"]
            seconds = {turn: scan(arguments.program.resolve(), pictures, turn, arguments.model) for turn in turns}
            ratios.append(seconds["always"] / seconds["never"])
            print(
                f"never {seconds['never']:.1f} s, always {seconds['always']:.1f} s, {ratios[-1]:.3f} times as long",
                flush=True,
            )
        print(f"median: {statistics.median(ratios):.3f} times as long for {arguments.count} pictures")
        shutil.rmtree(pictures)


if __name__ == "__main__":
    main()
