"""Scenes between houses and on roads."""

from random import Random

from ..canvas import Canvas, jitter
from ..light import Light, paint_sky
from .registry import backdrop

_FRONTS = [(190, 120, 95), (205, 185, 150), (150, 160, 175), (175, 140, 120), (120, 130, 145), (215, 205, 190)]


def _houses(canvas: Canvas, rng: Random, light: Light, foot: float) -> None:
    """A row of tall fronts with windows, which are lit at night."""
    x = -rng.uniform(0, 0.1)
    while x < 1:
        width, top = rng.uniform(0.14, 0.24), foot - rng.uniform(0.3, 0.5)
        canvas.rectangle(x, top, x + width, foot, jitter(rng, rng.choice(_FRONTS)))
        daylight = canvas.tint
        for row in range(int((foot - top) / 0.09)):
            for column in range(3):
                lit = light.is_night and rng.random() < 0.6
                canvas.tint = (1.0, 1.0, 1.0) if lit else daylight
                left, upper = x + width * (0.12 + column * 0.29), top + 0.03 + row * 0.09
                canvas.rectangle(
                    left, upper, left + width * 0.17, upper + 0.05, (255, 220, 120) if lit else (75, 95, 120)
                )
        canvas.tint = daylight
        x += width + 0.005


@backdrop("street", "a city street", "in a city street")
def street(canvas: Canvas, rng: Random, light: Light) -> None:
    foot = rng.uniform(0.52, 0.62)
    paint_sky(canvas, rng, light, foot)
    _houses(canvas, rng, light, foot)
    canvas.rectangle(0, foot, 1, foot + 0.1, jitter(rng, (175, 172, 168), 10))
    canvas.rectangle(0, foot + 0.1, 1, 1, jitter(rng, (85, 86, 92), 10))
    offset = rng.uniform(0, 0.2)
    for i in range(6):
        canvas.rectangle(i * 0.2 + offset - 0.1, 0.84, i * 0.2 + offset, 0.86, (235, 235, 225))


@backdrop("road", "a road", "on a road")
def road(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.35, 0.48)
    paint_sky(canvas, rng, light, horizon)
    canvas.rectangle(0, horizon, 1, 1, jitter(rng, rng.choice([(120, 160, 80), (175, 150, 95)])))
    end, half = rng.uniform(0.42, 0.58), rng.uniform(0.38, 0.5)
    canvas.polygon(
        [(end - 0.02, horizon), (end + 0.02, horizon), (0.5 + half, 1), (0.5 - half, 1)], jitter(rng, (80, 80, 86), 8)
    )
    for side in (-1, 1):
        canvas.line([(end + side * 0.016, horizon), (0.5 + side * half * 0.9, 1)], (240, 240, 235), 0.012)
    for i in range(5):
        near, far = (i / 5) ** 1.6, ((i + 0.5) / 5) ** 1.6
        centre = lambda t: end + (0.5 - end) * t  # noqa: E731 - a line's worth of geometry
        y = lambda t: horizon + (1 - horizon) * t  # noqa: E731
        canvas.polygon(
            [
                (centre(near) - 0.003, y(near)),
                (centre(near) + 0.003, y(near)),
                (centre(far) + 0.012, y(far)),
                (centre(far) - 0.012, y(far)),
            ],
            (245, 225, 110),
        )


@backdrop("playground", "a playground", "on a playground", ("day", "cloudy", "sunset", "fog", "rain"))
def playground(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.34, 0.44)
    paint_sky(canvas, rng, light, horizon)
    canvas.rectangle(0, horizon, 1, 1, jitter(rng, (110, 170, 85)))
    canvas.ellipse(-0.2, horizon + 0.15, 1.2, 1.3, jitter(rng, (225, 195, 140), 8))
    colour = rng.choice([(215, 55, 50), (50, 105, 205), (240, 190, 40)])
    x, top = rng.choice((rng.uniform(0.02, 0.12), rng.uniform(0.6, 0.7))), horizon - 0.16
    for pole in (0, 0.26):
        canvas.line([(x + pole, top), (x + pole - 0.03, horizon + 0.14)], colour, 0.02)
        canvas.line([(x + pole, top), (x + pole + 0.03, horizon + 0.14)], colour, 0.02)
    canvas.line([(x, top), (x + 0.26, top)], colour, 0.02)
    for rope in (0.08, 0.18):
        canvas.line([(x + rope, top), (x + rope, horizon + 0.06)], (90, 90, 95), 0.008)
        canvas.rectangle(x + rope - 0.03, horizon + 0.05, x + rope + 0.03, horizon + 0.07, (90, 60, 40))
    canvas.line([(0, horizon), (1, horizon)], (150, 110, 70), 0.02)
    for i in range(14):
        canvas.line([(i / 13, horizon - 0.05), (i / 13, horizon + 0.03)], (165, 122, 78), 0.016)


@backdrop("bricks", "a brick wall", "in front of a brick wall", ("bright", "dim"))
def bricks(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    mortar, stone = jitter(rng, (200, 190, 180), 10), rng.choice([(170, 75, 55), (150, 90, 70), (185, 110, 80)])
    canvas.rectangle(0, 0, 1, 1, mortar)
    rows = rng.randint(9, 13)
    height = 1 / rows
    for row in range(rows):
        x = -rng.uniform(0.0, 0.02) - (row % 2) * height
        while x < 1:
            canvas.rectangle(
                x + 0.006,
                row * height + 0.006,
                x + height * 2 - 0.006,
                (row + 1) * height - 0.006,
                jitter(rng, stone, 14),
            )
            x += height * 2
