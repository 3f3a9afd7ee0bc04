"""Pictures of paper and of screens: no objects stand in them."""

import math
from random import Random

from ..canvas import Canvas, jitter, mix
from ..light import Light
from .registry import backdrop

_INKS = {
    "blue": (45, 95, 215),
    "red": (215, 45, 45),
    "green": (50, 155, 70),
    "orange": (240, 140, 35),
    "purple": (130, 60, 180),
}


def _text(
    canvas: Canvas, rng: Random, left: float, right: float, top: float, bottom: float, ink: tuple[int, int, int]
) -> None:
    """Lines of word-like strokes."""
    step = rng.uniform(0.03, 0.042)
    y = top
    while y < bottom:
        x, end = left, right if rng.random() < 0.8 else left + (right - left) * rng.uniform(0.3, 0.8)
        while x < end:
            word = rng.uniform(0.015, 0.06)
            canvas.rectangle(x, y, min(x + word, end), y + step * 0.42, ink)
            x += word + 0.012
        y += step


@backdrop("document", "a document", "on a document", ("bright", "dim"), holds_objects=False)
def document(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    canvas.tint = light.tint
    canvas.rectangle(0, 0, 1, 1, jitter(rng, rng.choice([(252, 252, 250), (250, 245, 228), (235, 235, 235)]), 5))
    ink = jitter(rng, (40, 40, 45), 15)
    top = 0.08
    if rng.random() < 0.7:
        canvas.rectangle(0.1, top, rng.uniform(0.4, 0.8), top + 0.045, ink)
        top += 0.09
    if rng.random() < 0.4:
        _text(canvas, rng, 0.08, 0.47, top, 0.93, ink)
        _text(canvas, rng, 0.54, 0.93, top, 0.93, ink)
        return {"detail": "two columns"}
    _text(canvas, rng, 0.1, 0.9, top, 0.93, ink)
    return {"detail": "one column"}


@backdrop("screenshot", "a screenshot", "on a screenshot", ("bright",), holds_objects=False)
def screenshot(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    dark = rng.random() < 0.5
    page, bar = ((32, 34, 40), (52, 56, 66)) if dark else ((248, 248, 250), (222, 225, 230))
    accent = rng.choice(list(_INKS.values()))
    canvas.rectangle(0, 0, 1, 1, jitter(rng, page, 5))
    canvas.rectangle(0, 0, 1, 0.09, bar)
    for i, colour in enumerate([(240, 90, 80), (245, 190, 70), (90, 195, 90)]):
        canvas.circle(0.04 + i * 0.045, 0.045, 0.015, colour)
    canvas.rectangle(0.2, 0.025, 0.85, 0.065, mix(bar, (128, 128, 128), 0.3))
    side = rng.choice([0.0, 0.22, 0.28])
    ink = (205, 208, 215) if dark else (60, 62, 70)
    if side:
        canvas.rectangle(0, 0.09, side, 1, mix(page, bar, 0.6))
        _text(canvas, rng, 0.03, side - 0.04, 0.14, rng.uniform(0.5, 0.9), mix(ink, page, 0.3))
    canvas.rectangle(side + 0.05, 0.14, side + rng.uniform(0.25, 0.6), 0.19, accent)
    _text(canvas, rng, side + 0.05, 0.95, 0.25, rng.uniform(0.45, 0.65), ink)
    for i in range(rng.randint(1, 3)):
        left = side + 0.05 + i * 0.23
        canvas.rectangle(left, 0.72, left + 0.19, 0.92, mix(accent, page, rng.uniform(0.2, 0.7)))
    return {"detail": "dark" if dark else "light"}


@backdrop("chart", "a chart", "on a chart", ("bright",), holds_objects=False)
def chart(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
    form, (name, ink) = rng.choice(("bar", "line", "pie")), rng.choice(list(_INKS.items()))
    canvas.rectangle(0, 0, 1, 1, jitter(rng, (250, 250, 250), 5))
    canvas.rectangle(0.25, 0.04, 0.75, 0.075, (90, 90, 95))
    if form == "pie":
        shades, angle, box = list(_INKS.values()), rng.uniform(0, 360), [0.22, 0.16, 0.78, 0.9]
        rng.shuffle(shades)
        edges = [box[0] * canvas.width, box[1] * canvas.height, box[2] * canvas.width, box[3] * canvas.height]
        for i in range(4):
            sweep = rng.uniform(50, 130) if i < 3 else 360
            canvas.draw.pieslice(edges, angle, angle + sweep, fill=shades[i])
            angle += sweep
        return {"detail": "pie"}
    for i in range(5):
        canvas.line([(0.12, 0.2 + i * 0.16), (0.94, 0.2 + i * 0.16)], (215, 215, 218), 0.005)
    canvas.line([(0.12, 0.12), (0.12, 0.88), (0.94, 0.88)], (60, 60, 65), 0.012)
    count = rng.randint(4, 8)
    heights = [rng.uniform(0.1, 0.7) for _ in range(count)]
    step = 0.8 / count
    if form == "bar":
        for i, height in enumerate(heights):
            canvas.rectangle(0.14 + i * step, 0.88 - height, 0.14 + (i + 0.7) * step, 0.875, ink)
    else:
        canvas.line([(0.15 + i * step, 0.88 - height) for i, height in enumerate(heights)], ink, 0.02)
        for i, height in enumerate(heights):
            canvas.circle(0.15 + i * step, 0.88 - height, 0.02, ink)
    return {"detail": form, "colour": name}


@backdrop("map", "a map", "on a map", ("bright",), holds_objects=False)
def map_(canvas: Canvas, rng: Random, light: Light) -> None:
    canvas.rectangle(0, 0, 1, 1, jitter(rng, rng.choice([(238, 232, 218), (226, 236, 214)]), 6))
    for _ in range(rng.randint(1, 3)):
        x, y, w, h = rng.random(), rng.random(), rng.uniform(0.12, 0.3), rng.uniform(0.1, 0.25)
        canvas.rectangle(x - w / 2, y - h / 2, x + w / 2, y + h / 2, jitter(rng, (185, 222, 165), 8))
    phase, level = rng.uniform(0, 6.3), rng.uniform(0.2, 0.8)
    canvas.line([(i / 16, level + 0.12 * math.sin(phase + i * 0.4)) for i in range(-1, 18)], (150, 195, 235), 0.06)
    tilt = rng.uniform(-0.15, 0.15)
    for _ in range(rng.randint(3, 6)):
        at = rng.random()
        canvas.line([(at, -0.02), (at + tilt, 1.02)], (255, 255, 255), 0.022)
        canvas.line([(-0.02, at), (1.02, at - tilt)], (255, 255, 255), 0.022)
    for colour in ((250, 205, 90), (240, 160, 80))[: rng.randint(1, 2)]:
        a, b = rng.random(), rng.random()
        ends = [(a, -0.02), (b, 1.02)] if rng.random() < 0.5 else [(-0.02, a), (1.02, b)]
        canvas.line(ends, colour, 0.035)
