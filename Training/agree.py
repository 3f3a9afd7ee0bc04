"""Compares the Swift engine's captions with PyTorch's.

`python -m Training.agree Models/demo --program .build/release/vignette`
"""

import argparse
from pathlib import Path

import torch

from .answering import ask
from .engine import Engine
from .evaluate import SEED
from .export import load_exported
from .world.questions import CAPTION_PROMPTS
from .world.render import picture


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
    found = Engine(arguments.program, arguments.model).ask(pictures, [CAPTION_PROMPTS[0]] * len(pictures))
    different = [(number, a, b) for number, (a, b) in enumerate(zip(expected, found)) if a != b]
    for number, a, b in different:
        print(f"picture {number}: PyTorch {a!r}, engine {b!r}")
    print(f"{len(pictures) - len(different)} of {len(pictures)} captions agree")
    raise SystemExit(bool(different))


if __name__ == "__main__":
    main()
