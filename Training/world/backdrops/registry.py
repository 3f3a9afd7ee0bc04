"""What a kind of scene is, and the table of them that the drawing functions enter themselves into."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from ..canvas import Canvas
from ..light import OUTDOOR, Light

Draw = Callable[[Canvas, Random, Light], dict[str, str]]
INDOOR = ("bright", "dim")


@dataclass(frozen=True)
class Backdrop:
    """A kind of scene."""

    name: str  # The tag, one word.
    noun: str  # "a beach"
    place: str  # "at the beach"
    lights: tuple[str, ...]
    draw: Draw  # Draws it and returns what the texts say about this one ("colour": "red").
    holds_objects: bool = True  # Whether the world's objects stand in it.
    index: int = field(default=0, compare=False)


BACKDROPS: dict[str, Backdrop] = {}


def backdrop(name: str, noun: str, place: str, lights: tuple[str, ...] = OUTDOOR, holds_objects: bool = True):
    """Enters the decorated drawing function into `BACKDROPS`."""

    def enter(draw: Callable[[Canvas, Random, Light], dict[str, str] | None]) -> Draw:
        def drawn(canvas: Canvas, rng: Random, light: Light) -> dict[str, str]:
            return draw(canvas, rng, light) or {}

        BACKDROPS[name] = Backdrop(name, noun, place, lights, drawn, holds_objects, len(BACKDROPS))
        return drawn

    return enter
