"""Scenes that are all sky."""

import math
from random import Random

from ..canvas import Canvas, jitter, mix
from ..light import LIGHTS, Light, paint_sky
from .registry import backdrop


@backdrop("sky", "the sky", "in the sky", ("day", "cloudy"))
def sky(canvas: Canvas, rng: Random, light: Light) -> None:
    paint_sky(canvas, rng, light, 1.0)
    white = (255, 255, 255) if light.name == "day" else (168, 173, 180)
    for _ in range(rng.randint(2, 5)):
        x, y, size = rng.random(), rng.uniform(0.1, 0.95), rng.uniform(0.05, 0.1)
        for step in range(-2, 3):
            canvas.circle(x + step * size * 0.7, y, size * (1 - abs(step) * 0.25), jitter(rng, white, 6))


@backdrop("starlight", "a starry sky", "in the starry sky", ("bright",))
def starlight(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.gradient(0, 1, jitter(rng, (10, 10, 35), 8), jitter(rng, (25, 25, 75), 12))
    canvas.speckle(rng, rng.randint(90, 140), 0, 1, 0.006, [(255, 255, 245), (200, 210, 255), (255, 230, 200)])
    x, y, radius = rng.random(), rng.uniform(0.08, 0.3), rng.uniform(0.05, 0.09)
    canvas.circle(x, y, radius, (245, 240, 210))
    if rng.random() < 0.5:
        canvas.circle(x + radius * 0.5, y - radius * 0.2, radius * 0.85, (14, 14, 42))


@backdrop("sunset", "a sunset sky", "in the sunset sky", ("bright",))
def sunset(canvas: Canvas, rng: Random, light: Light) -> None:
    top, low = LIGHTS["sunset"].sky
    middle = rng.uniform(0.4, 0.6)
    canvas.gradient(0, middle, jitter(rng, top), jitter(rng, (235, 100, 90)))
    canvas.gradient(middle, 1, jitter(rng, (240, 110, 85)), jitter(rng, low))
    canvas.circle(rng.uniform(0.15, 0.85), rng.uniform(0.72, 0.88), rng.uniform(0.09, 0.14), (255, 232, 150))
    for _ in range(rng.randint(4, 8)):
        x, y, length = rng.random(), rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.35)
        canvas.ellipse(x - length, y, x + length, y + 0.025, mix((120, 50, 95), (250, 150, 110), rng.random()))


@backdrop("rainbow", "a rainbow", "under a rainbow", ("day", "cloudy"))
def rainbow(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.6, 0.72)
    paint_sky(canvas, rng, light, horizon)
    bands = [(225, 60, 60), (245, 150, 50), (250, 225, 70), (80, 185, 85), (70, 120, 225), (140, 80, 190)]
    x, radius = rng.uniform(0.4, 0.6), rng.uniform(0.42, 0.5)
    for step, colour in enumerate(bands):
        r = radius - step * 0.026
        arc = [(x + r * math.cos(a / 20 * math.pi), horizon - 1.1 * r * math.sin(a / 20 * math.pi)) for a in range(21)]
        canvas.line(arc, colour, 0.034)
    canvas.rectangle(0, horizon, 1, 1, jitter(rng, (90, 160, 80)))
