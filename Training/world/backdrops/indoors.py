"""Scenes under a roof."""

from random import Random

from ..canvas import Canvas, jitter, mix
from ..light import Light
from .registry import INDOOR, backdrop

_WALLS = [(225, 215, 195), (200, 215, 225), (215, 225, 200), (235, 205, 195), (215, 205, 225)]
_WOODS = [(165, 115, 70), (190, 145, 95), (125, 82, 50)]


def _planks(canvas: Canvas, rng: Random, top: float, wood: tuple[int, int, int]) -> None:
    """A floor or table top of boards that run across."""
    y, step = top, 0.05
    while y < 1:
        canvas.rectangle(0, y, 1, y + step, jitter(rng, wood, 7))
        canvas.line([(0, y), (1, y)], mix(wood, (0, 0, 0), 0.35), 0.006)
        y, step = y + step, step * 1.35


@backdrop("room", "a room", "in a room", INDOOR)
def room(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    floor = rng.uniform(0.6, 0.72)
    canvas.rectangle(0, 0, 1, floor, jitter(rng, rng.choice(_WALLS), 10))
    _planks(canvas, rng, floor, rng.choice(_WOODS))
    canvas.rectangle(0, floor - 0.03, 1, floor, (240, 238, 232))
    x = rng.uniform(0.05, 0.6)
    canvas.rectangle(x, 0.1, x + 0.3, 0.42, (245, 243, 238))
    canvas.tint = (1.0, 1.0, 1.0)
    pane = (165, 210, 240) if light.name == "bright" else (25, 32, 62)
    for left in (x + 0.02, x + 0.16):
        for top in (0.12, 0.27):
            canvas.rectangle(left, top, left + 0.12, top + 0.13, pane)
    canvas.tint = light.tint


@backdrop("kitchen", "a kitchen", "in a kitchen", INDOOR)
def kitchen(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    top, tile = rng.uniform(0.55, 0.66), jitter(rng, rng.choice([(225, 235, 238), (205, 225, 215), (238, 226, 205)]), 8)
    canvas.rectangle(0, 0, 1, 1, mix(tile, (90, 90, 90), 0.3))
    step = 1 / rng.randint(8, 10)
    for row in range(int(top / step) + 1):
        for column in range(round(1 / step)):
            canvas.rectangle(
                column * step + 0.004,
                row * step + 0.004,
                (column + 1) * step - 0.004,
                (row + 1) * step - 0.004,
                jitter(rng, tile, 4),
            )
    canvas.rectangle(0, top, 1, top + 0.07, jitter(rng, (90, 80, 78), 8))
    front = jitter(rng, rng.choice([(240, 240, 238), (150, 185, 195), (205, 170, 125)]), 8)
    canvas.rectangle(0, top + 0.07, 1, 1, front)
    for i in range(1, 4):
        canvas.line([(i / 4, top + 0.07), (i / 4, 1)], mix(front, (0, 0, 0), 0.35), 0.008)
        canvas.line([(i / 4 - 0.04, top + 0.12), (i / 4 - 0.04, top + 0.19)], (80, 80, 85), 0.014)


@backdrop("table", "a table", "on a table", INDOOR)
def table(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    edge = rng.uniform(0.28, 0.4)
    canvas.gradient(0, edge, jitter(rng, (120, 115, 118), 25), jitter(rng, (150, 145, 145), 25))
    _planks(canvas, rng, edge, rng.choice(_WOODS))
    canvas.line([(0, edge), (1, edge)], (60, 40, 28), 0.02)


@backdrop("shelf", "a shelf", "on a shelf", INDOOR)
def shelf(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    wood = jitter(rng, rng.choice(_WOODS), 8)
    canvas.rectangle(0, 0, 1, 1, mix(wood, (255, 245, 225), 0.45))
    for y in (0.0, 0.46, 0.93):
        canvas.rectangle(0, y, 1, y + 0.06, wood)
        canvas.rectangle(0, y + 0.06, 1, y + 0.09, mix(wood, (0, 0, 0), 0.35))
    for x in (0, 0.95):
        canvas.rectangle(x, 0, x + 0.05, 1, mix(wood, (0, 0, 0), 0.15))


@backdrop("stage", "a stage", "on a stage", INDOOR)
def stage(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    cloth = jitter(rng, rng.choice([(160, 25, 35), (110, 20, 60), (40, 40, 120)]), 8)
    floor = rng.uniform(0.72, 0.8)
    canvas.rectangle(0, 0, 1, floor, mix(cloth, (0, 0, 0), 0.55))
    for i in range(9):
        for side in (0, 1):
            left = i * 0.03 if side == 0 else 1 - (i + 1) * 0.03
            canvas.rectangle(left, 0, left + 0.03, floor, mix(cloth, (0, 0, 0), 0.1 + 0.3 * (i % 2)))
    for i in range(10):
        canvas.circle(i / 9, 0.03, 0.08, mix(cloth, (0, 0, 0), 0.15 * (i % 2)))
    x = rng.uniform(0.4, 0.6)
    canvas.polygon(
        [(x - 0.05, 0), (x + 0.05, 0), (x + 0.3, floor), (x - 0.3, floor)], mix(cloth, (255, 235, 190), 0.25)
    )
    canvas.rectangle(0, floor, 1, 1, jitter(rng, (135, 95, 60), 8))
    canvas.ellipse(x - 0.3, floor - 0.03, x + 0.3, floor + 0.12, (225, 195, 140))


@backdrop("chessboard", "a chessboard", "on a chessboard", INDOOR)
def chessboard(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.tint = light.tint
    dark, pale = rng.choice(
        [((110, 70, 45), (230, 205, 165)), ((45, 45, 50), (235, 235, 235)), ((70, 110, 70), (235, 232, 205))]
    )
    count = rng.randint(6, 8)
    for row in range(count):
        for column in range(count):
            canvas.rectangle(
                column / count,
                row / count,
                (column + 1) / count,
                (row + 1) / count,
                dark if (row + column) % 2 else pale,
            )
