"""Asks the evaluation's questions through `vignette ask`: `python -m Training.asked --program .build/release/vignette`.

The same questions about the same pictures as `Training.evaluate`, which asks PyTorch, or the engine by `vignette
caption`; what is counted stands beside the model card's figures. Each picture is one call with all its questions.
"""

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from PIL import Image

from .evaluate import SEED
from .scoring import right_colour
from .world import questions
from .world.palette import colour_shares
from .world.render import picture


def answers(program: Path, model: Path, file: Path, asked: list[str]) -> list[str]:
    """What the command answers to questions about a picture."""
    words = [word for question in asked for word in ("--question", question)]
    done = subprocess.run(
        [program, "ask", "--json", "--model", model, file, *words], capture_output=True, text=True, check=True
    )
    return [json.loads(line)["answer"] for line in done.stdout.splitlines()]


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument("--model", type=Path, default=Path("Models/demo"))
    parser.add_argument("--pictures", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    right, all_asked = Counter(), Counter()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "picture.png")
        for number in range(arguments.pictures):
            one = picture(arguments.seed, number)
            Image.fromarray(one.pixels).save(file, compress_level=1)
            exchange = questions.question(one.scene, Random(f"ask {number}"))
            (answer,) = answers(arguments.program.resolve(), arguments.model.resolve(), file, [exchange.prompt])
            is_right = answer == exchange.answer
            if exchange.kind == "main colour":
                is_right = right_colour(answer, colour_shares(one.pixels))
            for line in ("questions", f"question: {exchange.kind}"):
                right[line] += is_right
                all_asked[line] += 1
    print("| what | reached | cases |\n| --- | ---: | ---: |")
    for line, count in sorted(all_asked.items()):
        print(f"| {line} | {right[line] / count:.1%} | {count:,} |")


if __name__ == "__main__":
    main()
