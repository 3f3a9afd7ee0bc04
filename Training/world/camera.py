"""What a camera does to a picture: shape, exposure, tint, blur, noise, compression, a border."""

import io
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from .canvas import noise_tile

# Width to height, and how often. Never so wide that the objects of a row shrink below a patch or two.
_SHAPES = ((1.0, 45), (4 / 3, 22), (5 / 4, 10), (3 / 2, 8), (3 / 4, 8), (4 / 5, 7))


@dataclass(frozen=True)
class Camera:
    """One camera's settings; the same for every frame of a clip."""

    aspect: float
    gains: tuple[float, float, float]
    contrast: float
    blur: float  # Radius in thousandths of the longer edge.
    noise: float  # Standard deviation, 0…255.
    quality: int  # Of JPEG; 0 for no compression.
    border: float  # Share of the longer edge.
    frame: tuple[int, int, int]

    def size(self, long_edge: int) -> tuple[int, int]:
        """Width and height for a longer edge."""
        if self.aspect >= 1:
            return long_edge, round(long_edge / self.aspect)
        return round(long_edge * self.aspect), long_edge


def draw_camera(rng: Random, effects: bool = True) -> Camera:
    """A camera's settings drawn at random; without `effects` only the shape is."""
    aspect = rng.choices([shape for shape, _ in _SHAPES], [weight for _, weight in _SHAPES])[0]
    if not effects:
        return Camera(aspect, (1, 1, 1), 1, 0, 0, 0, 0, (0, 0, 0))
    exposure = rng.uniform(0.78, 1.2) if rng.random() < 0.6 else 1.0
    cast = [rng.uniform(0.93, 1.07) for _ in range(3)] if rng.random() < 0.5 else [1.0] * 3
    return Camera(
        aspect,
        tuple(exposure * c for c in cast),
        rng.uniform(0.8, 1.15) if rng.random() < 0.4 else 1.0,
        rng.uniform(1, 8) if rng.random() < 0.3 else 0.0,
        rng.uniform(2, 12) if rng.random() < 0.4 else 0.0,
        rng.randint(35, 92) if rng.random() < 0.35 else 0,
        rng.uniform(0.02, 0.05) if rng.random() < 0.07 else 0.0,
        rng.choice(((250, 250, 250), (15, 15, 15), (200, 180, 140))),
    )


def expose(image: Image.Image, camera: Camera, rng: Random) -> Image.Image:
    """The picture as the camera takes it."""
    if camera.blur:
        image = image.filter(ImageFilter.GaussianBlur(camera.blur / 1000 * max(image.size)))
    pixels = np.asarray(image, np.float32)
    gains = np.asarray(camera.gains, np.float32) * camera.contrast
    if camera.noise or gains.min() != 1 or gains.max() != 1:
        pixels = pixels * gains + 128 * (1 - camera.contrast)
        if camera.noise:
            height, width = pixels.shape[:2]
            y, x = rng.randrange(512), rng.randrange(512)
            rows = np.take(noise_tile(), range(y, y + height), 0, mode="wrap")
            pixels += camera.noise * np.take(rows, range(x, x + width), 1, mode="wrap")[..., None]
        image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    if camera.border:
        image = _framed(image, round(camera.border * max(image.size)), camera.frame)
    return _compressed(image, camera.quality) if camera.quality else image


def _framed(image: Image.Image, edge: int, colour: tuple[int, int, int]) -> Image.Image:
    framed = Image.new("RGB", image.size, colour)
    framed.paste(image.crop((edge, edge, image.width - edge, image.height - edge)), (edge, edge))
    return framed


def _compressed(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")
