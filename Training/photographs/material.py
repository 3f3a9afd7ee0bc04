"""What the training of the model for photographs reads."""

from dataclasses import dataclass
from functools import cached_property

from .archive import Archive
from .concepts import Evidence
from .drawings import concept_of
from .features import Cache


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


def people_in(line: dict, material: Pack) -> int:
    """Boxes of people that are sure."""
    names = material.archive.classes["coco"]
    return sum(names[box[0]] == "person" and box[1] >= 0.5 for box in line.get("boxes", []))
