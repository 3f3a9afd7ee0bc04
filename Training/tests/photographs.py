"""A small folder of made-up photographs with labels, for tests."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = json.loads(Path(__file__).with_name("classes.json").read_text())


def write_archive(folder: Path, lines: list[dict], truth: list[dict]) -> None:
    """Writes tars, labels and truth; pictures are noise of the labels' sizes."""
    rng = np.random.default_rng(5)
    shards: dict[int, list[dict]] = {}
    for number, line in enumerate(lines):
        line |= {"shard": number % 2, "width": 40, "height": 30 + number}
        shards.setdefault(line["shard"], []).append(line)
    for shard, members in shards.items():
        with tarfile.open(folder / f"train-{shard:02}.tar", "w") as tar:
            for line in members:
                pixels = rng.integers(0, 256, (line["height"], line["width"], 3), np.uint8)
                data = io.BytesIO()
                Image.fromarray(pixels).save(data, "JPEG")
                info = tarfile.TarInfo(f"pictures/{line['name']}")
                info.size = len(data.getvalue())
                tar.addfile(info, io.BytesIO(data.getvalue()))
    for name, rows in (("labels", lines), ("dev-truth", truth)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    (folder / "classes.json").write_text(json.dumps(CLASSES))
