"""The folder of photographs: tars that are read in place, a line of labels for each picture.

Pictures with known truth (`dev-truth.jsonl.gz`) are for judging; `Archive.training` is without them.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from PIL import Image


def half(name: str) -> int:
    """0 for the half of the pictures with known truth by which thresholds are set, 1 for that which is judged."""
    return hashlib.sha256(name.encode()).digest()[0] & 1


def json_lines(path: Path) -> list[dict]:
    """The objects of a file of JSON lines, gzipped or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


@dataclass
class Archive:
    """The folder that holds the pictures, and an index of its tars that is made once."""

    folder: Path
    _open: dict[int, int] = field(default_factory=dict, repr=False)

    @cached_property
    def labels(self) -> list[dict]:
        """Every picture's labels, in the file's order."""
        return json_lines(self.folder / "labels.jsonl.gz")

    @cached_property
    def truth(self) -> dict[str, dict]:
        """What is known of the pictures that models are judged by, by name."""
        return {line["name"]: line for line in json_lines(self.folder / "dev-truth.jsonl.gz")}

    @cached_property
    def classes(self) -> dict:
        """Names of the teachers' classes: `imagenet`, `imagenet_wnids`, `coco`, `ade20k`."""
        return json.loads((self.folder / "classes.json").read_text())

    @property
    def training(self) -> list[dict]:
        """The labels of the pictures that may be trained with."""
        return [line for line in self.labels if line["name"] not in self.truth]

    @cached_property
    def _places(self) -> dict[str, tuple[int, int, int]]:
        places = {}
        for shard in sorted({line["shard"] for line in self.labels}):
            with tarfile.open(self._tar(shard)) as tar:
                for member in tar:
                    places[os.path.basename(member.name)] = (shard, member.offset_data, member.size)
        return places

    def _tar(self, shard: int) -> Path:
        return self.folder / f"train-{shard:02}.tar"

    def read(self, name: str) -> bytes:
        """The picture's JPEG, from its place in its tar."""
        shard, offset, size = self._places[name]
        if shard not in self._open:
            self._open[shard] = os.open(self._tar(shard), os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(self._open[shard], size, offset)

    def picture(self, name: str) -> Image.Image:
        """The decoded picture, RGB."""
        return Image.open(io.BytesIO(self.read(name))).convert("RGB")
