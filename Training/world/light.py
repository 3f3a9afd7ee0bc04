"""Light and weather: the sky's colours, the tint of everything under it, and what falls through the air."""

from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from .canvas import Canvas, Colour, jitter


@dataclass(frozen=True)
class Light:
    """One state of light or weather and the words for it."""

    name: str
    phrase: str  # As it follows a place in a caption: "at the beach" + "at sunset".
    sky: tuple[Colour, Colour]  # At the upper edge and at the horizon.
    tint: tuple[float, float, float]  # What the backdrop's colours are multiplied with.
    objects: tuple[float, float, float]  # The same for the objects, which keep more of their own colour.

    @property
    def is_night(self) -> bool:
        return self.name == "night"


_PLAIN = (1.0, 1.0, 1.0)
LIGHTS = {
    light.name: light
    for light in (
        Light("day", "", ((70, 150, 235), (190, 225, 250)), _PLAIN, _PLAIN),
        Light("cloudy", "under clouds", ((125, 135, 148), (195, 200, 206)), (0.80, 0.82, 0.86), (0.9, 0.91, 0.93)),
        Light("sunset", "at sunset", ((110, 70, 140), (255, 150, 60)), (0.95, 0.68, 0.55), (1.0, 0.88, 0.78)),
        Light("night", "at night", ((8, 12, 38), (28, 36, 78)), (0.26, 0.30, 0.46), (0.62, 0.66, 0.82)),
        Light("fog", "in the fog", ((205, 210, 214), (222, 225, 227)), (0.95, 0.96, 0.97), _PLAIN),
        Light("rain", "in the rain", ((95, 105, 120), (150, 160, 172)), (0.62, 0.67, 0.75), (0.82, 0.85, 0.9)),
        Light("snowfall", "in falling snow", ((165, 175, 190), (215, 220, 228)), (0.86, 0.89, 0.95), (0.94, 0.95, 1.0)),
        Light("bright", "", ((255, 255, 255), (255, 255, 255)), _PLAIN, _PLAIN),
        Light("dim", "in dim light", ((40, 40, 50), (60, 60, 70)), (0.36, 0.34, 0.36), (0.6, 0.58, 0.58)),
    )
}
OUTDOOR = ("day", "cloudy", "sunset", "night", "fog", "rain", "snowfall")


def tint(image: Image.Image, factors: tuple[float, float, float]) -> Image.Image:
    """The image with each channel multiplied; alpha, where there is any, stays."""
    if factors == _PLAIN:
        return image
    table = [min(255, int(value * factor)) for factor in factors for value in range(256)]
    if image.mode == "RGBA":
        table += range(256)
    return image.point(table)


def paint_sky(canvas: Canvas, rng: Random, light: Light, horizon: float) -> None:
    """The sky above the horizon, with a sun, a moon, stars or clouds as the light has it; what follows is lit by it."""
    canvas.tint = _PLAIN
    canvas.gradient(0, horizon, jitter(rng, light.sky[0], 14), jitter(rng, light.sky[1], 14))
    if light.is_night:
        canvas.speckle(rng, rng.randint(15, 40), 0, horizon, 0.004, [(240, 240, 220), (180, 190, 220)])
        if rng.random() < 0.4:
            canvas.circle(rng.random(), rng.uniform(0.05, 0.2), rng.uniform(0.03, 0.06), (245, 243, 215))
    elif light.name == "sunset":
        canvas.circle(rng.uniform(0.1, 0.9), horizon - rng.uniform(0, 0.06), rng.uniform(0.06, 0.11), (255, 225, 130))
    elif light.name in ("day", "cloudy"):
        if light.name == "day" and rng.random() < 0.3:
            canvas.circle(rng.uniform(0.05, 0.95), rng.uniform(0.03, 0.15), rng.uniform(0.04, 0.07), (255, 240, 150))
        shade = (255, 255, 255) if light.name == "day" else (160, 165, 172)
        for _ in range(rng.randint(0, 3) if light.name == "day" else rng.randint(3, 6)):
            _cloud(canvas, rng, rng.random(), rng.uniform(0.02, max(0.05, horizon * 0.7)), jitter(rng, shade, 10))
    canvas.tint = light.tint


def _cloud(canvas: Canvas, rng: Random, x: float, y: float, colour: Colour) -> None:
    size = rng.uniform(0.05, 0.1)
    for step in range(-2, 3):
        radius = size * (1 - abs(step) * 0.22) * 0.6
        canvas.circle(x + step * size * 0.6, y + rng.uniform(-0.01, 0.01), radius, colour)


def paint_weather(image: Image.Image, rng: Random, light: Light) -> Image.Image:
    """What lies between the camera and everything else: mist, rain or snowflakes."""
    if light.name == "fog":
        return Image.blend(image, Image.new("RGB", image.size, (218, 221, 224)), rng.uniform(0.32, 0.5))
    if light.name not in ("rain", "snowfall"):
        return image
    canvas = Canvas.over(image)
    if light.name == "snowfall":
        canvas.speckle(rng, rng.randint(60, 110), 0, 1, 0.009, [(255, 255, 255), (240, 244, 250)])
        return image
    slant, length = rng.uniform(-0.03, 0.03), rng.uniform(0.05, 0.09)
    for _ in range(rng.randint(50, 90)):
        x, y = rng.random(), rng.random()
        canvas.line([(x, y), (x + slant, y + length)], (190, 203, 220), 0.005)
    return image


def brightness(pixels: np.ndarray) -> float:
    """Mean luma (Rec. 601) of an RGB array, 0…255."""
    return float(pixels[::2, ::2].reshape(-1, 3).mean(0) @ (0.299, 0.587, 0.114))
