"""Asks about albums of eight drawn pictures of which one or two hold the answer: `python -m Training.albums`.

Counts how often the picture that an answer rests on first, by what `vignette ask` says, is one that shows the thing.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from random import Random

from PIL import Image

from Training.world.objects import Kind
from Training.world.render import Picture, picture

_PICTURES = 8


def _shows(one: Picture, kind: Kind) -> bool:
    return any(group.kind == kind for group in one.scene.groups)


def draw_album(seed: int, number: int) -> tuple[list[Picture], Kind, set[int]]:
    """An album, a kind of thing, and the places of the one or two pictures that show it."""
    rng = Random(f"album {seed} {number}")
    made = [picture(seed, number * 100 + place) for place in range(_PICTURES)]
    while True:
        shown = [group.kind for one in made for group in one.scene.groups if not group.kind.is_pair]
        kinds = [kind for kind in dict.fromkeys(shown) if 1 <= sum(_shows(one, kind) for one in made) <= 2]
        if kinds:
            kind = rng.choice(kinds)
            return made, kind, {place for place, one in enumerate(made) if _shows(one, kind)}
        made = [picture(seed, rng.randrange(1 << 30)) for _ in range(_PICTURES)]


def ask(program: Path, model: Path, album: list[Picture], questions: list[str]) -> list[dict]:
    """What `vignette ask --json` says of an album."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{place}.png") for place in range(len(album))]
        for file, one in zip(files, album, strict=True):
            Image.fromarray(one.pixels).save(file)
        asked = [word for question in questions for word in ("--question", question)]
        done = subprocess.run(
            [program, "ask", "--json", "--model", model, *files, *asked], capture_output=True, text=True, check=True
        )
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        for answer in answers:
            answer["first"] = int(Path(answer["restsOn"][0]["path"]).stem)
        return answers


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument("--model", type=Path, default=Path("Models/demo"))
    parser.add_argument("--albums", type=int, default=150, help="two questions each")
    parser.add_argument("--seed", type=int, default=1077, help="from 1000 on: never trained with")
    arguments = parser.parse_args()
    right: dict[str, int] = {"Where": 0, "Is": 0}
    yes = 0
    for number in range(arguments.albums):
        album, kind, places = draw_album(arguments.seed, number)
        questions = [f"Where is the {kind.name}?", f"Is there {kind.article} in the picture?"]
        for question, answer in zip(questions, ask(arguments.program, arguments.model, album, questions), strict=True):
            right[question.split()[0]] += answer["first"] in places
            yes += question.startswith("Is") and answer["answer"] == "Yes."
    whole = sum(right.values()) / (2 * arguments.albums)
    print(f"the right picture first in {whole:.1%} of {2 * arguments.albums}")
    for word, count in right.items():
        print(f"{word}: the right picture first in {count / arguments.albums:.1%} of {arguments.albums}")
    print(f"'Yes.' where the thing is there: {yes / arguments.albums:.1%}")


if __name__ == "__main__":
    main()
