"""Writes JPEG photos as large as a phone's, to time `vignette scan`: `python -m Benchmarks.make_photos FOLDER`.

Scenes of the training world, enlarged to 12 megapixels, with the grain of a sensor so that the files are as large, and
as costly to decode, as photos are (about 4 MB each; a thousand take 4 GB and some minutes).
"""

import argparse
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from Training.world.camera import draw_camera
from Training.world.render import render
from Training.world.scene import draw_scene

LANDSCAPE = (4000, 3000)
SEED = 1003  # Of a series of its own: neither training nor evaluation sees it.
_DRAWN_EDGE = 512
_GRAIN = 6.0  # Deviation, of 255.


def photo(number: int, grain: np.ndarray) -> Image.Image:
    """Photo number `number`, the same whenever it is asked for."""
    rng = Random(f"{SEED}/{number}")
    small, _ = render(draw_scene(rng), draw_camera(rng), rng, _DRAWN_EDGE, which="evaluation", detail=1)
    size = LANDSCAPE if rng.random() < 0.7 else LANDSCAPE[::-1]
    pixels = np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.int16)
    # One piece of grain, begun elsewhere in every photo: drawing it anew would take longer than all else.
    start = rng.randrange(len(grain) - pixels.size)
    noisy = pixels + grain[start : start + pixels.size].reshape(pixels.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def main() -> None:
    """Writes the photos that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(SEED)
    count = LANDSCAPE[0] * LANDSCAPE[1] * 3 + (1 << 20)
    grain = (generator.standard_normal(count, np.float32) * _GRAIN).astype(np.int16)
    for number in range(arguments.count):
        path = arguments.folder / f"photo-{number:04}.jpg"
        if path.exists():
            continue
        partial = path.with_suffix(".partial")
        photo(number, grain).save(partial, "JPEG", quality=92)
        partial.rename(path)
    size = sum(path.stat().st_size for path in arguments.folder.glob("*.jpg"))
    print(f"{arguments.folder}: {arguments.count} photos, {size / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
