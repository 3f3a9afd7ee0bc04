"""What is in a picture: the scene, its light, the objects and where they stand. Drawn at random, then rendered."""

from dataclasses import dataclass, field
from random import Random

from .backdrops import BACKDROPS, Backdrop
from .light import LIGHTS, Light
from .objects import KINDS, Kind


@dataclass(frozen=True)
class Placed:
    """One object on the picture: centre and size in shares of the picture's width, height and mean edge."""

    kind: Kind
    x: float
    y: float
    size: float
    angle: float
    mirrored: bool


@dataclass(frozen=True)
class Group:
    """One to four objects of a kind that the texts name together."""

    kind: Kind
    number: int


@dataclass(frozen=True)
class Scene:
    """A picture's content. `arrangement` says how the groups stand to each other:

    - `alone`: one object, whose `place` is left, right, top, bottom or middle;
    - `several`: two to four of one kind;
    - `beside`: the first group to the left of the second;
    - `above`: the first group above the second;
    - `row`: three or four kinds from left to right;
    - `square`: four kinds, the first two above the others;
    - `none`: no object; `stranger`: only something that has no name.
    """

    backdrop: Backdrop
    light: Light
    arrangement: str
    groups: tuple[Group, ...] = ()
    placed: tuple[Placed, ...] = ()
    place: str = ""
    facts: dict[str, str] = field(default_factory=dict)  # Filled by the renderer.

    @property
    def number(self) -> int:
        return len(self.placed)


_CENTRES = {
    "left": (0.23, 0.55),
    "right": (0.77, 0.55),
    "middle": (0.5, 0.53),
    "top": (0.5, 0.24),
    "bottom": (0.5, 0.78),
}
_ARRANGEMENTS = ("alone", "several", "beside", "above", "row", "square")
_WEIGHTS = (30, 14, 24, 10, 16, 6)


_SETTINGS = [backdrop for backdrop in BACKDROPS.values() if backdrop.holds_objects]
_SHEETS = [backdrop for backdrop in BACKDROPS.values() if not backdrop.holds_objects]
# What nobody has a name for is most of what photographs show.
_SHEET_WEIGHTS = [7 if backdrop.name == "unfamiliar" else 1 for backdrop in _SHEETS]


def _put(rng: Random, kind: Kind, x: float, y: float, size: float, wobble: float = 0.03) -> Placed:
    angle = rng.gauss(0, 9) if rng.random() < 0.8 else rng.uniform(-40, 40)
    mirrored = rng.random() < 0.3
    return Placed(kind, x + rng.uniform(-wobble, wobble), y + rng.uniform(-wobble, wobble), size, angle, mirrored)


def _alone(rng: Random, kind: Kind) -> tuple[tuple[Group, ...], tuple[Placed, ...], str]:
    place = rng.choice(list(_CENTRES))
    x, y = _CENTRES[place]
    low, high = (0.42, 0.8) if place == "middle" else (0.34, 0.5)
    return (Group(kind, 1),), (_put(rng, kind, x, y, rng.uniform(low, high)),), place


def _several(rng: Random, kind: Kind) -> tuple[tuple[Group, ...], tuple[Placed, ...], str]:
    number = rng.choice((2, 2, 3, 3, 4))
    size = rng.uniform(0.28, 0.42 if number < 4 else 0.34)
    rising = rng.uniform(-0.1, 0.1)
    centres = {
        2: [(0.28, 0.55), (0.72, 0.55)],
        3: [(0.2, 0.58), (0.5, 0.5), (0.8, 0.58)],
        4: [(0.27, 0.35), (0.73, 0.35), (0.27, 0.76), (0.73, 0.76)],
    }
    placed = tuple(_put(rng, kind, x, y + rising * (x - 0.5), size) for x, y in centres[number])
    return (Group(kind, number),), placed, ""


