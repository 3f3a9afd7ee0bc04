"""Draws the model card's pictures, each with what the model said: `python -m Training.examples answers.jsonl out.jpg`.

`answers.jsonl` is what `Training.evaluate --answers` wrote. As many captions are wrong as right, so that the card shows
failures too; what should have been said stands below them in red.
"""

import argparse
import json
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw

from .evaluate import SEED
from .outside import outside_picture
from .world.render import EDGE, picture

_COLUMNS, _CELL = 8, (EDGE + 30, EDGE + 106)
_LETTERS = 23  # That fit below a picture.


def _chosen(answers: list[dict], count: int) -> list[dict]:
    """The first `count` of each: right, wrong, and from outside the world."""
    inside = [answer for answer in answers if "picture" in answer]
    right = [answer for answer in inside if answer["caption"] == answer["truth"]]
    wrong = [answer for answer in inside if answer["caption"] != answer["truth"]]
    outside = [answer for answer in answers if "outside" in answer]
    return right[:count] + wrong[:count] + outside[:count]


def _draw(sheet: Image.Image, at: tuple[int, int], answer: dict) -> None:
    inside = "picture" in answer
    pixels = picture(SEED, answer["picture"]).pixels if inside else outside_picture(SEED, answer["outside"])[0]
    sheet.paste(Image.fromarray(pixels), at)
    draw, (x, y) = ImageDraw.Draw(sheet), at
    said = textwrap.wrap(answer["caption"], _LETTERS)
    draw.text((x, y + EDGE + 2), "\n".join(said), fill="black")
    if inside and answer["caption"] != answer["truth"]:
        truth = "\n".join(textwrap.wrap(answer["truth"], _LETTERS))
        draw.text((x, y + EDGE + 4 + 15 * len(said)), truth, fill=(190, 30, 30))


def main() -> None:
    """Writes the sheet: a third right, a third wrong, a third from outside the world."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=8, help="pictures of each third")
    arguments = parser.parse_args()
    answers = [json.loads(line) for line in arguments.answers.read_text().splitlines()]
    chosen = _chosen(answers, arguments.count)
    rows = -(-len(chosen) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * _CELL[0], rows * _CELL[1]), "white")
    for place, answer in enumerate(chosen):
        _draw(sheet, (place % _COLUMNS * _CELL[0] + 6, place // _COLUMNS * _CELL[1] + 6), answer)
    sheet.save(arguments.file, quality=88)


if __name__ == "__main__":
    main()
