"""Named colours: which name a colour goes by, and which names a picture or sprite mostly shows."""

import numpy as np

# Anchors in sRGB; a colour takes the name of the nearest anchor in CIELAB. Several anchors share a name where the
# everyday word covers a wide range (a dark and a pale green are both "green").
_ANCHORS = [
    ("black", (12, 12, 12)),
    ("black", (34, 34, 38)),
    ("white", (255, 255, 255)),
    ("white", (232, 232, 230)),
    ("grey", (128, 128, 128)),
    ("grey", (82, 84, 88)),
    ("grey", (176, 178, 182)),
    ("red", (220, 30, 35)),
    ("red", (150, 15, 20)),
    ("red", (235, 85, 75)),
    ("orange", (245, 140, 25)),
    ("orange", (235, 110, 30)),
    ("orange", (250, 175, 85)),
    ("yellow", (252, 220, 40)),
    ("yellow", (250, 235, 130)),
    ("yellow", (215, 180, 30)),
    ("green", (50, 160, 60)),
    ("green", (20, 85, 35)),
    ("green", (130, 205, 110)),
    ("green", (120, 135, 50)),
    ("green", (165, 195, 60)),
    ("blue", (40, 90, 220)),
    ("blue", (20, 35, 110)),
    ("blue", (110, 180, 240)),
    ("blue", (40, 150, 200)),
    ("blue", (60, 90, 130)),
    ("purple", (130, 50, 180)),
    ("purple", (75, 30, 100)),
    ("purple", (175, 125, 220)),
    ("pink", (245, 130, 180)),
    ("pink", (230, 60, 140)),
    ("pink", (250, 195, 210)),
    ("brown", (120, 72, 35)),
    ("brown", (70, 42, 25)),
    ("brown", (165, 115, 75)),
    ("brown", (205, 170, 125)),
]
COLOURS = tuple(dict.fromkeys(name for name, _ in _ANCHORS))


def _lab(rgb: np.ndarray) -> np.ndarray:
    """sRGB in 0…255 to CIELAB (D65), over the last axis."""
    linear = rgb / 255.0
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def _name_table() -> np.ndarray:
    """For every colour of 5 bits a channel [32768], the index of its name in `COLOURS`."""
    steps = np.arange(32) * 8 + 4.0
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    anchors = _lab(np.array([rgb for _, rgb in _ANCHORS], dtype=float))
    nearest = np.argmin(((_lab(cube)[:, None] - anchors[None]) ** 2).sum(-1), axis=1)
    names = np.array([COLOURS.index(name) for name, _ in _ANCHORS])
    return names[nearest].astype(np.uint8)


_TABLE = _name_table()


def _names(pixels: np.ndarray) -> np.ndarray:
    """The index in `COLOURS` of every pixel's name, from [..., 3]."""
    five = pixels.astype(np.int32) >> 3
    return _TABLE[(five[..., 0] << 10) | (five[..., 1] << 5) | five[..., 2]]


def patch_colours(pixels: np.ndarray, patch: int) -> np.ndarray:
    """How much of each square patch of [edge, edge, 3] each of `COLOURS` takes [patches, colours], from every fourth
    pixel."""
    names = _names(pixels[::2, ::2])
    step = np.arange(len(names)) * 2 // patch
    count = (len(pixels) // patch) ** 2
    cells = step[:, None] * (len(pixels) // patch) + step[None]
    shares = np.bincount((cells * len(COLOURS) + names).ravel(), minlength=count * len(COLOURS))
    return shares.reshape(count, len(COLOURS)).astype(np.float32) * (4 / patch**2)


def colour_shares(pixels: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """How much of `pixels` [height, width, 3] (where `mask` is set) each of `COLOURS` takes; sums to 1."""
    names = _names(pixels)
    counts = np.bincount(names[mask] if mask is not None else names.ravel(), minlength=len(COLOURS))
    return counts / max(1, counts.sum())


def main_colours(pixels: np.ndarray, second_from: float = 0.22) -> list[str]:
    """The one or two colours that a picture mostly shows; the second only where it covers `second_from` or more."""
    shares = colour_shares(pixels[::2, ::2])
    first, second = np.argsort(-shares, kind="stable")[:2]
    return [COLOURS[first]] + ([COLOURS[second]] if shares[second] >= second_from else [])
