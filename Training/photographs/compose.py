"""Captions and tags from what is present: short, plain, and silent about what is not likely enough.

People are only ever "a person" or "people". Light and colours come from the pixels.
"""

import random
from dataclasses import dataclass, field

from .concepts import MADE

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
    ("field", "in a field", "A field"), ("hill", "on a hill", "A hill"), ("castle", "at a castle", "A castle"),
    ("grass", "on grass", "Grass"), ("sand", "on sand", "Sand"), ("rock", "among rocks", "Rocks"),
    ("dirt", "on bare ground", "Bare ground"), ("park", "in a park", "A park"),
    ("house", "at a house", "A house"), ("city", "in a city", "A city"), ("building", "by a building", "A building"),
    ("tree", "among trees", "Trees"), ("room", "in a room", "A room"), ("sky", "", "Sky"),
)  # fmt: skip
# Said only where nothing that implies it is.
IMPLIED_BY = {
    "bird": ("duck", "goose", "swan", "parrot", "pelican", "penguin", "chicken"), "computer": ("laptop", "keyboard"),
    "insect": ("butterfly", "dragonfly", "beetle", "bee"), "crab": ("lobster",), "bag": ("backpack",),
    "boat": ("ship",), "jacket": ("suit", "cardigan", "lab coat"), "bottle": ("jug",),
    "food": ("pizza", "cake", "sandwich", "donut", "fruit", "banana", "vegetable", "broccoli", "ice cream", "dough"),
    "fruit": ("banana",), "vegetable": ("broccoli", "corn", "squash"), "plant": ("flower",),
    "water": ("sea", "pool", "lake", "waves", "beach"), "sea": ("beach", "waves"),
    "tree": ("forest",), "field": ("grass",), "grass": ("field",), "sand": ("beach",), "road": ("street",),
    "city": ("street",), "room": ("kitchen", "bathroom", "bedroom", "living room"),
}  # fmt: skip
# General words; a caption says one where nothing of its kind is likely enough. Of "animal" every animal is a kind.
_GENERAL = {
    "vehicle": (
        "bicycle", "motorcycle", "car", "bus", "truck", "train", "airplane", "boat", "ship", "tractor", "cart",
        "snowmobile", "unicycle", "forklift", "tank", "airship", "space shuttle",
    ),
    "clothing": (
        "hat", "shirt", "jacket", "dress", "trousers", "shorts", "skirt", "shoes", "swimsuit", "suit", "tie", "costume",
        "apron", "brassiere", "cardigan", "cloak", "kimono", "lab coat", "mitten", "pajamas", "poncho", "sock",
        "uniform", "vest",
    ),
    "instrument": (
        "guitar", "piano", "drum", "accordion", "banjo", "cello", "violin", "trumpet", "French horn", "trombone",
        "saxophone", "flute", "oboe", "harp", "harmonica", "organ", "gong", "maraca", "marimba",
    ),
}  # fmt: skip
_PLURALS = {
    "person": "people", "sheep": "sheep", "fish": "fish", "bus": "buses", "bench": "benches", "couch": "couches",
    "sandwich": "sandwiches", "church": "churches", "fox": "foxes", "wolf": "wolves", "toy": "toys",
    "knife": "knives", "mouse": "mice", "torch": "torches", "watch": "watches", "match": "matches", "arch": "arches",
    "switch": "switches", "gas mask": "gas masks", "cash machine": "cash machines", "box": "boxes", "dress": "dresses",
    "compass": "compasses", "glass": "glasses", "squash": "squashes", "radio": "radios", "satellite dish":
    "satellite dishes",
}  # fmt: skip
TAG_FOR = {"waves": "waves", "rock": "rocks", "tree": "trees"}
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

    people: int  # 0 none, 1 one, 2 two, 3 more, 4 people of unknown number
    things: tuple[tuple[str, str], ...]  # (word, kind)
    places: tuple[str, ...]
    outdoors: bool | None
    pixels: Pixels
    tagged: tuple[str, ...] = ()  # What tags name besides people: less need be certain for search.


_UNKNOWN_WORTH = 0.5


@dataclass(frozen=True)
class Certainty:
    """How likely a word must be to be said in a caption; how likely people; outdoors, or indoors; and how likely tags.

    Tags are to find as many of the things that people name as can be had while a given share of all tags is true. What
    is right more often than that share (`tag`) costs nothing and is always a tag; what is less likely is one where it
    is worth it: `worth` says how often a word, where it is true, is one that people name. `thrift` is the price of a
    wrong tag in things found. (It is the multiplier of Lagrange's method, which this rule comes from.)
    """

    caption: float = 0.75
    tag: float = 0.78
    person: float = 0.65
    where: float = 0.88
    thrift: float = 0.7
    worth: dict[str, float] = field(default_factory=dict)

    def of_tag(self, word: str) -> float:
        """How likely a word must be to be a tag."""
        return self.thrift * self.tag / (self.thrift + self.worth.get(word, _UNKNOWN_WORTH))


