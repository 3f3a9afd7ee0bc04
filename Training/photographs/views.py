"""Views of a photograph: as the model will see it, and cut, flipped and stretched as training wants it."""

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image

# EfficientNet-Lite's normalisation; also written to preprocessor_config.json.
MEAN, DEVIATION = 127 / 255, 128 / 255
MEANS, DEVIATIONS = (MEAN,) * 3, (DEVIATION,) * 3
GREY = (127, 127, 127)  # What a picture is padded with: the mean.


@dataclass(frozen=True)
class View:
    """Which part of a picture [left, top, right, bottom, as fractions], how much wider it is made, and mirrored?"""

    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    stretch: float = 1.0
    mirrored: bool = False

    @property
    def is_whole(self) -> bool:
        return self.box == (0.0, 0.0, 1.0, 1.0)


WHOLE = View()


def drawn(name: str, number: int) -> View:
    """View `number` of a picture: 0 is the picture itself, 1 that mirrored, further ones are cut and stretched. The
    same one whenever it is asked for."""
    if number < 2:
        return View(mirrored=number == 1)
    rng = random.Random(f"view {name}/{number}")
    edges = [rng.uniform(0.72, 1.0) for _ in range(2)]
    left, top = (rng.uniform(0, 1 - edge) for edge in edges)
    # Most sources squeezed their pictures to squares; 4:3 either way undoes or repeats it.
    return View((left, top, left + edges[0], top + edges[1]), rng.choice((1.0, 0.75, 4 / 3)), rng.random() < 0.5)


def seen(picture: Image.Image, view: View, edge: int) -> np.ndarray:
    """The view's pixels, uint8 [edge, edge, 3], put on a square of grey and resized with Pillow's bicubic filter."""
    width, height = picture.size
    left, top, right, bottom = view.box
    box = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    part = picture if view.is_whole else picture.crop(box)
    if view.mirrored:
        part = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if view.stretch != 1:
        part = part.resize((max(1, round(part.width * view.stretch)), part.height), Image.Resampling.BICUBIC)
    return np.asarray(padded(part).resize((edge, edge), Image.Resampling.BICUBIC))


def padded(picture: Image.Image) -> Image.Image:
    """The picture in the middle of a square, as the engine puts it there."""
    if picture.width == picture.height:
        return picture
    edge = max(picture.size)
    square = Image.new("RGB", (edge, edge), GREY)
    square.paste(picture, ((edge - picture.width) // 2, (edge - picture.height) // 2))
    return square


def normalised(pixels: np.ndarray) -> np.ndarray:
    """uint8 [..., edge, edge, 3] to what the tower takes: float32 [..., 3, edge, edge]."""
    values = (pixels.astype(np.float32) / 255 - MEAN) / DEVIATION
    return np.moveaxis(values, -1, -3)
