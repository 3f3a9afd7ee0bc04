"""Scenes in the open country."""

from random import Random

from ..canvas import Canvas, jitter, mix
from ..light import Light, paint_sky
from .registry import backdrop


def _fir(canvas: Canvas, x: float, foot: float, height: float, colour: tuple[int, int, int]) -> None:
    half = height * 0.22
    canvas.rectangle(x - half * 0.15, foot - height * 0.2, x + half * 0.15, foot, (85, 60, 40))
    for low, high, share in ((0.12, 0.6, 1.0), (0.38, 0.82, 0.75), (0.62, 1.0, 0.5)):
        canvas.polygon(
            [
                (x - half * share, foot - height * low),
                (x, foot - height * high),
                (x + half * share, foot - height * low),
            ],
            colour,
        )


@backdrop("field", "a field", "in a field")
def field(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.3, 0.5)
    paint_sky(canvas, rng, light, horizon)
    near, far = jitter(rng, (95, 165, 55)), jitter(rng, (150, 195, 90))
    canvas.gradient(horizon, 1, far, near)
    for _ in range(rng.randint(40, 70)):
        x, y = rng.random(), rng.uniform(horizon + 0.03, 1)
        canvas.line([(x, y), (x + rng.uniform(-0.01, 0.01), y - 0.03)], mix(near, (40, 110, 30), rng.random()), 0.006)


@backdrop("farm", "a farm", "on a farm")
def farm(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.32, 0.42)
    paint_sky(canvas, rng, light, horizon)
    soil, crop = jitter(rng, (125, 88, 52)), jitter(rng, (140, 175, 60))
    canvas.rectangle(0, horizon, 1, 1, soil)
    middle = rng.uniform(0.3, 0.7)
    for i in range(-9, 10):
        near, far = middle + i * 0.22, middle + i * 0.05
        canvas.polygon([(far, horizon), (far + 0.02, horizon), (near + 0.1, 1), (near, 1)], crop)
    x = rng.choice((rng.uniform(0.05, 0.2), rng.uniform(0.6, 0.75)))
    canvas.rectangle(x, horizon - 0.13, x + 0.2, horizon + 0.02, jitter(rng, (165, 45, 40), 10))
    canvas.polygon([(x - 0.02, horizon - 0.12), (x + 0.1, horizon - 0.23), (x + 0.22, horizon - 0.12)], (90, 60, 55))
    canvas.rectangle(x + 0.07, horizon - 0.07, x + 0.13, horizon + 0.02, (240, 235, 225))


@backdrop("forest", "a forest", "in a forest")
def forest(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.45, 0.6)
    paint_sky(canvas, rng, light, horizon)
    canvas.rectangle(0, horizon, 1, 1, jitter(rng, (80, 105, 50)))
    for row in range(3):
        foot, height = horizon + 0.02 + row * 0.07, rng.uniform(0.38, 0.5) + row * 0.04
        colour = mix((30, 90, 55), (15, 60, 35), row / 2)
        for i in range(9):
            _fir(canvas, (i + rng.uniform(0, 0.8)) / 9, foot, height * rng.uniform(0.8, 1.1), jitter(rng, colour, 10))
    canvas.grain(rng, 7, horizon + 0.16, coarse=2)


@backdrop("mountains", "mountains", "in the mountains")
def mountains(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.55, 0.68)
    paint_sky(canvas, rng, light, horizon)
    canvas.hills(rng, horizon, rng.uniform(0.3, 0.42), jitter(rng, (140, 145, 165), 12), jagged=True)
    canvas.hills(rng, horizon + 0.02, rng.uniform(0.2, 0.3), jitter(rng, (100, 100, 115), 12), jagged=True)
    for _ in range(rng.randint(2, 3)):
        x, top, half = rng.uniform(0.1, 0.9), horizon - rng.uniform(0.34, 0.46), rng.uniform(0.16, 0.24)
        canvas.polygon(
            [(x - half, horizon + 0.02), (x, top), (x + half, horizon + 0.02)], jitter(rng, (115, 115, 130), 12)
        )
        canvas.polygon(
            [(x - half * 0.3, top + (horizon - top) * 0.3), (x, top), (x + half * 0.3, top + (horizon - top) * 0.3)],
            (245, 247, 250),
        )
    canvas.hills(rng, horizon + 0.08, 0.06, jitter(rng, (85, 125, 70)))


