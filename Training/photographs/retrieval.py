"""How well words find photographs, on the pictures with known truth: mean average precision."""

import math
from collections import Counter
from collections.abc import Callable

import numpy as np

from .archive import Archive
from .concepts import Evidence
from .presence import average_precision
from .queries import meanings

_SOURCE = "flickr8k"  # Its pictures with known truth are a thousand, five captions each.
_NAMED = 2  # Captions in which a noun has to stand for a synonym of it to be right.
_FEWEST = 5  # Pictures that have to show what a synonym stands for.


def judged(archive: Archive) -> list[str]:
    """The names of the pictures that are ranked."""
    return [name for name, truth in archive.truth.items() if truth["source"] == _SOURCE]


def _nouns(archive: Archive, captions: int) -> list[set[str]]:
    return [
        {noun for noun, count in archive.truth[name]["nouns"].items() if count >= captions} for name in judged(archive)
    ]


def noun_cases(archive: Archive, captions: int, pictures: int) -> dict[str, np.ndarray]:
    """Nouns of so many pictures at least, and at which pictures each stands in so many of the five captions."""
    nouns = _nouns(archive, captions)
    counts = Counter(noun for each in nouns for noun in each)
    return {
        noun: np.array([noun in each for each in nouns]) for noun, count in sorted(counts.items()) if count >= pictures
    }


def synonym_cases(archive: Archive, evidence: Evidence, kept_back: bool) -> dict[str, np.ndarray]:
    """Other words for concepts, trained with or kept back, and at which pictures people's nouns for these stand."""
    nouns, cases = _nouns(archive, _NAMED), {}
    own = {concept.word: concept.nouns for concept in evidence.concepts}
    for text, concepts in meanings()[kept_back]:
        parts = [own.get(part.strip(), frozenset()) for part in concepts.split("&")]
        right = np.array([all(part & each for part in parts) for each in nouns])
        if right.sum() >= _FEWEST:
            cases[text] = right | cases.get(text, False)
    return cases


def mean_average_precision(cases: dict[str, np.ndarray], scores: Callable[[list[str]], np.ndarray]) -> float:
    """Over texts; `scores` gives [texts, pictures]."""
    if not cases:
        return math.nan
    found = scores(list(cases))
    return float(np.mean([average_precision(row, right) for row, right in zip(found, cases.values())]))
