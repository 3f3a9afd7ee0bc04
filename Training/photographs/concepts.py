"""The concepts that the model may name, and what a picture's labels say of each.

Evidence is a probability with a weight: nouns of people and folders are believed, boxes and classes of machines as
far as they were found to be right, and where nothing could have shown a concept it is left open (weight 0).
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

_FILE = Path(__file__).with_name("concepts.txt")
OUTDOORS = "outdoors"
MADE = "made"  # The kind of concepts that say what a picture is that is no photograph.

# Detected boxes are believed from this confidence on; those of horses, cows, sheep and bears are mostly dogs.
_SURE, _DOUBTED, _DOUBTED_SURE = 0.5, frozenset({"horse", "cow", "sheep", "bear"}), 0.85
_UNNAMED = 0.3  # What a sure box is worth where five people did not name the thing.


def _sections(path: Path) -> dict[str, frozenset[str]]:
    """The comma-separated words below each `[section]`."""
    parts = re.split(r"^\[(.+)\]$", path.read_text(), flags=re.MULTILINE)[1:]
    return {
        name: frozenset(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())
        for name, text in zip(parts[::2], parts[1::2])
    }


_WHERE = _sections(Path(__file__).with_name("where.txt"))


@dataclass(frozen=True)
class Concept:
    """A word and what shows it."""

    word: str
    kind: str
    nouns: frozenset[str]
    boxes: frozenset[str]
    classes: frozenset[str]
    ranges: tuple[tuple[int, int], ...]
    stuff: frozenset[str]
    folders: frozenset[str]


def _concept(line: str) -> Concept:
    word, kind, nouns, boxes, classes, stuff, folders = (part.strip() for part in line.split("|"))
    words = lambda text: frozenset(part.strip() for part in text.split(",") if part.strip())  # noqa: E731
    ranges, names = [], []
    for part in words(classes):
        first, _, last = part.partition("-")
        if first.isdigit():
            ranges.append((int(first), int(last or first)))
        else:
            names.append(part)
    return Concept(
        word, kind, words(nouns), words(boxes), frozenset(names), tuple(sorted(ranges)), words(stuff), words(folders)
    )


def read_concepts(path: Path = _FILE) -> list[Concept]:
    """The file's concepts, in its order."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return [_concept(line) for line in lines if line and not line.startswith("#")]


@dataclass
class Evidence:
    """What labels say: a probability and a weight for every concept and, last, for being outdoors."""

    classes: dict
    concepts: list[Concept] = field(default_factory=read_concepts)

    @property
    def words(self) -> list[str]:
        return [concept.word for concept in self.concepts] + [OUTDOORS]

    def shows(self) -> np.ndarray:
        """Which ImageNet classes show each concept, 0 or 1 [concepts + 1, classes]; none shows being outdoors."""
        table = np.zeros((len(self.words), len(self.classes["imagenet"])), np.float32)
        for row, concept in enumerate(self.concepts):
            table[row, self._indices[concept.word]] = 1
        return table

    @cached_property
    def _indices(self) -> dict[str, list[int]]:
        """The ImageNet classes that show each concept, by its word."""
        by_name: dict[str, list[int]] = {}
        for index, name in enumerate(self.classes["imagenet"]):
            by_name.setdefault(name.lower(), []).append(index)
        found = {}
        for concept in self.concepts:
            indices = {i for first, last in concept.ranges for i in range(first, last + 1)}
            for name in concept.classes:
                if name.lower() not in by_name:
                    raise ValueError(f"'{concept.word}' names the class '{name}', which there is not")
                indices.update(by_name[name.lower()])
            found[concept.word] = sorted(indices)
        return found

    @cached_property
    def _table(self) -> "_Table":
        return _Table(self.concepts, self.classes, self.shows()[:-1])

    def of(self, line: dict) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities and weights [concepts + 1] of a picture's labels."""
        table, count = self._table, len(self.concepts)
        values, weights = np.zeros((2, count + 1), np.float32)
        values[-1], weights[-1] = _outdoors(line, self.classes["coco"])
        if "shows" in line:  # No photograph: nothing is to be found in it.
            weights[:-1] = 0.3
        else:
            values[:-1], weights[:-1] = self._seen(line)
            for rows, value, weight in self._folders(line):
                values[rows], weights[rows] = value, weight
        made = np.flatnonzero(table.made)
        values[made], weights[made] = [self.concepts[n].word == line.get("shows") for n in made], 1.0
        return values, weights

    def _seen(self, line: dict) -> tuple[np.ndarray, np.ndarray]:
        """What machines found, and people's nouns where they are known."""
        table = self._table
        seen = np.maximum(table.boxed(line), np.maximum(table.classed(line), table.covered(line)))
        if "nouns" in line:
            named = table.named(line["nouns"])
            weights = np.where(named, 1.0, np.where(seen < 0.5, 0.7, 0.4))
            return np.where(named, 1.0, _UNNAMED * seen), weights
        known = table.animals | table.by_class
        if "boxes" in line:
            known = known | table.by_box
        if "stuff" in line:
            known = known | table.by_stuff
        clear = (seen >= 0.5) | (seen < 0.1)
        return seen, np.where(known | (seen >= 0.5), np.where(clear, 0.6, 0.3), 0.0)

    def _folders(self, line: dict) -> list[tuple[np.ndarray, float, float]]:
        """What a folder's name says: rows, and their probability and weight."""
        table = self._table
        if "wnid" in line:
            shown = table.shows[:, self.classes["imagenet_wnids"].index(line["wnid"])] > 0
            return [(np.flatnonzero(table.animals & ~shown), 0.0, 1.0), (np.flatnonzero(shown), 1.0, 1.0)]
        folder = line.get("folder", "").lower()
        mine = np.array([folder in concept.folders for concept in self.concepts])
        if line["source"] == "clothing":
            return [(np.flatnonzero(~mine), 0.0, 1.0), (np.flatnonzero(mine), 1.0, 1.0)]
        if not folder:
            return []
        # A scene's folder speaks for its own kind of place alone: a street may have trees.
        indoors = folder in _WHERE["indoor folders"]
        other, alike = (np.flatnonzero(table.places & (table.indoors == side)) for side in (not indoors, indoors))
        return [(other, 0.0, 1.0), (alike, 0.0, 0.5), (np.flatnonzero(mine), 1.0, 1.0)]


