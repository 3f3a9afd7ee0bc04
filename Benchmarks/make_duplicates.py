"""Makes what `duplicates-benchmark` judges: variants of pictures, bursts, and pictures easily taken for each other.

    python Benchmarks/make_duplicates.py PHOTOS OUT [--pictures 500] [--bursts 200] [--skip 0] [--clip FILE ...]

PHOTOS is a folder of JPEG files or of tar files of them. Pillow and numpy are needed, ffmpeg for clips.
A file's name says what it is: NUMBER-KIND-VARIANT.jpg. Files of one number and the kind `same` are one picture;
two of the kind `burst` are two pictures of one scene; any other two are unrelated.

Bursts are simulated as what happens between two exposures: a part of the picture moves by 1 to 4 % of the
width, the nearer parts move more than the farther ones, the camera turns by 0.5 to 2 degrees and moves a little; noise is
drawn anew, and the exposure differs. `clip` pairs are frames of a clip a part of a second to three seconds apart.
"""

import argparse
import io
import itertools
import pathlib
import random
import subprocess
import tarfile
import tempfile

import numpy
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont


def photographs(folder, edge):
    """Names and pictures whose shorter edge has at least so many pixels, in the order of the files."""
    for path in sorted(pathlib.Path(folder).iterdir()):
        if path.suffix == ".tar":
            with tarfile.open(path) as tar:
                for member in tar:
                    if member.name.endswith(".jpg"):
                        yield from opened(tar.extractfile(member).read(), edge)
        elif path.suffix.lower() in (".jpg", ".jpeg"):
            yield from opened(path.read_bytes(), edge)


def opened(data, edge):
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    if min(picture.size) >= edge:
        yield picture


def reencoded(picture, chance):
    quality = chance.randint(35, 92)
    return picture, quality, f"quality{quality}"


def resized(picture, chance):
    scale = chance.choice([0.5, 0.6, 0.75, 0.9, 1.5])
    filters = [Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS]
    # Means of whole pixels: at other scales they move what they show by up to half a pixel.
    resampling = chance.choice(filters + [Image.Resampling.BOX] * (scale == 0.5))
    size = tuple(max(16, round(edge * scale)) for edge in picture.size)
    detail = f"{round(scale * 100)}{resampling.name.lower()}"
    return picture.resize(size, resampling), chance.randint(70, 92), detail


def cropped(picture, chance):
    """95 % of the width and of the height, or of one of them, from anywhere."""
    across, down = chance.choice([(0.95, 0.95), (0.95, 1), (1, 0.95)])
    width, height = round(picture.width * across), round(picture.height * down)
    left = chance.randint(0, picture.width - width)
    top = chance.randint(0, picture.height - height)
    return picture.crop((left, top, left + width, top + height)), 88, ""


def trimmed(picture, chance):
    """5 % from every edge: 90 % of the width and of the height."""
    left, top = round(picture.width * 0.05), round(picture.height * 0.05)
    return picture.crop((left, top, picture.width - left, picture.height - top)), 88, ""


def brightened(picture, chance):
    if chance.random() < 0.5:
        factor = chance.uniform(1.1, 1.35)
        return ImageEnhance.Brightness(picture).enhance(factor), 88, f"by{factor * 100:.0f}"
    gamma = chance.uniform(0.65, 0.9)
    changed = picture.point(lambda value: round(255 * (value / 255) ** gamma))
    return changed, 88, f"gamma{gamma * 100:.0f}"


def altogether(picture, chance):
    picture, _, _ = cropped(picture, chance)
    picture, _, brightening = brightened(picture, chance)
    picture, quality, resizing = resized(picture, chance)
    return picture, quality, f"{brightening}.{resizing}"


VARIANTS = [reencoded, resized, cropped, trimmed, brightened, altogether]


