"""What people may look for, and which pictures show it: concepts and other words for them, nouns, names of classes."""

import random
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from .compose import named, plural
from .material import Pack

_FILE = Path(__file__).with_name("meanings.txt")
_KEPT_BACK = "~"  # Before words that are not trained with.
_NOUNS_FROM = 3  # Pictures to train with that a noun has to stand at.
_FRAMES = (
    "{}", "{}", "{}", "a photo of {}", "a picture of {}", "{} outdoors", "{} indoors", "photo with {}", "some {}",
)  # fmt: skip
_MANY = frozenset({"people", "crowd", "group", "team", "audience", "parade"})
_UNLIKELY = 0.05  # What is less likely than this counts as not shown.
# What a picture that nobody described counts for a word that people used of others. What classifiers see in it is what is
# there, which is more than what people name: with as much weight, a street was found in all pictures that show one.
_UNDESCRIBED = 0.05
_TRUST_IN_PEOPLE = 0.75  # Share of people's nouns beside the classifiers', where both say something.


@dataclass(frozen=True)
class Query:
    """A text and what shows it: any of these sets of concepts as a whole, a noun of people's, an ImageNet class."""

    text: str
    concepts: tuple[tuple[int, ...], ...] = ()
    noun: str | None = None
    label: int | None = None


def meanings(path: Path = _FILE) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of a text and its concepts (`dog & ball`): those to train with, those kept back."""
    trained, kept = [], []
    for line in path.read_text().splitlines():
        concepts, _, texts = line.partition(":")
        if not line or line.startswith("#"):
            continue
        for first, part in enumerate(texts.split(_KEPT_BACK)):
            pairs = [(text.strip(), concepts.strip()) for text in part.split(",") if text.strip()]
            (kept if first else trained).extend(pairs)
    return trained, kept


class Queries:
    """All texts to train with, and what pictures show of them."""

    def __init__(self, pack: Pack, made: np.ndarray, classes: np.ndarray, rows: np.ndarray):
        """`made` are probabilities [pictures, concepts + 1] and `classes` of ImageNet's [pictures, 1000]; `rows` are
        the pictures to train with."""
        self._pack, self._made, self._classes, self.rows = pack, made, classes, rows
        self.place = {word: number for number, word in enumerate(pack.evidence.words)}

    @cached_property
    def _labels(self) -> dict[str, dict]:
        return {line["name"]: line for line in self._pack.archive.training}

    @cached_property
    def told(self) -> np.ndarray:
        """Of which pictures people's nouns are known."""
        names = self._pack.cache.names
        return np.array(["nouns" in self._labels.get(name, {}) for name in names])

    @cached_property
    def nouns(self) -> dict[str, np.ndarray]:
        """The pictures at which a noun stands."""
        found: dict[str, list[int]] = {}
        for row in self.rows:
            for noun in self._labels[self._pack.cache.names[row]].get("nouns", []):
                found.setdefault(noun, []).append(row)
        return {noun: np.array(rows) for noun, rows in found.items() if len(rows) >= _NOUNS_FROM}

    def indices(self, concepts: str) -> tuple[int, ...]:
        """`dog & ball` as numbers of concepts."""
        parts = [part.strip() for part in concepts.split("&")]
        if unknown := [part for part in parts if part not in self.place]:
            raise ValueError(f"meanings.txt names the concept '{unknown[0]}', which there is not")
        return tuple(self.place[part] for part in parts)

    @cached_property
    def all(self) -> list[Query]:
        """Every text once: what is several things to different people is any of them."""
        shown: dict[str, list[tuple[int, ...]]] = {}
        for concept in self._pack.evidence.concepts:
            shown[concept.word] = [self.indices(concept.word)]
        for text, concepts in meanings()[0]:
            if text not in self.place:
                shown.setdefault(text, []).append(self.indices(concepts))
        people = self.indices("person")
        labels = {name.lower(): number for number, name in enumerate(self._pack.archive.classes["imagenet"])}
        queries, kept = [], {text for text, _ in meanings()[1]}
        for text in {**shown, **dict.fromkeys(self.nouns), **labels}:
            if text in kept:
                continue
            concepts = tuple(shown.get(text, ()))
            # Who people are is not looked for: a man is a person. How many there are is.
            noun = text if text in self.nouns and (people not in concepts or text in _MANY) else None
            queries.append(Query(text, concepts, noun, None if text in shown or noun else labels.get(text)))
        return queries

    def shown(self, query: Query, rows: np.ndarray) -> np.ndarray:
        """How likely pictures show what is looked for; −1 where nothing says so."""
        likely = np.full(len(rows), -1.0, np.float32)
        if query.label is not None:
            likely = self._classes[rows, query.label].astype(np.float32)
        if query.concepts:
            each = [self._made[np.ix_(rows, part)].astype(np.float32).prod(1) for part in query.concepts]
            likely = np.max(each, 0)
        if query.noun is not None:
            told = self.told[rows]
            stands = np.isin(rows, self.nouns[query.noun]).astype(np.float32)
            beside = np.where(likely >= 0, _TRUST_IN_PEOPLE * stands + (1 - _TRUST_IN_PEOPLE) * likely, stands)
            likely = np.where(told, beside, likely)
        if query.label is not None:  # What next to no picture shows is known by its low probabilities alone.
            return likely
        return np.where((likely >= 0) & (likely < _UNLIKELY), 0, likely)

    def counts(self, query: Query, rows: np.ndarray) -> np.ndarray:
        """What is known of the pictures and a query counts, 0 to 1; where nothing is, the number means nothing."""
        if query.noun is None or not query.concepts:
            return np.ones(len(rows), np.float32)
        return np.where(self.told[rows], 1.0, _UNDESCRIBED).astype(np.float32)

    def worded(self, query: Query, rng: random.Random) -> str:
        """The text as somebody may type it."""
        if len(query.concepts) == 1 and len(query.concepts[0]) == 1 and rng.random() < 0.4:
            word = self._pack.evidence.words[query.concepts[0][0]]
            kinds = self._pack.kinds
            if word == query.text and word in kinds:
                text = plural(word) if rng.random() < 0.5 and kinds[word] != "mass" else named(word, kinds[word])
                return rng.choice(_FRAMES[:5]).format(text)
        return rng.choice(_FRAMES[:5]).format(query.text) if rng.random() < 0.5 else query.text

    def composed(self, row: int, rng: random.Random) -> Query | None:
        """Two or three things that a picture shows together."""
        likely = [n for n in np.flatnonzero(self._made[row] >= 0.5) if n < len(self._pack.evidence.concepts)]
        if len(likely) < 2:
            return None
        chosen = rng.sample(likely, min(len(likely), rng.randint(2, 3)))
        words = [self._pack.evidence.words[n] for n in chosen]
        kinds = self._pack.kinds
        text = rng.choice((" and ", ", ", " ", " with ")).join(
            word if rng.random() < 0.5 else named(word, kinds[word]) for word in words
        )
        return Query(text, (tuple(int(n) for n in chosen),))
