"""Draws the figures of MODEL.md and of the demo model's card: `python -m Documentation.attention.make`.

Two hundred pictures of the drawn world, of the evaluation's series, go through `vignette analyse`; of what it writes,
the plots that the documents show are put here. Or of photographs: `--model Models/photographs --pictures FOLDER`.
"""

import argparse
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from PIL import Image

from Training.world.render import picture

SEED = 1000  # Of Training.evaluate: nothing was trained with its pictures.
SHOWN = ["attention-mini.svg", "attention-llava.svg", "entropy-mini.svg", "maps-mini.svg", "remaining.svg",
         "attention.csv", "remaining.csv"]  # fmt: skip


def drawn(folder: Path, count: int) -> list[Path]:
    """Pictures of the drawn world."""
    files = [folder / f"{number}.png" for number in range(count)]
    for number, file in enumerate(files):
        Image.fromarray(picture(SEED, number).pixels).save(file)
    return files


def main() -> None:
    """Draws."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument("--model", type=Path, default=Path("Models/demo"))
    parser.add_argument("--pictures", type=Path, help="a folder of photographs in place of drawn pictures")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--to", type=Path, default=Path(__file__).parent / "demo")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.pictures:
            found = sorted(file for file in arguments.pictures.rglob("*.jpg"))
            files = found[:: max(len(found) // arguments.count, 1)][: arguments.count]
        else:
            files = drawn(Path(folder), arguments.count)
        out = Path(folder, "out")
        start = time.monotonic()
        subprocess.run(
            [arguments.program.resolve(), "analyse", "--model", arguments.model.resolve(), *files, "-o", out],
            check=True,
        )
        print(f"{len(files)} pictures in {time.monotonic() - start:.1f} s")
        arguments.to.mkdir(parents=True, exist_ok=True)
        for name in SHOWN:
            shutil.copy(out / name, arguments.to / name)


if __name__ == "__main__":
    main()