@backdrop("snow", "a snowy landscape", "in the snow", ("day", "cloudy", "sunset", "night", "fog", "snowfall"))
def snow(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.35, 0.5)
    paint_sky(canvas, rng, light, horizon)
    canvas.hills(rng, horizon + 0.06, 0.1, jitter(rng, (215, 226, 238), 8))
    canvas.hills(rng, horizon + 0.16, 0.1, jitter(rng, (242, 246, 250), 5))
    for _ in range(rng.randint(2, 5)):
        x, foot, height = rng.random(), horizon + rng.uniform(0.06, 0.14), rng.uniform(0.14, 0.22)
        _fir(canvas, x, foot, height, jitter(rng, (70, 110, 100), 10))
        canvas.polygon(
            [(x - height * 0.1, foot - height * 0.7), (x, foot - height), (x + height * 0.1, foot - height * 0.7)],
            (250, 252, 255),
        )


@backdrop("desert", "a desert", "in the desert", ("day", "cloudy", "sunset", "night", "fog"))
def desert(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.32, 0.48)
    paint_sky(canvas, rng, light, horizon)
    for step, colour in enumerate(((222, 170, 100), (212, 155, 85), (198, 138, 70))):
        canvas.hills(rng, horizon + 0.06 + step * 0.17, 0.11, jitter(rng, colour, 8))


@backdrop("garden", "a garden", "in a garden")
def garden(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.3, 0.4)
    paint_sky(canvas, rng, light, horizon)
    canvas.rectangle(0, horizon, 1, 1, jitter(rng, (100, 175, 75)))
    hedge = jitter(rng, (45, 110, 50), 10)
    for i in range(12):
        canvas.circle(i / 11, horizon - 0.01, 0.075, hedge)
    canvas.rectangle(0, horizon, 1, horizon + 0.07, hedge)
    petals = [(235, 70, 90), (250, 205, 60), (240, 150, 205), (250, 250, 250), (150, 90, 210)]
    for top, bottom, count in ((horizon + 0.08, horizon + 0.16, 35), (0.9, 1.0, 40)):
        canvas.speckle(rng, count, top, bottom, 0.014, petals)


@backdrop("stadium", "a stadium", "in a stadium", ("day", "cloudy", "night", "rain"))
def stadium(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.12, 0.2)
    paint_sky(canvas, rng, light, horizon)
    stand = horizon + rng.uniform(0.2, 0.26)
    canvas.rectangle(0, horizon, 1, stand, (105, 108, 122))
    canvas.speckle(
        rng,
        170,
        horizon + 0.01,
        stand - 0.02,
        0.011,
        [(230, 60, 60), (60, 100, 220), (245, 245, 245), (250, 215, 70), (60, 60, 70)],
    )
    dark, pale = jitter(rng, (55, 145, 60), 8), jitter(rng, (85, 175, 80), 8)
    canvas.rectangle(0, stand, 1, 1, dark)
    for i in range(-6, 7, 2):
        canvas.polygon(
            [(0.5 + i * 0.09, stand), (0.5 + (i + 1) * 0.09, stand), (0.5 + (i + 1) * 0.2, 1), (0.5 + i * 0.2, 1)], pale
        )
    canvas.line([(0, stand + 0.02), (1, stand + 0.02)], (245, 245, 245), 0.014)
    canvas.line([(0.5, stand + 0.02), (0.5, 1)], (245, 245, 245), 0.014)
