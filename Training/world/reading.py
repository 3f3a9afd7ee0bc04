"""Reads captions back: which scene, objects, numbers and places a sentence names, whoever wrote it."""

import re
from dataclasses import dataclass

from .backdrops import BACKDROPS
from .objects import KINDS_BY_WORD, NUMBERS
from .palette import COLOURS

_NUMBERS = {word: number for number, word in NUMBERS.items()} | {"a": 1, "an": 1}
_PLACES = {
    "on the left",
    "on the right",
    "in the middle",
    "at the top",
    "at the bottom",
    "to the left of",
    "above",
    "from left to right",
}
# What tells a scene kind apart in a caption, the longer wordings first: "under a rainbow" before "under".
_SIGNS = sorted(
    [(text, b.name) for b in BACKDROPS.values() if b.name != "unfamiliar" for text in (b.place, b.noun)]
    + [("a plain", "plain"), ("a page of text", "document"), ("a screenshot", "screenshot")]
    + [("bar chart", "chart"), ("line chart", "chart"), ("pie chart", "chart"), ("a colour gradient", "gradient")]
    + [("a pattern of", "pattern"), ("a rough texture", "texture"), ("something unfamiliar, mostly", "unfamiliar")],
    key=lambda sign: -len(sign[0]),
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a caption says: the scene kind (empty where it names none), (kind name, number) in order, and places."""

    scene: str
    objects: tuple[tuple[str, int], ...]
    places: tuple[str, ...]
    colours: tuple[str, ...]

    @property
    def kinds(self) -> set[str]:
        return {name for name, _ in self.objects}


def read_caption(text: str) -> Reading:
    """Understands a caption in any wording of the world, as far as it goes; never fails."""
    text = text.lower()
    scene = next((name for sign, name in _SIGNS if re.search(rf"\b{re.escape(sign)}(?![\w])", text)), "")
    rest = text
    for sign, name in _SIGNS:  # A scene's own words ("a table") name no object.
        if name == scene:
            rest = re.sub(rf"\b{re.escape(sign)}(?![\w])", " ", rest)
    words = re.findall(r"[a-z]+", rest)
    objects = []
    for before, word in zip(["", *words], words):
        if word in KINDS_BY_WORD:
            kind = KINDS_BY_WORD[word]
            objects.append((kind.name, _NUMBERS.get(before, 1)))
    places = tuple(place for place in sorted(_PLACES) if place in rest)
    return Reading(scene, tuple(objects), places, tuple(word for word in words if word in COLOURS))
