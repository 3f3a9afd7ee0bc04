"""Clips: a few seconds in which something moves, appears, leaves, or the scene changes; one frame a second."""

from dataclasses import dataclass, replace
from random import Random

import numpy as np
from PIL import Image

from . import captions
from .backdrops import BACKDROPS
from .camera import Camera, draw_camera
from .light import LIGHTS
from .objects import KINDS, Kind
from .questions import CAPTION_PROMPTS, TAG_PROMPTS, Exchange
from .render import EDGE, patch_labels, render
from .scene import Group, Placed, Scene

SHORTEST, LONGEST = 4, 10  # Seconds.
# Every motion in words, and where (x, y, size) it begins and ends.
_PATHS = {
    "moves from left to right": ((0.12, 0.56, 0.38), (0.88, 0.56, 0.38)),
    "moves from right to left": ((0.88, 0.56, 0.38), (0.12, 0.56, 0.38)),
    "moves upwards": ((0.5, 0.88, 0.38), (0.5, 0.14, 0.38)),
    "moves downwards": ((0.5, 0.14, 0.38), (0.5, 0.88, 0.38)),
    "comes closer": ((0.5, 0.55, 0.18), (0.5, 0.55, 0.85)),
    "moves away": ((0.5, 0.55, 0.85), (0.5, 0.55, 0.18)),
    "appears": ((0.5, 0.55, 0.45), (0.5, 0.55, 0.45)),
    "disappears": ((0.5, 0.55, 0.45), (0.5, 0.55, 0.45)),
    "stays where it is": ((0.5, 0.55, 0.45), (0.5, 0.55, 0.45)),
}
MOTIONS = tuple(_PATHS)
_WAYS = {motion: motion.split(" ", 1)[1] for motion in MOTIONS[:2]} | {
    "moves upwards": "upwards",
    "moves downwards": "downwards",
}


@dataclass(frozen=True)
class Clip:
    """A clip's content. Where the scene changes there is no object, and `later` is what it changes to."""

    scene: Scene
    later: Scene | None
    kind: Kind | None
    motion: str
    seconds: int


def _setting(rng: Random) -> Scene:
    backdrop = rng.choice([b for b in BACKDROPS.values() if b.holds_objects and b.name != "plain"])
    return Scene(backdrop, LIGHTS[rng.choice(backdrop.lights)], "none")


def draw_clip(rng: Random, seconds: int | None = None) -> Clip:
    """A clip drawn at random, of a given or a random length."""
    seconds = seconds or rng.randint(SHORTEST, LONGEST)
    scene = _setting(rng)
    if rng.random() < 0.12:
        later = _setting(rng)
        while later.backdrop is scene.backdrop:
            later = _setting(rng)
        return Clip(scene, later, None, "changes", seconds)
    kind = rng.choice([kind for kind in rng.sample(KINDS, 8) if not kind.is_pair])
    return Clip(replace(scene, arrangement="alone", groups=(Group(kind, 1),)), None, kind, rng.choice(MOTIONS), seconds)


def _actor(clip: Clip, base: Placed, second: float, turn: int) -> tuple[Placed, ...]:
    """The moving object at a time; nothing before it appears or once it is gone. `turn` is when that happens."""
    if (clip.motion == "appears" and second < turn) or (clip.motion == "disappears" and second >= turn):
        return ()
    share = min(1.0, second / (clip.seconds - 1))
    start, end = _PATHS[clip.motion]
    x, y, size = (a + (b - a) * share for a, b in zip(start, end))
    return (replace(base, x=x + base.x, y=y + base.y, size=size * base.size),)


Frames = tuple[list[Image.Image], list[np.ndarray], list[tuple[Placed, ...]]]


def render_clip(clip: Clip, camera: Camera, rng: Random, long_edge: int, rate: int = 1) -> Frames:
    """The frames, `rate` a second, whose pixel each of theirs is, and the objects in each."""
    base = None
    if clip.kind:
        still = clip.motion in MOTIONS[6:]
        reach = 0.22 if still else 0.06
        base = Placed(
            clip.kind,
            rng.uniform(-reach, reach),
            rng.uniform(-0.1, 0.1),
            rng.uniform(0.85, 1.2),
            rng.gauss(0, 9),
            rng.random() < 0.3,
        )
    turn, backdrop_seed = rng.randint(1, clip.seconds - 1), rng.getrandbits(32)
    images, owners, casts = [], [], []
    for number in range(clip.seconds * rate):
        second = number / rate
        placed = _actor(clip, base, second, turn) if base else ()
        scene = clip.later if clip.later and second >= turn else clip.scene
        # The same random numbers for every frame: only what moves differs.
        image, marks = render(
            replace(scene, arrangement="alone", placed=placed, facts={}), camera, Random(backdrop_seed), long_edge
        )
        images.append(image)
        owners.append(marks)
        casts.append(placed)
    return images, owners, casts


def clip_frames(seed: int, index: int, seconds: int | None = None) -> tuple[np.ndarray, np.ndarray, Clip]:
    """Clip number `index` of the series `seed`: frames [seconds, 112, 112, 3] squashed to the square, what their
    patches show [seconds, 64] as in `Picture.patches`, and the content."""
    rng = Random(f"clip {seed}/{index}")
    clip, camera = draw_clip(rng, seconds), draw_camera(rng)
    images, owners, casts = render_clip(clip, camera, rng, EDGE)
    frames = np.stack([np.asarray(image.resize((EDGE, EDGE), Image.Resampling.BICUBIC)) for image in images])
    squares = [np.asarray(Image.fromarray(marks).resize((EDGE, EDGE), Image.Resampling.NEAREST)) for marks in owners]
    return frames, np.stack([patch_labels(marks, cast) for marks, cast in zip(squares, casts)]), clip


def _caption_text(clip: Clip) -> str:
    if clip.later:
        return captions.sentence(
            f"the scene changes from {captions.setting(clip.scene)} to {captions.setting(clip.later)}"
        )
    return captions.sentence(f"{clip.kind.article} {clip.motion} {captions.where(clip.scene)}")


def caption(clip: Clip, rng: Random | None = None) -> Exchange:
    return Exchange("clip", rng.choice(CAPTION_PROMPTS) if rng else CAPTION_PROMPTS[0], _caption_text(clip))


def tags(clip: Clip, rng: Random | None = None) -> Exchange:
    words = captions.tags(clip.scene) + (captions.tags(clip.later) if clip.later else [])
    return Exchange("clip tags", rng.choice(TAG_PROMPTS) if rng else TAG_PROMPTS[0], ", ".join(dict.fromkeys(words)))


def question(clip: Clip, rng: Random) -> Exchange:
    """A question about a clip."""
    choice = rng.randrange(5)
    if choice == 0:
        return Exchange("clip question", "What happens in the clip?", _caption_text(clip))
    if choice == 1 and clip.motion in _WAYS:
        return Exchange(
            "clip question", f"Which way does the {clip.kind.name} move?", captions.sentence(_WAYS[clip.motion])
        )
    if choice == 2:
        return Exchange("clip question", "Does the scene change?", "Yes." if clip.later else "No.")
    if choice == 3 and not clip.later:
        return Exchange("clip question", "Where does this happen?", captions.sentence(captions.where(clip.scene)))
    moves = clip.motion in MOTIONS[:6]
    return Exchange(
        "clip question", "What moves in the clip?", captions.sentence(clip.kind.article if moves else "nothing")
    )
