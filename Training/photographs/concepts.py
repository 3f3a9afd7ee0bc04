"""The concepts that the model may name, and what a picture's labels say of each.

Evidence is a probability with a weight: nouns of people and folders are believed, boxes and classes of machines as
far as they were found to be right, and where nothing could have shown a concept it is left open (weight 0).
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

_FILE = Path(__file__).with_name("concepts.txt")
OUTDOORS = "outdoors"

# Detected boxes are believed from this confidence on; those of horses, cows, sheep and bears are mostly dogs.
_SURE, _DOUBTED, _DOUBTED_SURE = 0.5, frozenset({"horse", "cow", "sheep", "bear"}), 0.85
_UNNAMED = 0.3  # What a sure box is worth where five people did not name the thing.

_OUT_FOLDERS = frozenset(
    [
        "street",
        "sea",
        "coast",
        "mountain",
        "glacier",
        "buildings",
        "forest",
        "tall building",
        "city",
        "open country",
        "highway",
        "suburb",
        "house front",
    ]
)
_IN_FOLDERS = frozenset({"kitchen", "living room", "bedroom", "bathroom", "office", "store"})
_OUT_NOUNS = frozenset(
    [
        "grass",
        "beach",
        "street",
        "snow",
        "field",
        "mountain",
        "park",
        "ocean",
        "lake",
        "river",
        "road",
        "sidewalk",
        "tree",
        "forest",
        "hill",
        "rock",
        "sand",
        "water",
        "sky",
        "sea",
        "wave",
        "trail",
        "dirt",
        "cliff",
        "lawn",
        "playground",
        "slope",
        "skier",
        "snowboarder",
        "surfer",
        "city",
        "parade",
        "track",
        "race",
        "wood",
        "yard",
        "pond",
        "garden",
        "mud",
        "puddle",
        "stream",
        "path",
        "bicycle",
        "bike",
        "motorcycle",
        "car",
        "boat",
        "pasture",
        "skateboarder",
        "sled",
        "climber",
        "soccer",
        "football",
        "baseball",
        "sunset",
        "creek",
        "desert",
        "rodeo",
        "stadium",
        "dune",
        "shore",
        "bridge",
        "kayak",
        "canoe",
        "raft",
        "skateboard",
        "truck",
        "bus",
        "giraffe",
        "zebra",
        "elephant",
        "frisbee",
        "surfboard",
        "ski",
        "pier",
        "dock",
        "campfire",
        "tent",
    ]
)
_IN_NOUNS = frozenset(
    [
        "room",
        "kitchen",
        "bathroom",
        "bedroom",
        "couch",
        "sofa",
        "carpet",
        "office",
        "bed",
        "restaurant",
        "bathtub",
        "refrigerator",
        "toilet",
        "stove",
        "oven",
        "microwave",
        "desk",
        "gym",
        "classroom",
        "bar",
        "floor",
        "rug",
        "crib",
        "mall",
        "concert",
        "stage",
        "hotel",
        "museum",
        "sink",
        "laptop",
        "tv",
        "television",
        "lobby",
        "ballroom",
        "cafe",
        "mattress",
        "subway",
        "supermarket",
        "pillow",
    ]
)
_OUT_STUFF = (
    "sky",
    "tree",
    "grass",
    "road",
    "sidewalk",
    "mountain",
    "field",
    "earth",
    "sea",
    "water",
    "house",
    "building",
)
_IN_STUFF = ("wall", "floor", "ceiling", "cabinet", "sofa", "bed", "curtain")


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
        values[-1], weights[-1] = _outdoors(line)
        return values, weights

    def _one(self, concept: Concept, line: dict, likely: np.ndarray) -> tuple[float, float]:
        folder = self._folder(concept, line)
        if folder is not None:
            return folder
        seen = max(self._boxed(concept, line), self._classed(concept, likely), self._covered(concept, line))
        if "nouns" in line:
            return (1.0, 1.0) if concept.nouns & set(line["nouns"]) else (_UNNAMED * seen, 0.7 if seen < 0.5 else 0.4)
        known = bool(concept.boxes) and "boxes" in line
        known |= bool(concept.stuff) and "stuff" in line
        known |= concept.kind == "animal"
        known |= bool(self._indices[concept.word]) and concept.kind == "thing"
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
            indoors = folder in _IN_FOLDERS
            return 0.0, 1.0 if (concept.folders <= _IN_FOLDERS) != indoors else 0.5
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


def _outdoors(line: dict) -> tuple[float, float]:
    folder = line.get("folder", "").lower()
    if folder in _OUT_FOLDERS or folder in _IN_FOLDERS:
        return float(folder in _OUT_FOLDERS), 1.0
    nouns = set(line.get("nouns", []))
    out, inside = len(nouns & _OUT_NOUNS), len(nouns & _IN_NOUNS)
    if out != inside:
        return float(out > inside), 1.0
    return 0.5, 0.0


def outdoors_by_stuff(line: dict, names: list[str]) -> tuple[float, float]:
    """What the shares of stuff say of being outdoors."""
    shares = {names[index]: share for index, share in line.get("stuff", [])}
    out, inside = (sum(shares.get(name, 0.0) for name in group) for group in (_OUT_STUFF, _IN_STUFF))
    if max(out, inside) < 0.5:
        return 0.5, 0.0
    return float(out > inside), 0.7
