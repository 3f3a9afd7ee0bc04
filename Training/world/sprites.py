"""The pictures of the objects: the bitmaps of Noto Color Emoji, drawn once a process."""

import os
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .objects import KINDS, UNKNOWN
from .palette import COLOURS, colour_shares

FONT = Path(os.environ.get("VIGNETTE_EMOJI_FONT", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"))
_STRIKE = 109  # The one size whose bitmaps the font holds.
_EDGE = 136  # Of the square canvas that a sprite is drawn on, in pixels.
# Objects whose colour is asked for have one named colour on at least this share of their surface.
_PLAIN_SHARE = 0.62


def _draw(emoji: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    canvas = Image.new("RGBA", (_EDGE + 16, _EDGE + 16))
    ImageDraw.Draw(canvas).text((4, 4), emoji, font=font, embedded_color=True)
    box = canvas.getbbox()
    if box is None:
        raise ValueError(f"{FONT} draws nothing for {emoji!r}: is it Noto Color Emoji with CBDT bitmaps?")
    return canvas.crop(box)


@cache
def _font() -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(FONT), _STRIKE)
    except OSError as error:
        raise FileNotFoundError(
            f"cannot read {FONT}: install Debian's fonts-noto-color-emoji or set VIGNETTE_EMOJI_FONT"
        ) from error


@cache
def sprite(emoji: str) -> Image.Image:
    """The emoji as RGBA, cropped to what is drawn. The same image every time: do not draw into it."""
    return _draw(emoji, _font())


@cache
def plain_colour(index: int) -> str | None:
    """The one colour of a kind, or nothing where it has several."""
    pixels = np.asarray(sprite(KINDS[index].emoji))
    shares = colour_shares(pixels[..., :3], pixels[..., 3] > 200)
    best = int(np.argmax(shares))
    return COLOURS[best] if shares[best] >= _PLAIN_SHARE else None


def stranger(rng: Random, which: str) -> Image.Image:
    """A thing without a name, of a list: a sprite, the halves of two, either perhaps in exchanged colours.

    Few emoji have no name here, and what is to be called unfamiliar is everything else.
    """
    drawing = rng.choice(unknown_sprites(which))
    if rng.random() < 0.35:
        drawing = _halves(drawing, rng.choice(unknown_sprites(which)), upright=rng.random() < 0.5)
    if rng.random() < 0.35:
        *colours, alpha = drawing.split()
        drawing = Image.merge("RGBA", (*rng.sample(colours, 3), alpha))
    return drawing


def _halves(first: Image.Image, second: Image.Image, upright: bool) -> Image.Image:
    """The left (`upright`) or upper half of `first` beside or above the other half of `second`, in its size."""
    joined, second = first.copy(), second.resize(first.size, Image.Resampling.BILINEAR)
    at = (first.width // 2, 0) if upright else (0, first.height // 2)
    joined.paste(second.crop((*at, *first.size)), at)
    return joined


def unknown_sprites(which: str) -> list[Image.Image]:
    """The sprites that have no name, of the list "training" or "evaluation"."""
    return [sprite(emoji) for emoji in UNKNOWN[which]]
