"""Captions and tags from what is present: short, plain, and silent about what is not likely enough.

People are only ever "a person" or "people". Light and colours come from the pixels.
"""

import random
from dataclasses import dataclass, field

# Places by which words they may stand for, most telling first: (word, phrase behind a subject, sentence of its own).
_PLACES = (
    ("kitchen", "in a kitchen", "A kitchen"), ("bathroom", "in a bathroom", "A bathroom"),
    ("bedroom", "in a bedroom", "A bedroom"), ("living room", "in a living room", "A living room"),
    ("office", "in an office", "An office"), ("store", "in a store", "A store"),
    ("restaurant", "in a restaurant", "A restaurant"), ("snow", "in the snow", "Snow"),
    ("beach", "on a beach", "A beach"), ("pool", "at a pool", "A pool"), ("waves", "in the waves", "Waves"),
    ("sea", "by the sea", "The sea"), ("lake", "by a lake", "A lake"), ("water", "in or by water", "Water"),
    ("factory", "at an industrial site", "An industrial site"), ("playground", "on a playground", "A playground"),
    ("street", "on a street", "A street"), ("road", "on a road", "A road"), ("track", "on a track", "A track"),
    ("forest", "in a forest", "A forest"), ("mountain", "in the mountains", "Mountains"),
    ("field", "in a field", "A field"), ("grass", "on grass", "Grass"), ("sand", "on sand", "Sand"),
    ("rock", "among rocks", "Rocks"), ("dirt", "on bare ground", "Bare ground"), ("park", "in a park", "A park"),
    ("house", "at a house", "A house"), ("city", "in a city", "A city"), ("building", "by a building", "A building"),
    ("tree", "among trees", "Trees"), ("room", "in a room", "A room"),
)  # fmt: skip
# Said only where nothing that implies it is.
_IMPLIED_BY = {
    "bird": ("duck",), "computer": ("laptop",), "food": ("pizza", "cake", "sandwich", "fruit", "banana", "vegetable"),
    "fruit": ("banana",), "water": ("sea", "pool", "lake", "waves", "beach"), "sea": ("beach", "waves"),
    "tree": ("forest",), "field": ("grass",), "grass": ("field",), "sand": ("beach",), "road": ("street",),
    "city": ("street",), "room": ("kitchen", "bathroom", "bedroom", "living room"),
}  # fmt: skip
_PLURALS = {
    "person": "people", "sheep": "sheep", "fish": "fish", "bus": "buses", "bench": "benches", "couch": "couches",
    "sandwich": "sandwiches", "church": "churches", "fox": "foxes", "wolf": "wolves", "toy": "toys",
}  # fmt: skip
_NUMBERS = {2: "two", 3: "three"}
_TAG_FOR = {"waves": "waves", "rock": "rocks", "tree": "trees"}
_COLOURED = 0.35  # Share from which on a colour is worth a word.


@dataclass(frozen=True)
class Pixels:
    """What the pixels say: mean luminance and saturation, 0 to 1, and shares of basic colours."""

    luminance: float = 0.5
    saturation: float = 0.3
    colours: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, line: dict) -> "Pixels":
        return cls(line.get("luminance", 0.5), line.get("saturation", 0.3), line.get("colours", {}))

    @property
    def is_dark(self) -> bool:
        return self.luminance < 0.18

    @property
    def is_grey(self) -> bool:
        return self.saturation < 0.03

    @property
    def main_colour(self) -> str | None:
        """The colour that covers most, where it covers much."""
        if not self.colours:
            return None
        colour = max(self.colours, key=lambda name: self.colours[name])
        return colour if self.colours[colour] >= _COLOURED else None


@dataclass(frozen=True)
class Found:
    """What is likely enough to be said: things, people and places, likeliest first; where; the pixels."""

    people: int  # 0 none, 1 one, 2 or 3 so many, 4 several, 5 people of unknown number
    things: tuple[tuple[str, str], ...]  # (word, kind)
    places: tuple[str, ...]
    outdoors: bool | None
    pixels: Pixels