def sampled(pixels, across, down):
    """The picture read at other places, bilinearly; places beyond it read its border."""
    height, width = pixels.shape[:2]
    across = numpy.clip(across, 0, width - 1.001)
    down = numpy.clip(down, 0, height - 1.001)
    left, top = across.astype(int), down.astype(int)
    x, y = (across - left)[..., None], (down - top)[..., None]
    upper = pixels[top, left] * (1 - x) + pixels[top, left + 1] * x
    lower = pixels[top + 1, left] * (1 - x) + pixels[top + 1, left + 1] * x
    return upper * (1 - y) + lower * y


def smooth_field(shape, generator, cells):
    """Numbers from 0 to 1 that change slowly over the picture."""
    field = Image.fromarray((generator.random((cells, cells)) * 255).astype(numpy.uint8))
    field = field.resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    field = numpy.asarray(field).astype(float)
    return (field - field.min()) / max(1, numpy.ptp(field))


def burst(picture, generator, kinds):
    """Two frames of one scene; where nothing but the sky moved, so that they show the same, it is done again."""
    for _ in range(20):
        frames, moved = second_exposure(picture, generator, kinds)
        if moved > 4:
            break
    return frames


def second_exposure(picture, generator, kinds):
    """Two frames as if taken one after the other, and by how much those thousand places differ that differ most."""
    pixels = numpy.asarray(picture).astype(float)
    height, width = pixels.shape[:2]
    down, across = numpy.mgrid[0:height, 0:width].astype(float)
    from_x, from_y = across.copy(), down.copy()
    if "subject" in kinds:
        # A soft-edged ellipse, 15 to 45 % of the width, is displaced by 1 to 4 % of the width.
        radius = generator.uniform(0.075, 0.225, 2) * [width, height]
        centre = generator.uniform(0.25, 0.75, 2) * [width, height]
        far = numpy.hypot((across - centre[0]) / radius[0], (down - centre[1]) / radius[1])
        weight = numpy.clip((1.25 - far) / 0.25, 0, 1)
        angle, length = generator.uniform(0, 2 * numpy.pi), generator.uniform(0.01, 0.04) * width
        from_x -= weight * length * numpy.cos(angle)
        from_y -= weight * length * numpy.sin(angle)
    if "parallax" in kinds:
        field = smooth_field(pixels.shape, generator, 5)
        from_x -= field * generator.uniform(0.01, 0.04) * width * generator.choice([-1, 1])
    if "rotation" in kinds:
        angle = numpy.radians(generator.uniform(0.5, 2)) * generator.choice([-1, 1])
        x, y = from_x - width / 2, from_y - height / 2
        from_x = width / 2 + numpy.cos(angle) * x - numpy.sin(angle) * y
        from_y = height / 2 + numpy.sin(angle) * x + numpy.cos(angle) * y
    if "camera" in kinds:
        shift = generator.uniform(-0.02, 0.02, 2) * [width, height]
        from_x, from_y = from_x + shift[0], from_y + shift[1]
    other = sampled(pixels, from_x, from_y)
    moved = numpy.abs(sampled(pixels, across, down) - other).mean(axis=2)
    moved = numpy.sort(moved, axis=None)[-1000:].mean()
    exposure = generator.uniform(0.9, 1.12)
    frames = [pixels, other * exposure]
    # The border of the second shows what lay outside of the first: neither keeps it.
    x, y = round(width * 0.06), round(height * 0.06)
    noise = generator.uniform(1, 4)
    frames = [frame[y : height - y, x : width - x] for frame in frames]
    frames = [frame + generator.normal(0, noise, frame.shape) for frame in frames]
    frames = [numpy.clip(frame, 0, 255).astype(numpy.uint8) for frame in frames]
    return [Image.fromarray(frame) for frame in frames], moved


BURSTS = {
    "subject": ["subject"],
    "parallax": ["parallax"],
    "rotation": ["rotation"],
    "handheld": ["subject", "camera"],
    "moving": ["subject", "parallax", "rotation", "camera"],
}


