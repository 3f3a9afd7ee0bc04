"""Draws a contact sheet of pictures with their captions: `python -m Training.sheet out.png --seed 1 --first 0`."""

import argparse
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw

from .world import captions
from .world.render import EDGE, picture

_COLUMNS, _CELL = 8, (EDGE + 38, EDGE + 58)


def main() -> None:
    """Writes the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=48)
    arguments = parser.parse_args()
    rows = -(-arguments.count // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * _CELL[0], rows * _CELL[1]), "white")
    draw = ImageDraw.Draw(sheet)
    for place in range(arguments.count):
        made = picture(arguments.seed, arguments.first + place)
        x, y = place % _COLUMNS * _CELL[0], place // _COLUMNS * _CELL[1]
        sheet.paste(Image.fromarray(made.pixels), (x, y))
        draw.text((x, y + EDGE + 2), "\n".join(textwrap.wrap(captions.caption(made.scene), 25)), fill="black")
    sheet.save(arguments.file)


if __name__ == "__main__":
    main()
