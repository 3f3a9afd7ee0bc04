"""Pictures from outside the world, by other means than its own: what the model says of them should be plain and true.

There are no photographs here. Coloured noise with a photograph's spectrum, cells, fractals and noise stand for them,
real type for documents; the emoji of the evaluation's list, nameless and never trained on, for unknown things.
"""

from functools import cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .world.camera import draw_camera, expose
from .world.canvas import Canvas
from .world.render import EDGE
from .world.sprites import unknown_sprites

KINDS = ("natural noise", "white noise", "page of type", "cells", "fractal", "unknown things")
_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
_WORDS = ["there", "was", "once", "a", "small", "house", "by", "the", "river", "where", "nobody", "had", "lived", "for"]
_WORDS += ["many", "years", "until", "morning", "it", "snowed"]


def _colours(source: np.random.Generator, count: int) -> np.ndarray:
    base = source.uniform(40, 215, 3)
    return (base + source.normal(0, 60, (count, 3))).clip(0, 255)


def _natural(source: np.random.Generator) -> np.ndarray:
    """Noise whose amplitude falls with frequency as in photographs, its channels mostly alike."""
    frequency = np.hypot(np.fft.fftfreq(EDGE)[:, None], np.fft.fftfreq(EDGE)[None])
    frequency[0, 0] = 1
    planes = []
    for _ in range(3):
        spectrum = np.fft.fft2(source.standard_normal((EDGE, EDGE))) / frequency ** source.uniform(0.9, 1.4)
        plane = np.fft.ifft2(spectrum).real
        planes.append((plane - plane.mean()) / plane.std())
    grey, warm, green = planes
    mixed = np.stack([grey + 0.35 * warm, grey + 0.25 * green, grey - 0.35 * warm], -1)
    return source.uniform(70, 190, 3) + source.uniform(25, 50) * mixed


def _white(source: np.random.Generator) -> np.ndarray:
    return source.uniform(60, 200, 3) + source.uniform(30, 80) * source.standard_normal(
        (EDGE, EDGE, 1 if source.random() < 0.5 else 3)
    )


def _cells(source: np.random.Generator) -> np.ndarray:
    """Each pixel has the colour of the nearest of a few dozen points."""
    count = int(source.integers(8, 60))
    points, colours = source.uniform(0, EDGE, (count, 2)), _colours(source, count)
    grid = np.stack(np.meshgrid(np.arange(EDGE), np.arange(EDGE), indexing="ij"), -1)
    return colours[((grid[:, :, None] - points) ** 2).sum(-1).argmin(-1)]


def _fractal(source: np.random.Generator) -> np.ndarray:
    """A Julia set in a random palette."""
    line = np.linspace(-1.5, 1.5, EDGE)
    z, constant = line[None] + 1j * line[:, None], 0.7885 * np.exp(1j * source.uniform(0, 6.28))
    steps = np.zeros(z.shape)
    for _ in range(30):
        inside = np.abs(z) < 2
        z = np.where(inside, z * z + constant, z)
        steps += inside
    colours = _colours(source, 5)
    place = steps / 30 * 3.999
    low = place.astype(int)
    return colours[low] + (colours[low + 1] - colours[low]) * (place - low)[..., None]


@cache
def _type(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


def _page(rng: Random) -> np.ndarray:
    """A page set in real type."""
    size = rng.randint(12, 26)
    image = Image.new("RGB", (EDGE * 4, EDGE * 4), (rng.randint(235, 255),) * 3)
    draw, y = ImageDraw.Draw(image), 24
    while y < EDGE * 4 - 40:
        draw.text(
            (24, y), " ".join(rng.choices(_WORDS, k=800 // size // 5)), font=_type(size), fill=(rng.randint(0, 60),) * 3
        )
        y += round(size * 1.4)
    return np.asarray(image.reduce(4))


def _things(rng: Random, source: np.random.Generator) -> np.ndarray:
    """One to three unknown things on a soft ground."""
    top, low = _colours(source, 2)
    canvas = Canvas(EDGE * 2, EDGE * 2)
    canvas.gradient(0, 1, tuple(int(c) for c in top), tuple(int(c) for c in low))
    for _ in range(rng.randint(1, 3)):
        thing = rng.choice(unknown_sprites("evaluation")).copy()
        edge = rng.randint(60, 150)
        thing.thumbnail((edge, edge))
        canvas.image.paste(thing, (rng.randint(0, 2 * EDGE - edge), rng.randint(0, 2 * EDGE - edge)), thing)
    return np.asarray(canvas.image.reduce(2))


def outside_picture(seed: int, index: int) -> tuple[np.ndarray, str]:
    """Picture number `index` from outside the world [112, 112, 3], and its kind."""
    rng, source = Random(f"outside {seed}/{index}"), np.random.default_rng([seed, index])
    kind = KINDS[index % len(KINDS)]
    match kind:
        case "natural noise":
            pixels = _natural(source)
        case "white noise":
            pixels = _white(source)
        case "page of type":
            pixels = _page(rng)
        case "cells":
            pixels = _cells(source)
        case "fractal":
            pixels = _fractal(source)
        case _:
            pixels = _things(rng, source)
    pixels = np.broadcast_to(pixels, (EDGE, EDGE, 3)).clip(0, 255).astype(np.uint8)
    return np.asarray(expose(Image.fromarray(pixels), draw_camera(rng), rng)), kind