def _pile(rng: Random, group: Group, x: float, y: float, upright: bool, room: float) -> list[Placed]:
    """A group's objects stacked (`upright`) or side by side around a centre, within `room` shares."""
    size = min(rng.uniform(0.3, 0.46), room / group.number * 1.05)
    offsets = [(i - (group.number - 1) / 2) * min(room / group.number, size * 0.95) for i in range(group.number)]
    return [_put(rng, group.kind, x + (0 if upright else o), y + (o if upright else 0), size, 0.02) for o in offsets]


def _pair(rng: Random, kinds: list[Kind], arrangement: str) -> tuple[tuple[Group, ...], tuple[Placed, ...], str]:
    counts = rng.choice(((1, 1), (1, 1), (1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (2, 2)))
    groups = tuple(Group(kind, 1 if kind.is_pair else count) for kind, count in zip(kinds, counts))
    upright = arrangement == "beside"
    centres = ((0.26, 0.54), (0.75, 0.54)) if upright else ((0.5, 0.27), (0.5, 0.75))
    placed: list[Placed] = []
    for group, (x, y) in zip(groups, centres):
        placed += _pile(rng, group, x, y, upright, 0.82)
    return groups, tuple(placed), ""


def _many(rng: Random, kinds: list[Kind], arrangement: str) -> tuple[tuple[Group, ...], tuple[Placed, ...], str]:
    if arrangement == "square":
        centres, size = [(0.27, 0.3), (0.73, 0.3), (0.27, 0.75), (0.73, 0.75)], rng.uniform(0.3, 0.42)
    else:
        step = 1 / len(kinds)
        size = rng.uniform(0.28, 0.38) if len(kinds) == 3 else rng.uniform(0.24, 0.29)
        level = rng.uniform(0.45, 0.65)
        centres = [((i + 0.5) * step, level + rng.uniform(-0.14, 0.14)) for i in range(len(kinds))]
    placed = tuple(_put(rng, kind, x, y, size, 0.015) for kind, (x, y) in zip(kinds, centres))
    return tuple(Group(kind, 1) for kind in kinds), placed, ""


def arrange(rng: Random, arrangement: str, choices: tuple[Kind, ...] = KINDS):
    """Groups, placed objects and the single object's place for an arrangement, of kinds drawn at random."""
    if arrangement == "alone":
        return _alone(rng, rng.choice(choices))
    if arrangement == "several":
        return _several(rng, rng.choice([kind for kind in rng.sample(choices, 8) if not kind.is_pair] or [choices[0]]))
    if arrangement in ("beside", "above"):
        return _pair(rng, rng.sample(choices, 2), arrangement)
    return _many(rng, rng.sample(choices, 4 if arrangement == "square" else rng.choice((3, 3, 4))), arrangement)


def draw_unknown(rng: Random) -> Scene:
    """A scene in which nothing has a name."""
    if rng.random() < 0.5:
        backdrop = BACKDROPS["unfamiliar"]
        return Scene(backdrop, LIGHTS[rng.choice(backdrop.lights)], "none")
    backdrop = rng.choice(_SETTINGS)
    _, placed, _ = arrange(rng, rng.choices(_ARRANGEMENTS, _WEIGHTS)[0])
    return Scene(backdrop, LIGHTS[rng.choice(backdrop.lights)], "stranger", placed=placed)


def draw_scene(rng: Random) -> Scene:
    """A scene of the world, drawn at random."""
    backdrop = rng.choice(_SETTINGS) if rng.random() < 0.86 else rng.choices(_SHEETS, _SHEET_WEIGHTS)[0]
    light = LIGHTS[rng.choice(backdrop.lights)]
    chance = rng.random()
    if not backdrop.holds_objects or chance < 0.06:
        return Scene(backdrop, light, "none")
    if chance < 0.16:
        _, placed, _ = arrange(rng, rng.choices(_ARRANGEMENTS, _WEIGHTS)[0])
        return Scene(backdrop, light, "stranger", placed=placed)
    arrangement = rng.choices(_ARRANGEMENTS, _WEIGHTS)[0]
    return Scene(backdrop, light, arrangement, *arrange(rng, arrangement))
