"""Compares the Swift engine's captions with PyTorch's.

`python -m Training.agree Models/demo --program .build/release/vignette`
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import torch
from PIL import Image

from .answering import ask
from .evaluate import SEED
from .export import load_exported
from .world.questions import CAPTION_PROMPTS
from .world.render import picture

_AT_ONCE = 50  # Files a run of the program.


def engine_captions(program: Path, model: Path, files: list[Path]) -> list[str]:
    """The captions that the program's `caption --json` prints for the files, in their order."""
    captions: dict[str, str] = {}
    for start in range(0, len(files), _AT_ONCE):
        names = [str(file) for file in files[start : start + _AT_ONCE]]
        done = subprocess.run(
            [program, "caption", "--model", model, "--json", *names], capture_output=True, text=True, check=True
        )
        for line in done.stdout.splitlines():
            record = json.loads(line)
            captions[record["path"]] = record["caption"]
    return [captions[str(file)] for file in files]


def main() -> None:
    """Prints every disagreement and how many captions agree; fails where not all do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    pictures = [picture(SEED, number).pixels for number in range(arguments.pictures)]
    expected = ask(*load_exported(arguments.model), pictures, [CAPTION_PROMPTS[0]] * len(pictures))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.png" for number in range(len(pictures))]
        for pixels, file in zip(pictures, files):
            Image.fromarray(pixels).save(file)
        found = engine_captions(arguments.program, arguments.model.resolve(), files)
    different = [(number, a, b) for number, (a, b) in enumerate(zip(expected, found)) if a != b]
    for number, a, b in different:
        print(f"picture {number}: PyTorch {a!r}, engine {b!r}")
    print(f"{len(pictures) - len(different)} of {len(pictures)} captions agree")
    raise SystemExit(bool(different))


if __name__ == "__main__":
    main()
