"""Where the one token looks in drawn pictures: `python -m Training.looks --program P`.

For each picture with a single thing, `vignette explain` is asked where it is; told is how much of the attention lies
within the thing's box, as a multiple of the box's share of the picture.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from Training.world.objects import Kind
from Training.world.render import Picture, picture


def single(one: Picture) -> Kind | None:
    """What the picture shows, where that is one thing of one kind."""
    groups = one.scene.groups
    return groups[0].kind if len(groups) == 1 and groups[0].number == 1 else None


def box(one: Picture, kind: Kind) -> np.ndarray | None:
    """Which patches [64] lie in the box around the patches that show the thing; None where no patch does."""
    grid = int(len(one.patches.reshape(-1)) ** 0.5)
    rows, columns = np.nonzero(one.patches.reshape(grid, grid) == kind.index + 1)
    if not len(rows):
        return None
    inside = np.zeros((grid, grid), bool)
    inside[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    return inside.reshape(-1)


def explain(program: Path, model: Path, one: Picture, question: str) -> dict:
    """What `vignette explain --json` says of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "picture.png")
        Image.fromarray(one.pixels).save(file)
        command = [program, "explain", "--json", "--model", model, file, "--question", question]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument("--model", type=Path, default=Path("Models/demo"))
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1077)
    arguments = parser.parse_args()
    times: list[float] = []
    words: list[float] = []
    number = 0
    while len(times) < arguments.pictures:
        one = picture(arguments.seed, number)
        number += 1
        kind = single(one)
        inside = box(one, kind) if kind else None
        if kind is None or inside is None:
            continue
        said = explain(arguments.program, arguments.model, one, f"Where is the {kind.name}?")
        weights = np.array(said["looks"][0]["weights"])
        times.append(weights[inside].sum() / weights.sum() / inside.mean())
        asked = np.array(said["words"][-1]["layers"]).mean(0)
        words.append(asked[inside].sum() / max(asked.sum(), 1e-9) / inside.mean())
    for name, values in (("the token", times), ("the last word", words)):
        quarter, middle, most = np.quantile(values, [0.25, 0.5, 0.75])
        print(f"{name}: {middle:.1f} times its share (quartiles {quarter:.1f}, {most:.1f}) of {len(values)}")


if __name__ == "__main__":
    main()
