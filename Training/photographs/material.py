"""What the training of the model for photographs reads."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..model.efficientnet import EfficientNetConfiguration
from .archive import Archive
from .concepts import Evidence
from .drawings import concept_of
from .features import Cache
from .raised import drawings, photographs


@dataclass
class Pack:
    """All that training reads: the pictures' features and labels, and what the model is to say of each view."""

    archive: Archive
    evidence: Evidence
    cache: Cache
    views: int
    drawings: Cache

    @cached_property
    def drawn(self) -> list[str]:
        """What each drawing shows."""
        return [concept_of(number) for number in range(len(self.drawings.names))]

    @property
    def kinds(self) -> dict[str, str]:
        return {concept.word: concept.kind for concept in self.evidence.concepts}


def pack_of(archive: Archive, folder: Path, which: str, views: int, count: int) -> Pack:
    """The pack of a run's folder; `count` drawings. A view counts from when half of its pictures are there."""
    config = EfficientNetConfiguration()
    cache, drawn = photographs(folder, which, archive, config), drawings(folder, which, count, config)
    whole = [cache.pooled.count(view) >= len(cache.names) // 2 for view in range(views)]
    there = whole.index(False) if False in whole else views
    if not there or drawn.pooled.count(0) < count:
        raise SystemExit(f"features are missing below {folder}: run Training.photographs.raised {which} first")
    return Pack(archive, Evidence(archive.classes), cache.trunk, there, drawn.trunk)


def people_in(line: dict, material: Pack) -> int:
    """Boxes of people that are sure."""
    names = material.archive.classes["coco"]
    return sum(names[box[0]] == "person" and box[1] >= 0.5 for box in line.get("boxes", []))
