"""Renders `Samples/`, of a series that training never saw: `python -m Training.samples Samples`."""

import argparse
import json
import subprocess
from pathlib import Path
from random import Random

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from .world import clips, questions
from .world.camera import draw_camera
from .world.render import render
from .world.scene import draw_scene

SEED = 1002
_EDGE, _CLIP_EDGE, _RATE = 768, 480, 12
# One of each sort: how many, where, indoors and out, light and weather, and what has no name.
_PICTURES = [14, 7, 18, 19, 17, 33, 29, 30, 35, 40, 1, 28]
_CLIPS = [2, 4]


def _camera_data(number: int, lying: bool) -> Image.Exif:
    """What a camera would write; of a picture that lies on its side, also that, and where it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Vignette", "Vignette Drawing Board"
    details = exif.get_ifd(0x8769)
    details[0x9003], details[0x9011] = f"2026:05:{number % 28 + 1:02} 18:03:11", "+02:00"
    if lying:
        exif[0x0112] = 6
        north, east = (tuple(IFDRational(part) for part in place) for place in ((47, 33, 0), (9, 41, 0)))
        position = exif.get_ifd(0x8825)
        position[1], position[2], position[3], position[4] = "N", north, "E", east
    return exif


def save_picture(number: int, folder: Path, lying: bool = False) -> tuple[str, str]:
    """Writes picture `number` as JPEG, perhaps `lying` on its side; returns its file name and its caption."""
    rng = Random(f"{SEED}/{number}")
    scene, camera = draw_scene(rng), draw_camera(rng)
    image, _ = render(scene, camera, rng, _EDGE, which="evaluation", detail=1)
    words = [group.kind.name for group in scene.groups] or ["unfamiliar"] * (scene.arrangement == "stranger")
    name = "-".join([*words, scene.backdrop.name, scene.light.name]) + ".jpg"
    if lying:
        image = image.transpose(Image.Transpose.ROTATE_90)
    image.save(folder / name, quality=88, progressive=number % 2 == 1, exif=_camera_data(number, lying))
    return name, questions.caption(scene).answer


def save_clip(number: int, folder: Path) -> tuple[str, str]:
    """Writes clip `number` as MP4; returns its file name and the caption that it should get."""
    rng = Random(f"clip {SEED}/{number}")
    clip, camera = clips.draw_clip(rng), draw_camera(rng)
    frames, _, _ = clips.render_clip(clip, camera, rng, _CLIP_EDGE, _RATE)
    width, height = (edge // 2 * 2 for edge in frames[0].size)  # Video wants even edges.
    name = f"{clip.kind.name if clip.kind else 'change'}-{clip.scene.backdrop.name}.mp4"
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(_RATE), "-i", "-"]
    target = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "24", "-bitexact", "-movflags", "+faststart", str(folder / name)]
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
    parser.add_argument("--pictures", type=int, nargs="+", default=_PICTURES, help="their numbers")
    parser.add_argument("--clips", type=int, nargs="*", default=_CLIPS, help="their numbers")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    first, *others = arguments.pictures
    written = [save_picture(first, arguments.folder, lying=True)]
    written += [save_picture(number, arguments.folder) for number in others]
    written += [save_clip(number, arguments.folder) for number in arguments.clips]
    (arguments.folder / "captions.json").write_text(json.dumps(dict(written), indent=1) + "\n")


if __name__ == "__main__":
    main()
