"""Pictures to pixel values (MODEL.md, "Image to pixels")."""

import numpy as np
from PIL import Image


class Processor:
    def __init__(self, preprocessor: dict, pads: bool):
        self.side = preprocessor["crop_size"]["height"]
        self.mean = np.array(preprocessor["image_mean"])
        self.std = np.array(preprocessor["image_std"])
        self.pads = pads

    def still(self, picture: Image.Image) -> np.ndarray:
        """[1, 3, side, side]"""
        return self.pixels(self.squared(picture))[None]

    def high_resolution(self, picture: Image.Image, ratio: int) -> np.ndarray:
        """The blocks row by row, then the whole: [ratio² + 1, 3, side, side]"""
        width, height = picture.width // ratio, picture.height // ratio
        blocks = [
            picture.crop((x * width, y * height, (x + 1) * width, (y + 1) * height))
            for y in range(ratio)
            for x in range(ratio)
        ]
        return np.concatenate([self.still(block) for block in [*blocks, picture]])

    def squared(self, picture: Image.Image) -> Image.Image:
        if not self.pads or picture.width == picture.height:
            return picture
        side = max(picture.size)
        square = Image.new("RGB", (side, side), tuple(int(mean * 255) for mean in self.mean))
        square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
        return square

    def pixels(self, picture: Image.Image) -> np.ndarray:
        """Shortest edge to the side, centre crop, scale, normalise: [3, side, side]"""
        short, long = min(picture.size), max(picture.size)
        other = int(self.side * long / short)
        size = (self.side, other) if picture.width <= picture.height else (other, self.side)
        picture = picture.resize(size, Image.Resampling.BICUBIC)
        left, top = (picture.width - self.side) // 2, (picture.height - self.side) // 2
        cropped = picture.crop((left, top, left + self.side, top + self.side))
        values = (np.asarray(cropped) / 255 - self.mean) / self.std
        return values.transpose(2, 0, 1).astype(np.float32)
