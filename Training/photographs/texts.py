"""What is asked about a photograph and what should be answered, from what is likely to be present."""

import random

from ..world.questions import CAPTION_PROMPTS, TAG_PROMPTS, Exchange
from .compose import Found, caption, named, plural, tags, then, with_article

OTHER_PROMPTS = ("What do you see?", "Where is this and what is in it?", "Summarize the picture.")
_INDOORS = ("Is this indoors or outdoors?", "Was this taken indoors or outdoors?")
_PEOPLE = ("How many people are there?", "How many people can be seen?")
_COLOUR = ("What is the main colour of this picture?",)
_NUMBERS = ("None", "One", "Two", "Several", "Several")
_ABSENT = 0.08  # A concept less likely than this is said not to be there.


def exchanges(
    what: Found,
    probabilities: dict[str, float],
    kinds: dict[str, str],
    rng: random.Random,
    questions: int = 1,
    tagged: bool = True,
    varied: bool = False,
) -> list[Exchange]:
    """A caption, tags or a caption in another wording, and questions; by the default prompts unless `varied`."""
    first = rng.choice(CAPTION_PROMPTS) if varied else CAPTION_PROMPTS[0]
    asked = [Exchange("caption", first, caption(what))]
    if tagged:
        prompt = rng.choice(TAG_PROMPTS) if varied else TAG_PROMPTS[0]
        asked.append(Exchange("tags", prompt, listed(tags(what))))
    else:
        asked.append(Exchange("other", rng.choice(OTHER_PROMPTS), caption(what, varied=rng)))
    possible = [question for make in _MAKERS if (question := make(what, probabilities, kinds, rng))]
    return asked + rng.sample(possible, min(questions, len(possible)))


def listed(words: list[str]) -> str:
    """Tags as an answer; where there are none, the word that says so."""
    return ", ".join(words) or "something"


def cut(first: Found, second: Found) -> list[Exchange]:
    """Caption and tags of a clip that shows one scene and then another."""
    words = list(dict.fromkeys([*tags(first), *tags(second)]))
    text = then(caption(first), caption(second))
    return [Exchange("caption", CAPTION_PROMPTS[0], text), Exchange("tags", TAG_PROMPTS[0], listed(words))]


def _presence(
    what: Found, probabilities: dict[str, float], kinds: dict[str, str], rng: random.Random
) -> Exchange | None:
    there = [word for word, _ in what.things]
    absent = [w for w, kind in kinds.items() if kind in ("animal", "thing") and probabilities.get(w, 1.0) < _ABSENT]
    is_there = bool(there) and (not absent or rng.random() < 0.5)
    if not there and not absent:
        return None
    word = rng.choice(there if is_there else absent)
    asked = f"Is there {named(word, kinds[word])} in this picture?"
    if kinds[word] != "mass" and rng.random() < 0.3:
        asked = f"Are there any {plural(word)} in this picture?"
    return Exchange("presence", asked, "Yes." if is_there else "No.")


def _where(what: Found, probabilities: dict[str, float], kinds: dict[str, str], rng: random.Random) -> Exchange | None:
    answer = "Unclear." if what.outdoors is None else "Outdoors." if what.outdoors else "Indoors."
    return Exchange("indoors", rng.choice(_INDOORS), answer)


def _people(what: Found, probabilities: dict[str, float], kinds: dict[str, str], rng: random.Random) -> Exchange | None:
    if not what.people and probabilities.get("person", 0.0) > _ABSENT:
        return None
    return Exchange("people", rng.choice(_PEOPLE), f"{_NUMBERS[what.people]}.")


def _colour(what: Found, probabilities: dict[str, float], kinds: dict[str, str], rng: random.Random) -> Exchange | None:
    if not what.pixels.colours:
        return None
    colour = max(what.pixels.colours, key=lambda name: what.pixels.colours[name])
    return Exchange("main colour", rng.choice(_COLOUR), f"{colour.capitalize()}.")


def _what(what: Found, probabilities: dict[str, float], kinds: dict[str, str], rng: random.Random) -> Exchange | None:
    animals = [word for word, kind in what.things if kind == "animal" or word == "animal"]
    if not animals:
        return None
    return Exchange("what", "Which animal is this?", f"{with_article(animals[0]).capitalize()}.")


_MAKERS = (_presence, _where, _people, _colour, _what)


def vocabulary(kinds: dict[str, str]) -> list[str]:
    """Texts with every word that may be asked or answered, for the tokenizer."""
    from .compose import _PLACES

    words = [f"{with_article(w)}, {w}, {plural(w)}. {w.capitalize()}. {with_article(w).capitalize()}." for w in kinds]
    words += [f" {w}, {plural(w)} and" for w in kinds]
    places = [f"{alone}. x {phrase}, {alone[0].lower() + alone[1:]}" for _, phrase, alone in _PLACES]
    colours = ["black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown"]
    shades = [f"{c}, mostly {c}. {c.capitalize()}." for c in colours]
    numbers = [
        "one",
        "two people",
        "three people",
        "several people",
        "people",
        "a person",
        "None. One. Two. Three. Several.",
    ]
    prompts = [*CAPTION_PROMPTS, *TAG_PROMPTS, *OTHER_PROMPTS, *_INDOORS, *_PEOPLE, *_COLOUR]
    other = [
        "Something unfamiliar, outdoors, indoors, in the dark. dark in black and white. Outdoors: Indoors: nothing",
        "Outdoors. Indoors. Unclear. Yes. No. Which animal is this? Is there in this picture? Are there any with sky",
        "something, then a, then two, then three, then several, then something, then people, then outdoors, then the",
        "and people. People, A person, Two people, Three people, Several people. outdoors: indoors:",
    ]
    return words + places + shades + numbers + prompts + other
