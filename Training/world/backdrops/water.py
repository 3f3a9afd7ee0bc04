"""Scenes at and in the water."""

import math
from random import Random

from ..canvas import Canvas, jitter, mix
from ..light import Light, paint_sky
from .registry import backdrop

_WATER = (35, 110, 170)
_SAND = (232, 208, 150)


def _waves(canvas: Canvas, rng: Random, top: float, bottom: float, count: int) -> None:
    """Light strokes on water, longer towards the viewer."""
    for _ in range(count):
        y = rng.uniform(top, bottom)
        x, length = rng.random(), rng.uniform(0.03, 0.1) * (0.5 + (y - top) / max(0.01, bottom - top))
        canvas.line([(x, y), (x + length, y)], mix(_WATER, (255, 255, 255), rng.uniform(0.25, 0.6)), 0.008)


@backdrop("beach", "a beach", "at the beach")
def beach(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.25, 0.4)
    shore = horizon + rng.uniform(0.15, 0.22)
    paint_sky(canvas, rng, light, horizon)
    canvas.gradient(horizon, 1, jitter(rng, _WATER), jitter(rng, (70, 170, 200)))
    _waves(canvas, rng, horizon, shore, 8)
    phase = rng.uniform(0, 6.3)
    edge = [(i / 16, shore + 0.02 * math.sin(phase + i * 0.9)) for i in range(17)]
    canvas.line(edge, (245, 250, 250), 0.03)
    canvas.polygon([*edge, (1, 1), (0, 1)], jitter(rng, _SAND, 12))
    canvas.grain(rng, 6, shore + 0.03)


@backdrop("sea", "the sea", "on the sea")
def sea(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.25, 0.45)
    paint_sky(canvas, rng, light, horizon)
    deep = jitter(rng, _WATER)
    canvas.gradient(horizon, 1, mix(deep, (120, 190, 220), 0.35), deep)
    _waves(canvas, rng, horizon + 0.03, 1, rng.randint(25, 40))


@backdrop("lake", "a lake", "by a lake")
def lake(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.28, 0.36)
    paint_sky(canvas, rng, light, horizon)
    canvas.hills(rng, horizon + 0.05, rng.uniform(0.08, 0.16), jitter(rng, (60, 110, 60)))
    grass = jitter(rng, (95, 150, 65))
    canvas.rectangle(0, horizon + 0.03, 1, 1, grass)
    left, right = rng.uniform(-0.1, 0.1), rng.uniform(0.9, 1.1)
    top, bottom = horizon + 0.07, horizon + rng.uniform(0.4, 0.5)
    canvas.ellipse(left, top, right, bottom, jitter(rng, (225, 205, 155), 10))
    canvas.ellipse(left + 0.02, top + 0.01, right - 0.02, bottom - 0.02, jitter(rng, (60, 135, 190)))
    _waves(canvas, rng, top + 0.08, bottom - 0.08, 7)


@backdrop("river", "a river", "by a river")
def river(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.22, 0.34)
    paint_sky(canvas, rng, light, horizon)
    canvas.hills(rng, horizon + 0.03, 0.08, jitter(rng, (70, 120, 65)))
    canvas.rectangle(0, horizon + 0.02, 1, 1, jitter(rng, (105, 160, 70)))
    start, swing, phase = rng.uniform(0.35, 0.65), rng.uniform(0.08, 0.16), rng.uniform(0, 6.3)
    left, right = [], []
    for i in range(21):
        t = i / 20
        middle = start + swing * math.sin(phase + 5 * t) * t * 1.4
        half = 0.03 + 0.26 * t
        left.append((middle - half, horizon + 0.02 + t * (1 - horizon)))
        right.append((middle + half, horizon + 0.02 + t * (1 - horizon)))
    canvas.polygon(left + right[::-1], jitter(rng, (55, 130, 195)))
    for points in (left, right):
        canvas.line(points, (215, 200, 150), 0.018)


@backdrop("island", "an island", "near an island")
def island(canvas: Canvas, rng: Random, light: Light) -> None:
    horizon = rng.uniform(0.3, 0.42)
    paint_sky(canvas, rng, light, horizon)
    canvas.gradient(horizon, 1, jitter(rng, (30, 150, 175)), jitter(rng, (90, 205, 205)))
    x, half = rng.uniform(0.35, 0.65), rng.uniform(0.2, 0.3)
    canvas.ellipse(x - half, horizon - 0.05, x + half, horizon + 0.1, jitter(rng, _SAND, 10))
    canvas.ellipse(x - half * 0.6, horizon - 0.12, x + half * 0.6, horizon + 0.03, jitter(rng, (60, 140, 60)))
    for _ in range(rng.randint(1, 2)):
        root, lean = x + rng.uniform(-0.5, 0.5) * half, rng.uniform(-0.06, 0.06)
        canvas.line([(root, horizon), (root + lean, horizon - 0.2)], (120, 85, 50), 0.02)
        for angle in range(0, 360, 60):
            reach = (math.cos(math.radians(angle)) * 0.08, math.sin(math.radians(angle)) * 0.05)
            canvas.line(
                [(root + lean, horizon - 0.2), (root + lean + reach[0], horizon - 0.19 + reach[1])], (45, 130, 50), 0.02
            )
    _waves(canvas, rng, horizon + 0.12, 1, 12)


@backdrop("underwater", "an underwater scene", "under water", ("bright", "dim"))
def underwater(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    canvas.gradient(0, 1, jitter(rng, (60, 185, 205)), jitter(rng, (10, 60, 120)))
    for _ in range(rng.randint(2, 4)):
        x, width = rng.random(), rng.uniform(0.04, 0.09)
        canvas.polygon(
            [(x, 0), (x + width, 0), (x + width * 2.2 - 0.1, 0.7), (x - 0.1, 0.7)], jitter(rng, (95, 200, 215), 8)
        )
    floor = rng.uniform(0.85, 0.92)
    canvas.hills(rng, floor + 0.05, 0.07, jitter(rng, (185, 175, 130)))
    for _ in range(rng.randint(4, 8)):
        x, height, phase = rng.random(), rng.uniform(0.12, 0.3), rng.uniform(0, 6)
        blade = [(x + 0.02 * math.sin(phase + i), 1 - (1 - floor) - height * i / 6 + 0.06) for i in range(7)]
        canvas.line(blade, jitter(rng, (40, 130, 85)), 0.02)
    for _ in range(rng.randint(4, 10)):
        canvas.circle(rng.random(), rng.uniform(0.05, 0.7), rng.uniform(0.006, 0.016), (190, 235, 240))
