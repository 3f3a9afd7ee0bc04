"""What the tower's upper part makes of cached planes: `python -m Training.photographs.raised`.

Two are kept: what the published one makes (`published`, of which classifiers judge what the language model is to say),
and what the tuned one does (`tuned`), where there is one. Goes on where a kill left it.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch

from ..model.efficientnet import EfficientNetConfiguration
from .archive import Archive
from .drawings import drawings_folder, names_of_drawings, planes_of_drawings
from .features import Cache, compute, names_of, planes_of, rows_of
from .tower import load
from .upper import Upper, pooled

PUBLISHED, TUNED = "published", "tuned"


@dataclass
class Raised:
    """Caches, in the order of `names`, of what the trunk leaves [pictures, grid², channels] and of the last
    convolution's mean and largest values [pictures, 1, 2 × channels]."""

    folder: Path
    names: list[str]
    config: EfficientNetConfiguration
    part: str = ""  # A folder below, of other pictures than photographs.

    @property
    def trunk(self) -> Cache:
        places, channels = self.config.patches, self.config.out_channels[-1]
        return Cache(self.folder / "trunk" / self.part, self.names, places, channels)

    @property
    def pooled(self) -> Cache:
        return Cache(self.folder / "pooled" / self.part, self.names, 1, 2 * self.config.hidden_dim)

    def values(self, view: int) -> torch.Tensor:
        """The pooled values of a view's pictures that are there, in half precision [pictures, 2 × channels]."""
        cache = self.pooled
        return torch.from_numpy(cache.opened(view)[: cache.count(view), 0].copy())

    def fill(self, planes: Cache, view: int, upper: Upper) -> None:
        """Computes what is missing of a view."""
        compute(self.trunk, view, rows_of(planes, view, upper.trunk), planes.count(view))
        pool = rows_of(self.trunk, view, lambda trunk: pooled(upper.finish(trunk))[:, None])
        compute(self.pooled, view, pool, planes.count(view))


def photographs(folder: Path, which: str, archive: Archive, config: EfficientNetConfiguration) -> Raised:
    """What there is of the photographs in a run's folder."""
    return Raised(folder / which, names_of(archive), config)


def drawings(folder: Path, which: str, count: int, config: EfficientNetConfiguration) -> Raised:
    """What there is of the drawings in a run's folder."""
    return Raised(folder / which, names_of_drawings(count), config, drawings_folder(count))


def main() -> None:
    """Computes what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=(PUBLISHED, TUNED))
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--planes", type=Path, default=Path(".training/photographs/planes"))
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"))
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--drawings", type=int, default=512, help="as in Training.photographs.features")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive, config, tuned = Archive(arguments.photographs), EfficientNetConfiguration(), arguments.which == TUNED
    upper = load(arguments.folder / "upper.pt" if tuned else None, config)
    planes = planes_of(archive, arguments.planes, config)
    of_photographs = photographs(arguments.folder, arguments.which, archive, config)
    for view in range(arguments.views):
        of_photographs.fill(planes, view, upper)
    planes = planes_of_drawings(arguments.planes, arguments.drawings, config)
    drawings(arguments.folder, arguments.which, arguments.drawings, config).fill(planes, 0, upper)


if __name__ == "__main__":
    main()
