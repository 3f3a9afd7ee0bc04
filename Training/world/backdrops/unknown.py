"""Pictures of what the model has no names for, drawn to look as little like the other scenes as can be.

They stand for the photographs of real life, of which there are none here: soft light, many colours, shapes without a
name. What is said about them is read off their pixels.
"""

from random import Random

import numpy as np
from PIL import Image, ImageFilter

from ..canvas import Canvas, Colour
from ..light import Light
from .abstract import smooth_field
from .registry import backdrop


def _palette(rng: Random) -> np.ndarray:
    """Four to six colours [n, 3] of one mood."""
    base, spread = np.array([rng.uniform(30, 225) for _ in range(3)]), rng.uniform(25, 90)
    return np.array([[c + rng.gauss(0, spread) for c in base] for _ in range(rng.randint(4, 6))]).clip(0, 255)


def _clouds(canvas: Canvas, rng: Random, colours: np.ndarray) -> None:
    """Layers of smooth noise mapped through the palette."""
    field = sum(
        smooth_field(rng, canvas.width, canvas.height, cells) / (i + 1) for i, cells in enumerate((3, 6, 14, 30))
    )
    field = (field - field.min()) / max(1e-6, float(np.ptp(field))) * (len(colours) - 1)
    low = field.astype(int).clip(0, len(colours) - 2)
    share = (field - low)[..., None]
    pixels = colours[low] * (1 - share) + colours[low + 1] * share
    canvas.image.paste(Image.fromarray(pixels.astype(np.uint8)))


def _marble(canvas: Canvas, rng: Random, colours: np.ndarray) -> None:
    """Bands that wind along smooth noise, hard or soft, perhaps mirrored."""
    bend = sum(smooth_field(rng, canvas.width, canvas.height, cells) for cells in (2, rng.randint(3, 9)))
    turns, hard = rng.uniform(1, 12), rng.random() < 0.5
    share = 0.5 + 0.5 * np.sin(turns * np.pi * bend + rng.uniform(0, 6))
    place = share * (len(colours) - 1) if not hard else np.round(share * (len(colours) - 1))
    low = place.astype(int).clip(0, len(colours) - 2)
    pixels = colours[low] + (colours[low + 1] - colours[low]) * (place - low)[..., None]
    if rng.random() < 0.3:
        pixels = np.concatenate([pixels[:, : (canvas.width + 1) // 2], pixels[:, canvas.width // 2 - 1 :: -1]], 1)
    canvas.image.paste(Image.fromarray(pixels[:, : canvas.width].astype(np.uint8)))


def _waves(canvas: Canvas, rng: Random, colours: np.ndarray) -> None:
    """Waves through and around one point that bend each other, the same on both sides of it."""
    line = [np.linspace(-1, 1, edge)[:, None] for edge in (canvas.height, canvas.width)]
    plane = (line[1].T - rng.gauss(0, 0.2)) + 1j * (line[0] - rng.gauss(0, 0.2))
    for _ in range(rng.randint(1, 3)):
        turn = np.exp(1j * rng.uniform(0, 6.28))
        plane = plane + rng.uniform(0.1, 0.5) * turn * np.sin(rng.uniform(2, 9) * (plane * turn).real)
    share = np.abs(plane) ** rng.uniform(0.5, 2) * rng.uniform(0.7, 4)
    share = 0.5 - 0.5 * np.cos(np.pi * share) if rng.random() < 0.6 else share.clip(0, 1)
    place = share * (len(colours) - 1)
    low = place.astype(int).clip(0, len(colours) - 2)
    pixels = colours[low] + (colours[low + 1] - colours[low]) * (place - low)[..., None]
    canvas.image.paste(Image.fromarray(pixels.astype(np.uint8)))


def _islands(canvas: Canvas, rng: Random, colours: np.ndarray) -> None:
    """One ragged figure or several on an even ground, perhaps the same on both sides of the middle."""
    field = sum(smooth_field(rng, canvas.width, canvas.height, cells) / (i + 1) for i, cells in enumerate((4, 9, 22)))
    field = (field - field.mean()) / max(1e-6, float(field.std()))
    if rng.random() < 0.5:
        field = (field + field[::-1, ::-1]) / 1.4
    across, down = (np.linspace(-1, 1, edge) for edge in (canvas.width, canvas.height))
    away = (across[None] / rng.uniform(0.4, 0.9)) ** 2 + (down[:, None] / rng.uniform(0.4, 0.9)) ** 2
    share = ((rng.uniform(0.3, 1.0) * field + 1 - away) * rng.uniform(0.5, 4)).clip(0, 1)
    place = share * (len(colours) - 1)
    low = place.astype(int).clip(0, len(colours) - 2)
    pixels = colours[low] + (colours[low + 1] - colours[low]) * (place - low)[..., None]
    canvas.image.paste(Image.fromarray(pixels.astype(np.uint8)))


def _shapes(canvas: Canvas, rng: Random, colours: np.ndarray, count: int) -> None:
    """Irregular polygons and discs, some soft."""
    for _ in range(count):
        colour: Colour = tuple(int(c) for c in colours[rng.randrange(len(colours))])
        x, y, size = rng.random(), rng.random(), rng.uniform(0.05, 0.4)
        if rng.random() < 0.35:
            canvas.ellipse(
                x - size * rng.random(),
                y - size * rng.random(),
                x + size * rng.random(),
                y + size * rng.random(),
                colour,
            )
        else:
            corners = [(x + rng.uniform(-size, size), y + rng.uniform(-size, size)) for _ in range(rng.randint(3, 7))]
            canvas.polygon(corners, colour)


@backdrop("unfamiliar", "something unfamiliar", "in an unfamiliar place", ("bright",), holds_objects=False)
def unfamiliar(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    colours = _palette(rng)
    style = rng.randrange(7)
    if style >= 4:
        (_marble, _waves, _islands)[style - 4](canvas, rng, colours)
    elif style != 1:
        _clouds(canvas, rng, colours)
    else:
        canvas.gradient(0, 1, *(tuple(int(c) for c in colours[i]) for i in (0, 1)))
    if style in (1, 2):
        _shapes(canvas, rng, colours, rng.randint(3, 14))
    if style in (0, 2) and rng.random() < 0.6:
        canvas.image.paste(canvas.image.filter(ImageFilter.GaussianBlur(canvas.width * rng.uniform(0.005, 0.03))))
    if style == 3:
        canvas.grain(rng, rng.uniform(8, 45), coarse=rng.choice((1, 2, 4)))
    return {}
