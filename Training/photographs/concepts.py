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

    def of(self, line: dict) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities and weights [concepts + 1] of a picture's labels."""
        values, weights = np.zeros((2, len(self.concepts) + 1), np.float32)
        likely = np.zeros(len(self.classes["imagenet"]), np.float32)
        for index, probability in line.get("classes", []):
            likely[index] = probability
        for place, concept in enumerate(self.concepts):
            values[place], weights[place] = self._one(concept, line, likely)
        values[-1], weights[-1] = _outdoors(line, self.classes["coco"])
        return values, weights

    def _one(self, concept: Concept, line: dict, likely: np.ndarray) -> tuple[float, float]:
        if concept.kind == MADE:
            return float(line.get("shows") == concept.word), 1.0
        if "shows" in line:  # No photograph: nothing is to be found in it.
            return 0.0, 0.3
        folder = self._folder(concept, line)
        if folder is not None:
            return folder
        seen = max(self._boxed(concept, line), self._classed(concept, likely), self._covered(concept, line))
        if "nouns" in line:
            return (1.0, 1.0) if concept.nouns & set(line["nouns"]) else (_UNNAMED * seen, 0.7 if seen < 0.5 else 0.4)
        known = bool(concept.boxes) and "boxes" in line
        known |= bool(concept.stuff) and "stuff" in line
        known |= concept.kind == "animal"
        known |= bool(self._indices[concept.word]) and concept.kind in ("thing", "general")
        return (seen, 0.6 if seen >= 0.5 or seen < 0.1 else 0.3) if known or seen >= 0.5 else (seen, 0.0)

    def _folder(self, concept: Concept, line: dict) -> tuple[float, float] | None:
        """What a folder's name says where it says something of this concept."""
        if "wnid" in line:
            index = self.classes["imagenet_wnids"].index(line["wnid"])
            if index in self._indices[concept.word]:
                return 1.0, 1.0
            return (0.0, 1.0) if concept.kind == "animal" else None
        folder = line.get("folder", "").lower()
        if folder in concept.folders:
            return 1.0, 1.0
        if line["source"] == "clothing":
            return 0.0, 1.0
        # A scene's folder speaks for its own kind of place alone: a street may have trees.
        if folder and concept.kind == "place" and concept.folders:
            indoors = folder in _WHERE["indoor folders"]
            return 0.0, 1.0 if (concept.folders <= _WHERE["indoor folders"]) != indoors else 0.5
        return None

    def _boxed(self, concept: Concept, line: dict) -> float:
        names = self.classes["coco"]
        sure = _DOUBTED_SURE if concept.word in _DOUBTED else _SURE
        best = max((box[1] for box in line.get("boxes", []) if names[box[0]] in concept.boxes), default=0.0)
        return min(1.0, 0.5 + (best - sure) * 1.5) if best >= sure else 0.6 * best if best else 0.0

    def _classed(self, concept: Concept, likely: np.ndarray) -> float:
        indices = self._indices[concept.word]
        return float(likely[indices].sum()) if indices else 0.0

    def _covered(self, concept: Concept, line: dict) -> float:
        names = self.classes["ade20k"]
        part = sum(share for index, share in line.get("stuff", []) if names[index] in concept.stuff)
        return min(1.0, part / 0.12)


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