def general_words(kinds: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Which words are of a general word's kind."""
    return {**_GENERAL, "animal": tuple(word for word, kind in kinds.items() if kind == "animal")}


def with_general(probabilities: dict[str, float], kinds: dict[str, str]) -> dict[str, float]:
    """A general word is at least as likely as the likeliest of its kind."""
    raised = dict(probabilities)
    for general, special in general_words(kinds).items():
        raised[general] = max(raised.get(word, 0.0) for word in (general, *special))
    return raised


def _telling(likely: dict[str, float], general: bool) -> list[str]:
    """Likeliest first, without words that others imply; general ones only where `general` asks for them."""
    left = dict(likely)
    for word, implying in IMPLIED_BY.items():
        if any(other in left for other in implying):
            left.pop(word, None)
    if not general:
        for word, special in _GENERAL.items():
            if any(other in left for other in special):
                left.pop(word, None)
    return sorted(left, key=lambda word: -left[word])


def found(
    probabilities: dict[str, float], kinds: dict[str, str], certainty: Certainty, pixels: Pixels, people: int = 0
) -> Found:
    """Keeps what is certain enough, and of words that imply another only the more telling one.

    `people` is how many boxes of people were found; their number is said only where a person is certain.
    """
    raised = with_general({word: p for word, p in probabilities.items() if word in kinds}, kinds)
    if raised.get("person", 0.0) < certainty.person:
        raised.pop("person", None)
    else:  # What people wear goes without saying.
        raised.pop("clothing", None)
    likely = {word: p for word, p in raised.items() if p >= certainty.caption or word == "person"}
    if made := sorted((w for w in likely if kinds[w] == MADE), key=lambda w: -likely[w])[:1]:
        return Found(0, ((made[0], "thing"),), (), None, pixels, (made[0],))
    if any(kinds[word] == "animal" for word in likely):
        likely.pop("animal", None)
    ordered = _telling(likely, general=False)
    tagged = _telling({word: p for word, p in raised.items() if p >= certainty.of_tag(word)}, general=True)
    outdoors = probabilities.get("outdoors", 0.5)
    where = True if outdoors >= certainty.where else False if outdoors <= 1 - certainty.where else None
    number = min(people, 3) if people else 4
    return Found(
        number if "person" in likely else 0,
        tuple((word, kinds[word]) for word in ordered if kinds[word] in ("animal", "thing", "mass", "general")),
        tuple(word for word in ordered if kinds[word] == "place"),
        where,
        pixels,
        tuple(sorted((w for w in tagged if w != "person"), key=lambda word: kinds[word] == "place")),
    )


def with_article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def named(word: str, kind: str) -> str:
    """The word as a sentence has it: `a dog`, `food`."""
    return word if kind == "mass" or word == "clothing" else with_article(word)


def plural(word: str) -> str:
    return _PLURALS.get(word) or (word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s")


def people_words(number: int) -> str:
    """`a person`, `two people` …"""
    if number == 1:
        return "a person"
    return "two people" if number == 2 else "several people" if number == 3 else "people"


def joined(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def caption(what: Found, most: int = 3, varied: random.Random | None = None) -> str:
    """One sentence; in other words where `varied` draws them."""
    subjects = [people_words(what.people)] if what.people else []
    subjects += [named(word, kind) for word, kind in what.things[: most - len(subjects)]]
    place = next(((word, phrase, alone) for word, phrase, alone in _PLACES if word in what.places), None)
    if subjects and place:
        text = f"{joined(subjects)} {place[1]}".rstrip()
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
    parts = ["Something unfamiliar"]
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


def then(first: str, second: str) -> str:
    """The captions of a clip's two scenes as one sentence."""
    return first if first == second else f"{first[:-1]}, then {second[0].lower()}{second[1:]}"


def tags(what: Found) -> list[str]:
    """Single words for search, likeliest first, the place's last."""
    words = ["person" if what.people == 1 else "people"] if what.people else []
    words += [TAG_FOR.get(word, word) for word in what.tagged]
    if what.outdoors is not None:
        words.append("outdoors" if what.outdoors else "indoors")
    if what.pixels.is_dark:
        words.append("dark")
    if what.pixels.main_colour and not what.pixels.is_grey:
        words.append(what.pixels.main_colour)
    return list(dict.fromkeys(words))