def found(
    probabilities: dict[str, float],
    kinds: dict[str, str],
    certainty: float,
    pixels: Pixels,
    people: int = 0,
    sure_place: float = 0.85,
) -> Found:
    """Keeps what reaches `certainty`, and of words that imply another only the more telling one.

    `people` is how many boxes of people were found; their number is said only where a person is certain.
    """  # fmt: skip
    likely = {word: p for word, p in probabilities.items() if p >= certainty and word in kinds}
    for word, implying in _IMPLIED_BY.items():
        if word in likely and any(other in likely for other in implying):
            del likely[word]
    ordered = sorted(likely, key=lambda word: -likely[word])
    outdoors = probabilities.get("outdoors", 0.5)
    where = True if outdoors >= sure_place else False if outdoors <= 1 - sure_place else None
    number = min(people, 4) if people else 5
    return Found(
        number if "person" in likely else 0,
        tuple((word, kinds[word]) for word in ordered if kinds[word] in ("animal", "thing", "mass")),
        tuple(word for word in ordered if kinds[word] == "place"),
        where,
        pixels,
    )


def with_article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def plural(word: str) -> str:
    return _PLURALS.get(word) or (word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s")


def people_words(number: int) -> str:
    """`a person`, `two people` …"""
    if number == 1:
        return "a person"
    return f"{_NUMBERS[number]} people" if number in _NUMBERS else "several people" if number == 4 else "people"


def joined(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def caption(what: Found, most: int = 3, varied: random.Random | None = None) -> str:
    """One sentence; in other words where `varied` draws them."""
    subjects = [people_words(what.people)] if what.people else []
    subjects += [word if kind == "mass" else with_article(word) for word, kind in what.things[: most - len(subjects)]]
    place = next(((word, phrase, alone) for word, phrase, alone in _PLACES if word in what.places), None)
    if subjects and place:
        text = f"{joined(subjects)} {place[1]}"
    elif subjects:
        text = joined(subjects)
    elif place:
        text = place[2]
        others = [word for word in what.places if word != place[0]][:2]
        if others:
            text += f" with {joined([_beside(word) for word in others])}"
    else:
        return _unclear(what)
    return _finished(text, what, varied)


def _beside(word: str) -> str:
    """A place's word as something that is to be seen there."""
    alone = next((alone for name, _, alone in _PLACES if name == word), with_article(word))
    return alone[0].lower() + alone[1:] if word != "sky" else "sky"


def _unclear(what: Found) -> str:
    parts = ["Something unclear"]
    if what.outdoors is not None:
        parts.append("outdoors" if what.outdoors else "indoors")
    colour = what.pixels.main_colour
    if what.pixels.is_dark:
        parts.append("in the dark")
    elif colour:
        parts.append(f"mostly {colour}")
    return ", ".join(parts) + "."


def _finished(text: str, what: Found, varied: random.Random | None) -> str:
    where = None if what.outdoors is None else "outdoors" if what.outdoors else "indoors"
    light = "in the dark" if what.pixels.is_dark else "in black and white" if what.pixels.is_grey else None
    end = [part for part in (where, light) if part]
    if varied and where and varied.random() < 0.4:
        rest = ", ".join([text[0].lower() + text[1:], *end[1:]])
        return f"{where.capitalize()}: {rest}."
    return ", ".join([text[0].upper() + text[1:], *end]) + "."


def tags(what: Found) -> list[str]:
    """Single words for search, likeliest first, the place's last."""
    words = ["person" if what.people == 1 else "people"] if what.people else []
    words += [word for word, _ in what.things] + [_TAG_FOR.get(word, word) for word in what.places]
    if what.outdoors is not None:
        words.append("outdoors" if what.outdoors else "indoors")
    if what.pixels.is_dark:
        words.append("dark")
    if what.pixels.main_colour and not what.pixels.is_grey:
        words.append(what.pixels.main_colour)
    return list(dict.fromkeys(words))
