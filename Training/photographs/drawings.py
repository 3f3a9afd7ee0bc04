"""Pictures that are no photographs, from the drawn world: drawings, documents, screenshots, charts, maps, patterns.

The model for photographs is to call them that and to look for nothing in them.
"""

from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from ..model.efficientnet import EfficientNetConfiguration
from ..world.camera import draw_camera
from ..world.render import render, stranger_list
from ..world.scene import draw_scene
from .features import Cache, Lower, fill
from .views import WHOLE, seen

_SEED = 3  # Series of training; evaluation's are from 1000 on.
_EVERY = 4  # One in so many is drawn until it is a page, a screenshot, a chart or a map, which are rare in the world.
_PAGES = ("document", "screenshot", "chart", "map")
_PATTERNS = ("plain", "gradient", "pattern", "texture", "unfamiliar")


def drawing(number: int, edge: int, seed: int = _SEED) -> tuple[Image.Image, str]:
    """Drawing `number` of a series and the concept that it shows."""
    rng = Random(f"drawing {seed}/{number}")
    scene = draw_scene(rng)
    while number % _EVERY == 0 and scene.backdrop.name not in _PAGES:
        scene = draw_scene(rng)
    image, _ = render(scene, draw_camera(rng), rng, edge, which=stranger_list(seed), detail=1)
    name = scene.backdrop.name
    return image, name if name in _PAGES else "pattern" if name in _PATTERNS else "drawing"


def name_of(number: int) -> str:
    return f"drawing-{number}"


def concept_of(number: int) -> str:
    """What drawing `number` of training shows."""
    return drawing(number, 32)[1]


def names_of_drawings(count: int) -> list[str]:
    """The names of so many drawings, in the order of caches."""
    return [name_of(number) for number in range(count)]


def drawings_folder(count: int) -> str:
    """The folder of so many drawings' cache, beside the photographs'."""
    return f"drawings-{count}"


def planes_of_drawings(folder: Path, count: int, config: EfficientNetConfiguration) -> Cache:
    """What the trunk's lower part leaves of so many drawings."""
    return Cache(folder / drawings_folder(count), names_of_drawings(count), *config.planes)


def fill_drawings(cache: Cache, lower: Lower, config: EfficientNetConfiguration) -> None:
    """Computes what is missing."""

    def pixels(name: str) -> np.ndarray:
        edge = config.image_size
        return seen(drawing(int(name.rsplit("-", 1)[1]), edge)[0], WHOLE, edge)

    fill(cache, lower, 0, pixels)