class _Table:
    """The concepts' lists by what is looked up in them."""

    def __init__(self, concepts: list[Concept], classes: dict, shows: np.ndarray):
        self.shows = shows
        flags = lambda of: np.array([bool(of(concept)) for concept in concepts])  # noqa: E731
        self.made = flags(lambda c: c.kind == MADE)
        self.animals = flags(lambda c: c.kind == "animal")
        self.by_class = flags(lambda c: c.kind in ("thing", "general")) & (shows.sum(1) > 0)
        self.by_box, self.by_stuff = flags(lambda c: c.boxes), flags(lambda c: c.stuff)
        self.places = flags(lambda c: c.kind == "place" and c.folders)
        self.indoors = flags(lambda c: c.folders <= _WHERE["indoor folders"])
        self._sure = np.where(flags(lambda c: c.word in _DOUBTED), _DOUBTED_SURE, _SURE)
        self._boxes = {n: flags(lambda c, w=w: w in c.boxes) for n, w in enumerate(classes["coco"])}
        self._stuff = {n: flags(lambda c, w=w: w in c.stuff) for n, w in enumerate(classes["ade20k"])}
        nouns = {noun for concept in concepts for noun in concept.nouns}
        self._nouns = {noun: flags(lambda c, w=noun: w in c.nouns) for noun in nouns}

    def named(self, nouns: list[str]) -> np.ndarray:
        found = [self._nouns[noun] for noun in nouns if noun in self._nouns]
        return np.any(found, 0) if found else np.zeros(len(self.made), bool)

    def boxed(self, line: dict) -> np.ndarray:
        best = np.zeros(len(self.made))
        for box in line.get("boxes", []):
            np.maximum(best, np.where(self._boxes[box[0]], box[1], 0), out=best)
        return np.where(best >= self._sure, np.minimum(1.0, 0.5 + (best - self._sure) * 1.5), 0.6 * best)

    def classed(self, line: dict) -> np.ndarray:
        told = line.get("classes", [])
        return self.shows[:, [index for index, _ in told]] @ np.array([p for _, p in told]) if told else 0.0

    def covered(self, line: dict) -> np.ndarray:
        part = sum((np.where(self._stuff[index], share, 0) for index, share in line.get("stuff", [])), 0.0)
        return np.minimum(1.0, part / 0.12)


def _outdoors(line: dict, names: list[str]) -> tuple[float, float]:
    """Probability and weight by folder, else nouns, else boxes."""
    folder = line.get("folder", "").lower()
    if folder in _WHERE["outdoor folders"] or folder in _WHERE["indoor folders"]:
        return float(folder in _WHERE["outdoor folders"]), 1.0
    nouns = set(line.get("nouns", []))
    out, inside = len(nouns & _WHERE["outdoor nouns"]), len(nouns & _WHERE["indoor nouns"])
    if out != inside:
        return float(out > inside), 1.0
    boxed = {names[box[0]] for box in line.get("boxes", []) if box[1] >= _SURE}
    out, inside = len(boxed & _WHERE["outdoor boxes"]), len(boxed & _WHERE["indoor boxes"])
    if out != inside:
        return float(out > inside), 0.7
    return (0.0, 0.4) if boxed & _WHERE["meal boxes"] and not out else (0.5, 0.0)
