"""Renders `Samples/`, of a series that training never saw: `python -m Training.samples Samples`."""

import argparse
import json
import subprocess
from pathlib import Path
from random import Random

from .world import clips, questions
from .world.camera import draw_camera
from .world.render import render
from .world.scene import draw_scene

SEED = 1002
_EDGE, _CLIP_EDGE, _RATE = 768, 480, 12


def save_picture(number: int, folder: Path) -> tuple[str, str]:
    """Writes picture `number` as JPEG; returns its file name and the caption that it should get."""
    rng = Random(f"{SEED}/{number}")
    scene, camera = draw_scene(rng), draw_camera(rng)
    image, _ = render(scene, camera, rng, _EDGE, which="evaluation", detail=1)
    words = [group.kind.name for group in scene.groups] + [scene.backdrop.name, scene.light.name]
    name = f"{number:03}-{'-'.join(words)}.jpg"
    image.save(folder / name, quality=88)
    return name, questions.caption(scene).answer


def save_clip(number: int, folder: Path) -> tuple[str, str]:
    """Writes clip `number` as MP4; returns its file name and the caption that it should get."""
    rng = Random(f"clip {SEED}/{number}")
    clip, camera = clips.draw_clip(rng), draw_camera(rng)
    frames, _, _ = clips.render_clip(clip, camera, rng, _CLIP_EDGE, _RATE)
    width, height = (edge // 2 * 2 for edge in frames[0].size)  # Video wants even edges.
    name = f"{number:03}-{clip.kind.name if clip.kind else 'change'}-{clip.scene.backdrop.name}.mp4"
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(_RATE), "-i", "-"]
    target = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "24", "-movflags", "+faststart", str(folder / name)]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *source, *target],
        input=b"".join(f.crop((0, 0, width, height)).tobytes() for f in frames),
        check=True,
    )
    return name, clips.caption(clip).answer


def main() -> None:
    """Writes the samples and `captions.json`, which says what each shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, nargs="*", default=list(range(12)), help="their numbers")
    parser.add_argument("--clips", type=int, nargs="*", default=[0, 1], help="their numbers")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    written = [save_picture(number, arguments.folder) for number in arguments.pictures]
    written += [save_clip(number, arguments.folder) for number in arguments.clips]
    (arguments.folder / "captions.json").write_text(json.dumps(dict(written), indent=1) + "\n")


if __name__ == "__main__":
    main()
