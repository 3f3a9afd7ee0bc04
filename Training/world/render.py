"""Draws a scene: the backdrop, the objects in their light, the weather, the camera."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

import numpy as np
from PIL import Image

from . import backdrops, sprites
from .camera import Camera, draw_camera, expose
from .canvas import Canvas
from .light import Light, brightness, paint_weather, tint
from .palette import main_colours
from .scene import Placed, Scene, draw_scene, draw_unknown

assert backdrops.BACKDROPS  # Every kind of scene is entered before the first is drawn.

EDGE = 112  # Of the square that the vision tower sees, in pixels.
PATCH = 14
MEAN_COLOUR = (122, 116, 104)  # int(CLIP's mean × 255): what `image_aspect_ratio` "pad" fills the square with.
IGNORED = -100  # A patch that an object covers too little of to be judged by.


@dataclass(frozen=True)
class Picture:
    """A rendered picture: `pixels` [112, 112, 3] as they enter the processor's normalisation, what each patch shows
    [64] (0: no object, n + 1: object kind n, or `IGNORED`), and the scene with its facts filled in."""

    pixels: np.ndarray
    patches: np.ndarray
    scene: Scene


def picture(seed: int, index: int, unknown: bool = False) -> Picture:
    """Picture number `index` of the series `seed`: the same pixels and texts whenever it is asked for. Nothing in it
    has a name if it is asked for as `unknown`."""
    rng = Random(f"{seed}/{index}")
    scene, camera = draw_unknown(rng) if unknown else draw_scene(rng), draw_camera(rng)
    image, owners = render(scene, camera, rng, EDGE, which=stranger_list(seed))
    pixels, owners = padded(image, owners)
    return Picture(pixels, patch_labels(owners, scene.placed if scene.arrangement != "stranger" else ()), scene)


def stranger_list(seed: int) -> str:
    """Which nameless emoji a series draws from: series from 1000 on are for evaluation and never trained on."""
    return "evaluation" if seed >= 1000 else "training"


def render(scene: Scene, camera: Camera, rng: Random, long_edge: int, which: str = "training", detail: int = 2):
    """The scene as a picture with a longer edge of `long_edge`, and which object each pixel shows [height, width]
    (0: none, n: the n-th placed). Drawn `detail` times as large and averaged, so that edges are soft."""
    width, height = camera.size(long_edge)
    canvas = Canvas(width * detail, height * detail)
    scene.facts.update(scene.backdrop.draw(canvas, rng, scene.light))
    if scene.backdrop.name == "unfamiliar" and rng.random() < 0.55:
        _strew(canvas.image, rng, which)
    owners = Image.new("L", canvas.image.size)
    strangers = which if scene.arrangement == "stranger" else None
    place_objects(canvas.image, owners, scene.placed, scene.light, rng, strangers)
    image = paint_weather(canvas.image, rng, scene.light)
    image = expose(image.reduce(detail) if detail > 1 else image, camera, rng)
    pixels = np.asarray(image)
    scene.facts["colours"] = " and ".join(main_colours(pixels))
    scene.facts["brightness"] = _brightness_word(brightness(pixels))
    owners = owners.resize((width, height), Image.Resampling.NEAREST) if detail > 1 else owners
    return image, np.asarray(owners)


def _brightness_word(luma: float) -> str:
    return "dark" if luma < 75 else "bright" if luma > 165 else "medium"


def _strew(image: Image.Image, rng: Random, which: str) -> None:
    """A few nameless things, whole or large and cut off, for pictures of the unfamiliar."""
    largest, turn = rng.choice(((0.7, 15), (1.6, 90)))
    for _ in range(rng.randint(1, 3)):
        size, angle = rng.uniform(0.25, largest) * image.width, rng.uniform(-turn, turn)
        stamp = _stamp(sprites.stranger(rng, which), size, angle, False)
        at = (
            rng.randint(-stamp.width // 2, image.width - stamp.width // 2),
            rng.randint(-stamp.height // 2, image.height - stamp.height // 2),
        )
        image.paste(stamp, at, stamp)


def _stamp(drawing: Image.Image, size: float, angle: float, mirrored: bool) -> Image.Image:
    """A sprite scaled to `size` pixels (its longer edge), mirrored and turned by `angle` degrees."""
    scale = size / max(drawing.size)
    edges = (max(2, round(drawing.width * scale)), max(2, round(drawing.height * scale)))
    drawing = drawing.resize(edges, Image.Resampling.BILINEAR)
    if mirrored:
        drawing = drawing.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return drawing.rotate(angle, Image.Resampling.BILINEAR, expand=True) if abs(angle) > 2 else drawing


def place_objects(
    image: Image.Image,
    owners: Image.Image,
    placed: Sequence[Placed],
    light: Light,
    rng: Random,
    strangers: str | None = None,
) -> None:
    """Pastes the objects in order, each over the ones before it, and notes in `owners` whose pixel each is. With
    `strangers`, a list of nameless emoji, something of that list stands in each object's place."""
    mean_edge = (image.width * image.height) ** 0.5
    for number, item in enumerate(placed, start=1):
        drawing = sprites.stranger(rng, strangers) if strangers else sprites.sprite(item.kind.emoji)
        stamp = tint(_stamp(drawing, item.size * mean_edge, item.angle, item.mirrored), light.objects)
        at = (round(item.x * image.width - stamp.width / 2), round(item.y * image.height - stamp.height / 2))
        alpha = stamp.getchannel("A")
        image.paste(stamp, at, alpha)
        owners.paste(number, (*at, at[0] + stamp.width, at[1] + stamp.height), alpha.point(_HALF_OPAQUE))


_HALF_OPAQUE = [255 if value > 127 else 0 for value in range(256)]


def padded(image: Image.Image, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Picture and owners in the middle of a square, as `image_aspect_ratio` "pad" does it."""
    width, height = image.size
    edge = max(width, height)
    left, top = (edge - width) // 2, (edge - height) // 2
    square = np.empty((edge, edge, 3), np.uint8)
    square[:] = MEAN_COLOUR
    square[top : top + height, left : left + width] = np.asarray(image)
    marks = np.zeros((edge, edge), np.uint8)
    marks[top : top + height, left : left + width] = owners
    return square, marks


@cache
def _patch_numbers() -> np.ndarray:
    """The number of the patch that each pixel lies in [112, 112]."""
    steps = np.arange(EDGE) // PATCH
    return steps[:, None] * (EDGE // PATCH) + steps[None]


def patch_labels(
    owners: np.ndarray, placed: Sequence[Placed], least: float = 0.3, ignored_from: float = 0.06
) -> np.ndarray:
    """What each patch shows, in `Picture.patches`' terms: the object that covers most of it, if it covers `least`."""
    cells, count = (EDGE // PATCH) ** 2, len(placed)
    if not count:
        return np.zeros(cells, np.int16)
    shares = np.bincount((_patch_numbers() * (count + 1) + owners).ravel(), minlength=cells * (count + 1))
    shares = shares.reshape(cells, count + 1)[:, 1:] / PATCH**2
    best = shares.argmax(1)
    kinds = np.array([item.kind.index + 1 for item in placed])[best]
    covered = shares.max(1)
    return np.where(covered >= least, kinds, np.where(covered > ignored_from, IGNORED, 0)).astype(np.int16)
