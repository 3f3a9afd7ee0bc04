"""Pictures that are all colour or pattern."""

import math
from random import Random

import numpy as np
from PIL import Image

from ..canvas import Canvas, Colour, jitter, mix
from ..light import Light
from .registry import backdrop

# Colours far enough apart that a name is beyond dispute, however the camera then shifts them a little.
SURE = {
    "red": (215, 35, 40),
    "orange": (245, 140, 30),
    "yellow": (250, 220, 60),
    "green": (55, 160, 65),
    "blue": (50, 100, 220),
    "purple": (130, 55, 180),
    "pink": (245, 135, 185),
    "brown": (120, 75, 40),
    "black": (20, 20, 22),
    "white": (248, 248, 248),
    "grey": (128, 128, 130),
}


def _two(rng: Random) -> tuple[tuple[str, Colour], tuple[str, Colour]]:
    first, second = rng.sample(list(SURE.items()), 2)
    return (first[0], jitter(rng, first[1], 8)), (second[0], jitter(rng, second[1], 8))


@backdrop("plain", "a plain background", "on a plain background", ("bright",))
def plain(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    name, colour = rng.choice(list(SURE.items()))
    colour = jitter(rng, colour, 10)
    canvas.gradient(0, 1, colour, mix(colour, (0, 0, 0), rng.uniform(0, 0.12)))
    return {"colour": name}


@backdrop("gradient", "a colour gradient", "on a colour gradient", ("bright",), holds_objects=False)
def gradient(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    (first, a), (last, b) = _two(rng)
    canvas.gradient(0, 1, a, b)
    if rng.random() < 0.5:
        canvas.image.paste(canvas.image.transpose(Image.Transpose.ROTATE_90).resize(canvas.image.size))
    return {"first": first, "last": last}


@backdrop("pattern", "a pattern", "on a pattern", ("bright",), holds_objects=False)
def pattern(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    (first, a), (last, b) = _two(rng)
    form, step = rng.choice(("stripes", "dots", "diamonds", "waves")), rng.uniform(0.1, 0.2)
    canvas.rectangle(0, 0, 1, 1, a)
    lines = range(-1, int(1 / step) + 2)
    if form == "stripes":
        slant = rng.choice((0, 0, 0.3, -0.3))
        for i in lines:
            at = i * step
            canvas.polygon([(at, 0), (at + step * 0.5, 0), (at + step * 0.5 + slant, 1), (at + slant, 1)], b)
    elif form == "dots":
        for row in lines:
            for column in lines:
                canvas.circle((column + 0.5 * (row % 2)) * step, row * step, step * 0.3, b)
    elif form == "diamonds":
        for row in lines:
            for column in lines:
                x, y, half = column * step, row * step, step / 2
                canvas.polygon([(x - half, y), (x, y - half), (x + half, y), (x, y + half)], b)
    else:
        for row in lines:
            canvas.line([(i / 40, row * step + step * 0.3 * math.sin(i * 0.5)) for i in range(41)], b, step * 0.4)
    return {"detail": form, "first": first, "last": last}


@backdrop("texture", "a rough texture", "on a rough texture", ("bright", "dim"), holds_objects=False)
def texture(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    canvas.tint = light.tint
    _, colour = rng.choice(list(SURE.items()))
    canvas.rectangle(0, 0, 1, 1, jitter(rng, colour, 25))
    for coarse in rng.sample((1, 2, 3, 5, 8, 13), rng.randint(1, 3)):
        canvas.grain(rng, rng.uniform(10, 38), coarse=coarse)
    if rng.random() < 0.3:
        stretch = canvas.image.resize((canvas.width, max(1, canvas.height // 12)))
        canvas.image.paste(stretch.resize(canvas.image.size))
    return {}


def smooth_field(rng: Random, width: int, height: int, cells: int) -> np.ndarray:
    """A random smooth surface [height, width] in 0…1: noise of `cells` across, enlarged bicubically."""
    seeds = np.random.default_rng(rng.getrandbits(32)).random((cells, cells)) * 255
    image = Image.fromarray(seeds.astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32) / 255