def document(chance, changed=False):
    """A white page of lines; the same chance gives the same page, but for one line."""
    page = Image.new("RGB", (480, 640), (250, 250, 248))
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=11)
    alphabet = "aabcdeeefghiiklmnnoooprrsstttuuvwy    "
    line_to_change = 3 + chance.randrange(30)
    for line in range(38):
        text = "".join(chance.choice(alphabet) for _ in range(chance.randint(40, 66)))
        other = "".join(chance.choice(alphabet) for _ in range(chance.randint(40, 66)))
        if changed and line == line_to_change:
            text = other
        draw.text((36, 24 + line * 15), text, (30, 30, 30), font=font)
    return page


def sky(generator):
    """A sky without anything in it, brighter below."""
    blue = generator.uniform([90, 130, 190], [150, 190, 240])
    pale = generator.uniform([170, 190, 210], [230, 235, 245])
    down = numpy.linspace(0, 1, 300)[:, None, None] ** generator.uniform(0.6, 1.6)
    cloud = smooth_field((300, 400), generator, 4)[..., None] * generator.uniform(0, 12)
    pixels = blue * (1 - down) + pale * down + cloud + generator.normal(0, 2, (300, 400, 3))
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8))


def darkened(picture, generator):
    pixels = numpy.asarray(picture).astype(float) * generator.uniform(0.05, 0.15)
    pixels += generator.normal(0, 3, pixels.shape)
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8))


def snow(picture, generator):
    pixels = 225 + (numpy.asarray(picture.convert("L")).astype(float)[..., None] - 128) * 0.12
    pixels = pixels + generator.normal(0, 2, (picture.height, picture.width, 3))
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8))


def frames_of(clip):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", clip, "-vf", "fps=5", f"{folder}/%05d.png"], check=True)
        return [Image.open(path).convert("RGB") for path in sorted(pathlib.Path(folder).iterdir())]


class Folder:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.path.mkdir(parents=True, exist_ok=True)
        self.number = -1

    def next(self):
        self.number += 1

    def save(self, picture, kind, variant, quality=88):
        picture.save(self.path / f"{self.number:05}-{kind}-{variant}.jpg", quality=quality)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos")
    parser.add_argument("out")
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--bursts", type=int, default=200)
    parser.add_argument("--skip", type=int, default=0, help="photographs to leave out first")
    parser.add_argument("--edge", type=int, default=150)
    parser.add_argument("--clip", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    generator = numpy.random.default_rng(wanted.seed)
    out = Folder(wanted.out)
    source = itertools.islice(photographs(wanted.photos, wanted.edge), wanted.skip, None)
    for _ in range(wanted.pictures):
        picture = next(source)
        out.next()
        out.save(picture, "same", "original", 92)
        for variant in VARIANTS:
            changed, quality, detail = variant(picture, chance)
            out.save(changed, "same", f"{variant.__name__}.{detail}".rstrip("."), quality)
        out.next()
        out.save(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "mirrored", "picture")
    kinds = sorted(BURSTS)
    for index in range(wanted.bursts):
        kind = kinds[index % len(kinds)]
        out.next()
        for name, frame in zip("ab", burst(next(source), generator, BURSTS[kind])):
            out.save(frame, "burst", f"{kind}.{name}")
    for index in range(40):
        out.next()
        out.save(document(random.Random(index)), "burst", "document.a")
        out.save(document(random.Random(index), changed=True), "burst", "document.b")
        out.next()
        page = document(random.Random(index))
        out.save(page, "same", "document", 92)
        for variant in (reencoded, resized, cropped):
            changed, quality, _ = variant(page, chance)
            out.save(changed, "same", f"document.{variant.__name__}", quality)
        for kind, make in (("sky", lambda: sky(generator)),
                           ("dark", lambda: darkened(next(source), generator)),
                           ("snow", lambda: snow(next(source), generator))):
            out.next()
            out.save(make(), kind, "picture")
    for clip in wanted.clip:
        frames = frames_of(clip)
        for step in (1, 2, 5, 15):
            for start in range(0, len(frames) - step, 5):
                out.next()
                out.save(frames[start], "burst", f"clip{step}.a", 92)
                out.save(frames[start + step], "burst", f"clip{step}.b", 92)


if __name__ == "__main__":
    main()
