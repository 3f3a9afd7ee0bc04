"""A drawing surface in unit coordinates: (0, 0) is the upper left corner, (1, 1) the lower right one."""

import math
from functools import cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]


def jitter(rng: Random, colour: Colour, amount: int = 18) -> Colour:
    """The colour, each channel and the whole moved a little at random."""
    shade = rng.randint(-amount, amount)
    return tuple(max(0, min(255, c + shade + rng.randint(-amount // 2, amount // 2))) for c in colour)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` of `b` in it."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b))


@cache
def noise_tile() -> np.ndarray:
    """Standard normal noise [512, 512] that pictures cut their grain from."""
    return np.random.default_rng(1).standard_normal((512, 512)).astype(np.float32)


class Canvas:
    """An RGB image that is drawn on with Pillow, measured in shares of its width and height."""

    def __init__(self, width: int, height: int, colour: Colour = (255, 255, 255)):
        self._adopt(Image.new("RGB", (width, height), colour))

    @classmethod
    def over(cls, image: Image.Image) -> "Canvas":
        """A surface that draws into an image which already exists."""
        canvas = cls.__new__(cls)
        canvas._adopt(image)
        return canvas

    def _adopt(self, image: Image.Image) -> None:
        self.image, self.draw = image, ImageDraw.Draw(image)
        self.width, self.height = image.size
        self.tint = (1.0, 1.0, 1.0)

    def lit(self, colour: Colour) -> Colour:
        """The colour as the present light shows it. Set `tint` for what is lit, reset it for what glows by itself."""
        return tuple(min(255, round(c * factor)) for c, factor in zip(colour, self.tint))

    def _points(self, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * self.width, y * self.height) for x, y in points]

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.draw.polygon(self._points(points), fill=self.lit(colour))

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.draw.rectangle(
            [left * self.width, top * self.height, right * self.width, bottom * self.height], fill=self.lit(colour)
        )

    def line(self, points: list[tuple[float, float]], colour: Colour, thickness: float) -> None:
        """A line of `thickness` shares of the shorter edge."""
        width = max(1, round(thickness * min(self.width, self.height)))
        self.draw.line(self._points(points), fill=self.lit(colour), width=width, joint="curve")

    def circle(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A disc; `radius` in shares of the shorter edge."""
        r = radius * min(self.width, self.height)
        self.draw.ellipse(
            [x * self.width - r, y * self.height - r, x * self.width + r, y * self.height + r], fill=self.lit(colour)
        )

    def ellipse(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.draw.ellipse(
            [left * self.width, top * self.height, right * self.width, bottom * self.height], fill=self.lit(colour)
        )

    def gradient(self, top: float, bottom: float, first: Colour, last: Colour) -> None:
        """A vertical gradient between two heights, over the whole width."""
        start, end = round(top * self.height), round(bottom * self.height)
        if end <= start:
            return
        share = np.linspace(0, 1, end - start, dtype=np.float32)[:, None]
        column = np.asarray(self.lit(first), np.float32) * (1 - share) + np.asarray(self.lit(last), np.float32) * share
        rows = np.broadcast_to(column.astype(np.uint8)[:, None], (end - start, self.width, 3))
        self.image.paste(Image.fromarray(np.ascontiguousarray(rows)), (0, start))

    def hills(self, rng: Random, horizon: float, height: float, colour: Colour, jagged: bool = False) -> None:
        """A skyline of hills, or of peaks where `jagged`, standing on `horizon` and filled to the lower edge."""
        count = rng.randint(4, 7)
        if jagged:
            tops = [(i / count, horizon - (height * rng.uniform(0.55, 1) if i % 2 else 0)) for i in range(count + 1)]
        else:
            phase, waves = rng.uniform(0, 6.3), rng.uniform(1, 2.2)
            tops = [
                (i / 24, horizon - height * (0.5 + 0.5 * math.sin(phase + waves * 6.3 * i / 24))) for i in range(25)
            ]
        self.polygon([(0, 1), *tops, (1, 1)], colour)

    def speckle(self, rng: Random, count: int, top: float, bottom: float, size: float, colours: list[Colour]) -> None:
        """Small discs strewn between two heights."""
        for _ in range(count):
            self.circle(rng.random(), rng.uniform(top, bottom), size * rng.uniform(0.5, 1.4), rng.choice(colours))

    def grain(self, rng: Random, amount: float, top: float = 0, bottom: float = 1, coarse: int = 1) -> None:
        """Rough brightness between two heights; `coarse` is the edge of a grain in pixels."""
        start, end = round(top * self.height), round(bottom * self.height)
        if end <= start:
            return
        rows, columns = -(-(end - start) // coarse), -(-self.width // coarse)
        y, x = rng.randrange(512), rng.randrange(512)
        tile = np.take(np.take(noise_tile(), range(y, y + rows), 0, mode="wrap"), range(x, x + columns), 1, mode="wrap")
        if coarse > 1:
            tile = tile.repeat(coarse, 0).repeat(coarse, 1)[: end - start, : self.width]
        box = (0, start, self.width, end)
        pixels = np.asarray(self.image.crop(box), np.float32) + amount * tile[..., None]
        self.image.paste(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), box)
