"""Small pictures with edges, gradients and a little grain."""

import numpy as np
from PIL import Image, ImageDraw


def render(size: tuple[int, int], seed: int) -> Image.Image:
    generator = np.random.default_rng(seed)
    width, height = size
    corners = generator.integers(0, 256, (2, 2, 3), dtype=np.uint8)
    picture = Image.fromarray(corners).resize(size, Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(picture)
    for _ in range(5):
        x, y = generator.integers(0, width), generator.integers(0, height)
        radius = generator.integers(2, max(3, min(size) // 3))
        colour = tuple(int(value) for value in generator.integers(0, 256, 3))
        shape = draw.ellipse if generator.random() < 0.5 else draw.rectangle
        shape([x - radius, y - radius, x + radius, y + radius], fill=colour)
    grain = generator.integers(-6, 7, (height, width, 1))
    values = np.clip(np.asarray(picture).astype(int) + grain, 0, 255)
    return Image.fromarray(values.astype(np.uint8))
