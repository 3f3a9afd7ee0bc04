"""Batches for training, rendered on the fly by worker processes from the numbers of their pictures."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from . import parallel
from .world.light import LIGHTS
from .world.palette import COLOURS, patch_colours
from .world.render import PATCH, Picture, picture

# CLIP's normalisation; also written to preprocessor_config.json.
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)
_LIGHT_INDEX = {name: index for index, name in enumerate(LIGHTS)}


@dataclass
class SightBatch:
    """Pictures, uint8 [batch, edge, edge, 3], and what the renderer knows of them, as `SightHeads` takes it; the
    main colours by their places in `COLOURS`, and the shares that each takes of each patch."""

    pixels: Tensor
    patches: Tensor
    scenes: Tensor
    lights: Tensor
    colours: Tensor
    shades: Tensor


def sight_batch(pictures: list[Picture]) -> SightBatch:
    return SightBatch(
        torch.from_numpy(np.stack([p.pixels for p in pictures])),
        torch.from_numpy(np.stack([p.patches for p in pictures]).astype(np.int64)),
        torch.tensor([p.scene.backdrop.index for p in pictures]),
        torch.tensor([_LIGHT_INDEX[p.scene.light.name] for p in pictures]),
        torch.tensor([COLOURS.index(p.scene.facts["colours"].split()[0]) for p in pictures]),
        torch.from_numpy(np.stack([patch_colours(p.pixels, PATCH) for p in pictures])),
    )


def normalised(pixels: Tensor, device: torch.device | str = "cpu") -> Tensor:
    """uint8 [batch, edge, edge, 3] to what the vision tower takes: float [batch, 3, edge, edge]."""
    values = pixels.to(device).permute(0, 3, 1, 2).float().div(255)
    mean, deviation = (torch.tensor(v, device=device).view(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    return (values - mean) / deviation


class Series(IterableDataset):
    """Batches of consecutive pictures of a series, from a picture number on, without end.

    Batch n of the series is the same whatever the number of workers: each makes every k-th batch. Where several
    processes train, `make` is given this one's share of the batch: a range with a step.
    """

    def __init__(self, make, start: int, batch: int):
        super().__init__()
        self.make, self.start, self.batch = make, start, batch

    def __iter__(self) -> Iterator:
        worker = get_worker_info()
        number, count = (worker.id, worker.num_workers) if worker else (0, 1)
        while True:
            first = self.start + number * self.batch
            yield self.make(parallel.share(range(first, first + self.batch)))
            number += count


class SightMaker:
    """Makes batches of a series for the first stage."""

    def __init__(self, seed: int):
        self.seed = seed

    def __call__(self, numbers: range) -> SightBatch:
        return sight_batch([picture(self.seed, number) for number in numbers])


def loader(make, start: int, batch: int, workers: int) -> DataLoader:
    """Batches in order, made ahead by `workers` processes."""
    return DataLoader(
        Series(make, start, batch),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        worker_init_fn=_quiet_worker,
        multiprocessing_context="fork" if workers else None,
    )


def _quiet_worker(_: int) -> None:
    torch.set_num_threads(1)
    os.nice(1)
