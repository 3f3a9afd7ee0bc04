"""Prompts and the answers to them, drawn at random for a picture."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from . import captions
from .objects import CATEGORIES, KINDS, NUMBERS
from .scene import Group, Scene
from .sprites import plain_colour

# The first of each is what the product asks by default. A wording of the prompt decides the wording of the answer, so
# that there is one right answer to each.
CAPTION_PROMPTS = (
    "Describe this picture in one sentence.",
    "Describe this image in one sentence.",
    "Write a caption for this picture.",
    "What is shown in this picture?",
    "Please describe the photo briefly.",
)
SCENE_FIRST_PROMPTS = ("What do you see?", "Where is this and what is in it?", "Summarize the picture.")
DETAIL_PROMPTS = ("Describe this picture in detail.", "Tell me everything about this image.")
TAG_PROMPTS = (
    "List what can be seen in this picture as single words, separated by commas.",
    "List the tags of this picture.",
    "Which keywords fit this image?",
)
_CATEGORY_NOUNS = {
    "animal": "an animal", "plant": "a plant", "fruit": "a fruit", "vegetable": "a vegetable", "food": "food",
    "drink": "a drink", "vehicle": "a vehicle", "building": "a building", "toy": "a toy",
    "instrument": "an instrument", "clothes": "clothing", "tool": "a tool",
}  # fmt: skip
assert set(_CATEGORY_NOUNS) == set(CATEGORIES)


@dataclass(frozen=True)
class Exchange:
    """One prompt and its answer; `kind` is what `evaluate.py` counts it under."""

    kind: str
    prompt: str
    answer: str


def caption(scene: Scene, rng: Random | None = None) -> Exchange:
    """A caption, by the default prompt or by one of its paraphrases."""
    return Exchange("caption", rng.choice(CAPTION_PROMPTS) if rng else CAPTION_PROMPTS[0], captions.caption(scene))


def tags(scene: Scene, rng: Random | None = None) -> Exchange:
    return Exchange("tags", rng.choice(TAG_PROMPTS) if rng else TAG_PROMPTS[0], ", ".join(captions.tags(scene)))


def other_caption(scene: Scene, rng: Random) -> Exchange:
    """A caption in one of the other wordings."""
    if rng.random() < 0.6:
        return Exchange("other", rng.choice(SCENE_FIRST_PROMPTS), captions.caption_scene_first(scene))
    return Exchange("other", rng.choice(DETAIL_PROMPTS), captions.description(scene))


def _what_place(scene: Scene, rng: Random) -> Exchange:
    return Exchange(
        "place",
        rng.choice(("What kind of place is this?", "Where was this taken?")),
        captions.sentence(captions.setting(scene)),
    )


def _colour(scene: Scene, rng: Random) -> Exchange:
    prompt = rng.choice(("What is the main colour of this picture?", "Which colour is there most of?"))
    return Exchange("main colour", prompt, captions.sentence(scene.facts["colours"].split()[0]))


def _is_there(scene: Scene, rng: Random) -> Exchange:
    present = [group.kind for group in scene.groups]
    yes = bool(present) and rng.random() < 0.5
    kind = rng.choice(present) if yes else rng.choice([k for k in rng.sample(KINDS, 6) if k not in present])
    verb = "Are there" if kind.is_pair else "Is there"
    return Exchange("presence", f"{verb} {kind.article} in the picture?", "Yes." if yes else "No.")


def _is_there_category(scene: Scene, rng: Random) -> Exchange:
    present = {group.kind.category for group in scene.groups}
    yes = bool(present) and rng.random() < 0.5
    category = rng.choice(sorted(present)) if yes else rng.choice([c for c in CATEGORIES if c not in present])
    return Exchange("presence", f"Is there {_CATEGORY_NOUNS[category]} in the picture?", "Yes." if yes else "No.")


def _how_many(scene: Scene, rng: Random) -> Exchange:
    group: Group = rng.choice(scene.groups)
    return Exchange("number", f"How many {group.kind.plural} are there?", captions.sentence(NUMBERS[group.number]))


def _how_many_things(scene: Scene, rng: Random) -> Exchange:
    kinds = len(scene.groups)
    return Exchange("number", "How many different kinds of things are there?", captions.sentence(NUMBERS[kinds]))


def _which_colour(scene: Scene, rng: Random) -> Exchange | None:
    coloured = [group.kind for group in scene.groups if plain_colour(group.kind.index)]
    if not coloured:
        return None
    kind = rng.choice(coloured)
    return Exchange("colour", f"Which colour is the {kind.name}?", captions.sentence(plain_colour(kind.index)))


def _where(scene: Scene, rng: Random) -> Exchange | None:
    position = _POSITIONS.get(scene.arrangement)
    if position is None and scene.arrangement != "alone":
        return None
    at = rng.randrange(len(scene.groups))
    words = captions._PLACES[scene.place] if position is None else position(at, len(scene.groups))
    kind, number = scene.groups[at].kind, scene.groups[at].number
    name, verb = (kind.name, "is") if number == 1 and not kind.is_pair else (kind.plural, "are")
    return Exchange("where", f"Where {verb} the {name}?", captions.sentence(words))


def _in_row(at: int, count: int) -> str:
    """The place of one of three or four in a row."""
    return "on the left" if at == 0 else "on the right" if at == count - 1 else "in the middle"


_POSITIONS: dict[str, Callable[[int, int], str]] = {
    "beside": _in_row,
    "row": _in_row,
    "above": lambda at, _: ("at the top", "at the bottom")[at],
    "square": lambda at, _: ("at the top left", "at the top right", "at the bottom left", "at the bottom right")[at],
}


def _next_to(scene: Scene, rng: Random) -> Exchange | None:
    if scene.arrangement not in ("beside", "row", "above"):
        return None
    at = rng.randrange(len(scene.groups) - 1)
    first, second = scene.groups[at : at + 2]
    before, after = ("above", "below") if scene.arrangement == "above" else ("to the left of", "to the right of")
    asked, answer, relation = (second, first, before) if rng.random() < 0.5 else (first, second, after)
    name = asked.kind.name if asked.number == 1 else asked.kind.plural
    return Exchange("relation", f"What is {relation} the {name}?", captions.sentence(captions.counted(answer)))


def _what_thing(scene: Scene, rng: Random) -> Exchange:
    answer = captions.joined([captions.counted(group) for group in scene.groups])
    return Exchange(
        "what", rng.choice(("What things are in the picture?", "Name the objects.")), captions.sentence(answer)
    )


_ALWAYS = (_what_place, _colour, _is_there, _is_there_category)
_WITH_OBJECTS = (_how_many, _how_many_things, _which_colour, _where, _next_to, _what_thing, _is_there)


def named_things() -> dict[str, list[int]]:
    """The words that questions ask about, each with the kinds of object that it stands for."""
    words = {word: [kind.index] for kind in KINDS for word in (kind.name, kind.plural)}
    for category, noun in _CATEGORY_NOUNS.items():
        words[noun.split()[-1]] = [kind.index for kind in KINDS if kind.category == category]
    return words


def question(scene: Scene, rng: Random) -> Exchange:
    """A question with a short answer that this picture can be asked."""
    while True:
        asked = rng.choice(_WITH_OBJECTS if scene.groups and rng.random() < 0.7 else _ALWAYS)(scene, rng)
        if asked:
            return asked
