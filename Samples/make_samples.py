#!/usr/bin/env python3
"""Draws the sample pictures and the sample clip of this folder.

Needs Pillow and ffmpeg: `pip install pillow; python3 Samples/make_samples.py`.
Everything is drawn from shapes and gradients with a fixed seed; nothing comes from a photograph.
Pictures are drawn at twice their size and scaled down, which smooths their edges.
"""

import math
import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from PIL.TiffImagePlugin import IFDRational

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1600, 1200  # while drawing
rng = random.Random(7)


def gradient(top, bottom, height=HEIGHT, width=WIDTH):
    """A vertical blend of two colours."""
    column = Image.new("RGB", (1, height))
    for y in range(height):
        t = y / max(height - 1, 1)
        column.putpixel((0, y), tuple(round(a + (b - a) * t) for a, b in zip(top, bottom)))
    return column.resize((width, height))


def glow(image, centre, radius, colour):
    """A soft light around a point."""
    layer = Image.new("L", image.size)
    x, y = centre
    ImageDraw.Draw(layer).ellipse((x - radius, y - radius, x + radius, y + radius), fill=190)
    layer = layer.filter(ImageFilter.GaussianBlur(radius / 2))
    image.paste(Image.new("RGB", image.size, colour), mask=layer)


def ridge(draw, base, height, colour, steps=9):
    """A mountain range by midpoint displacement."""
    points = [base, base]
    spread = height
    for _ in range(steps):
        points = [
            value
            for a, b in zip(points, points[1:])
            for value in (a, (a + b) / 2 + rng.uniform(-spread, spread))
        ] + [points[-1]]
        spread *= 0.52
    step = WIDTH / (len(points) - 1)
    outline = [(i * step, y) for i, y in enumerate(points)]
    draw.polygon(outline + [(WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)


def boat(draw, x, y, size):
    """A sailing boat whose waterline is at (x, y)."""
    hull = [(-1.0, 0), (1.0, 0), (0.7, 0.32), (-0.7, 0.32)]
    draw.polygon([(x + a * size, y + b * size) for a, b in hull], fill=(150, 44, 38))
    draw.line((x, y, x, y - 1.7 * size), fill=(90, 60, 40), width=8)
    main = [(0.06, -1.65), (0.06, -0.12), (0.85, -0.12)]
    jib = [(-0.08, -1.5), (-0.08, -0.12), (-0.7, -0.12)]
    draw.polygon([(x + a * size, y + b * size) for a, b in main], fill=(250, 248, 240))
    draw.polygon([(x + a * size, y + b * size) for a, b in jib], fill=(236, 228, 210))


def beach(boat_x=1050):
    image = gradient((96, 170, 230), (214, 236, 248))
    glow(image, (330, 230), 130, (255, 244, 200))
    image.paste(gradient((22, 104, 158), (70, 178, 190), 330), (0, 520))
    draw = ImageDraw.Draw(image)
    draw.ellipse((270, 170, 390, 290), fill=(255, 238, 160))
    waves = random.Random(3)
    for _ in range(150):
        x, y = waves.uniform(0, WIDTH), waves.uniform(535, 840)
        length = 20 + (y - 520) / 4
        draw.line((x, y, x + length, y), fill=(140, 208, 220), width=3)
    boat(draw, boat_x, 610, 120)
    shore = [(x, 845 + 22 * math.sin(x / 170)) for x in range(0, WIDTH + 20, 20)]
    draw.line(shore, fill=(246, 250, 250), width=26)
    draw.polygon(shore + [(WIDTH, HEIGHT), (0, HEIGHT)], fill=(233, 210, 160))
    for _ in range(1500):
        x, y = waves.uniform(0, WIDTH), waves.uniform(890, HEIGHT)
        draw.ellipse((x, y, x + 4, y + 3), fill=(214, 188, 136))
    draw.polygon([(300, 760), (90, 905), (510, 905)], fill=(218, 62, 52))
    draw.polygon([(300, 760), (230, 905), (370, 905)], fill=(250, 246, 236))
    draw.line((300, 760, 300, 1080), fill=(120, 90, 60), width=12)
    draw.polygon([(400, 1070), (760, 1010), (800, 1070), (440, 1140)], fill=(60, 120, 190))
    return image


def mountains():
    image = gradient((8, 12, 40), (52, 58, 110))
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        x, y, size = rng.uniform(0, WIDTH), rng.uniform(0, 700), rng.choice((2, 3, 3, 5))
        shade = rng.randint(150, 255)
        draw.ellipse((x, y, x + size, y + size), fill=(shade, shade, min(255, shade + 20)))
    glow(image, (1180, 240), 150, (190, 200, 240))
    draw.ellipse((1100, 160, 1260, 320), fill=(244, 242, 224))
    ridge(draw, 640, 210, (52, 60, 104))
    ridge(draw, 800, 150, (34, 40, 76))
    ridge(draw, 960, 90, (18, 22, 46))
    draw.polygon([(560, 1040), (680, 960), (800, 1040)], fill=(70, 40, 34))
    draw.rectangle((585, 1040, 775, 1130), fill=(44, 30, 30))
    draw.rectangle((640, 1065, 700, 1110), fill=(255, 208, 110))
    glow(image, (670, 1088), 40, (255, 200, 110))
    return image


def street():
    image = gradient((168, 206, 236), (236, 232, 220))
    draw = ImageDraw.Draw(image)
    fronts = [(196, 98, 80), (226, 184, 110), (120, 150, 130), (204, 196, 184), (148, 108, 140)]
    for index, colour in enumerate(fronts):
        left, top = index * 320, 210 + (index * 97) % 190
        draw.rectangle((left, top, left + 314, 900), fill=colour)
        draw.polygon([(left, top), (left + 157, top - 110), (left + 314, top)], fill=(110, 60, 52))
        for row in range(3):
            for column in range(3):
                x, y = left + 36 + column * 92, top + 60 + row * 150
                draw.rectangle((x, y, x + 58, y + 88), fill=(246, 246, 240))
                draw.rectangle((x + 6, y + 6, x + 52, y + 82), fill=(84, 118, 150))
        draw.rectangle((left + 120, 790, left + 194, 900), fill=(74, 46, 36))
    draw.rectangle((0, 900, WIDTH, 960), fill=(176, 172, 166))
    draw.rectangle((0, 960, WIDTH, HEIGHT), fill=(82, 84, 90))
    for x in range(40, WIDTH, 260):
        draw.rectangle((x, 1068, x + 140, 1082), fill=(238, 232, 210))
    draw.rounded_rectangle((860, 930, 1340, 1060), 40, fill=(206, 44, 44))
    draw.polygon([(950, 935), (1020, 845), (1190, 845), (1270, 935)], fill=(206, 44, 44))
    draw.polygon([(985, 930), (1036, 862), (1098, 862), (1098, 930)], fill=(170, 208, 226))
    draw.polygon([(1114, 930), (1114, 862), (1180, 862), (1236, 930)], fill=(170, 208, 226))
    for x in (960, 1240):
        draw.ellipse((x - 56, 1004, x + 56, 1116), fill=(30, 30, 34))
        draw.ellipse((x - 24, 1036, x + 24, 1084), fill=(190, 192, 196))
    draw.rectangle((300, 560, 316, 930), fill=(60, 62, 60))
    draw.ellipse((262, 500, 354, 580), fill=(250, 236, 180))
    return image


def ball(image, x, y, radius, colour):
    """A round fruit with a highlight and a shadow on the table."""
    shadow = Image.new("L", image.size)
    ImageDraw.Draw(shadow).ellipse(
        (x - radius, y + radius * 0.7, x + radius * 1.2, y + radius * 1.15), fill=110)
    image.paste((40, 22, 12), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    draw = ImageDraw.Draw(image)
    for step in range(radius):
        t = step / radius
        shade = tuple(round(c * (0.55 + 0.45 * t) + 60 * t * t) for c in colour)
        r, shift = radius * (1 - t), radius * 0.32 * t
        draw.ellipse((x - r - shift, y - r - shift, x + r - shift, y + r - shift),
                     fill=tuple(min(255, c) for c in shade))


def fruit():
    image = gradient((238, 226, 206), (214, 196, 170))
    draw = ImageDraw.Draw(image)
    draw.rectangle((1010, 110, 1450, 560), fill=(250, 250, 246))
    image.paste(gradient((130, 190, 236), (206, 232, 244), 400, 390), (1035, 135))
    draw.rectangle((1222, 110, 1238, 560), fill=(250, 250, 246))
    image.paste(gradient((150, 96, 56), (112, 66, 36), 500), (0, 700))
    for y in (790, 900, 1030):
        draw.line((0, y, WIDTH, y + 6), fill=(104, 62, 34), width=5)
    draw.polygon([(330, 720), (1030, 720), (900, 960), (460, 960)], fill=(70, 112, 160))
    for x, y, radius, colour in (
        (500, 640, 125, (200, 40, 40)), (730, 610, 135, (226, 130, 30)),
        (910, 660, 110, (110, 168, 60)), (620, 690, 105, (214, 58, 44)),
        (800, 715, 100, (236, 150, 40)),
    ):
        ball(image, x, y, radius, colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((330, 690, 1030, 760), fill=None, outline=(90, 136, 186), width=14)
    draw.polygon([(330, 728), (1030, 728), (900, 960), (460, 960)], fill=(70, 112, 160))
    ball(image, 1240, 900, 105, (226, 190, 40))
    draw = ImageDraw.Draw(image)
    for x, y in ((500, 520), (620, 590), (910, 555)):
        draw.line((x, y, x + 10, y - 40), fill=(90, 58, 30), width=10)
    return image


def forest():
    image = gradient((250, 206, 150), (250, 232, 204))
    glow(image, (820, 520), 210, (255, 246, 214))
    draw = ImageDraw.Draw(image)
    for depth, (count, colour) in enumerate(
        ((26, (190, 176, 140)), (18, (134, 142, 96)), (11, (70, 98, 62)), (6, (34, 62, 42)))
    ):
        ground = 820 + depth * 90
        draw.rectangle((0, ground, WIDTH, HEIGHT), fill=colour)
        size = 150 + depth * 95
        for index in range(count):
            x = (index + rng.uniform(0.1, 0.9)) * WIDTH / count
            if depth >= 2 and 600 < x < 1000:
                continue
            top = ground - size * rng.uniform(1.3, 1.9)
            for layer in range(4):
                y = top + (ground - top) * layer / 4.4
                half = size * (0.16 + 0.085 * layer)
                draw.polygon([(x, y), (x - half, y + size * 0.55), (x + half, y + size * 0.55)],
                             fill=colour)
            draw.rectangle((x - 9, ground - 60, x + 9, ground + 30), fill=(70, 50, 36))
    draw.polygon([(770, 860), (850, 860), (1180, HEIGHT), (480, HEIGHT)], fill=(206, 178, 128))
    return image


def balloons():
    image = gradient((70, 140, 220), (214, 234, 246))
    draw = ImageDraw.Draw(image)
    for x, y in ((200, 240), (1180, 150), (760, 520), (1330, 640)):
        for dx, dy, r in ((0, 0, 60), (70, 12, 50), (-70, 14, 46), (30, -34, 50)):
            draw.ellipse((x + dx - r, y + dy - r * 0.7, x + dx + r, y + dy + r * 0.7),
                         fill=(250, 252, 253))
    ridge(draw, 1040, 60, (104, 160, 84))
    for x, y, r, colours in (
        (470, 420, 190, ((214, 52, 48), (250, 214, 80))),
        (1030, 330, 130, ((48, 92, 180), (246, 244, 238))),
        (1320, 860, 90, ((120, 60, 140), (240, 160, 60))),
    ):
        for stripe in range(7):
            half = r * math.cos(math.pi * stripe / 14)
            draw.ellipse((x - half, y - r, x + half, y + r), fill=colours[stripe % 2])
        draw.polygon([(x - r * 0.62, y + r * 0.76), (x + r * 0.62, y + r * 0.76),
                      (x + r * 0.16, y + r * 1.3), (x - r * 0.16, y + r * 1.3)], fill=colours[0])
        for side in (-1, 1):
            draw.line((x + side * r * 0.14, y + r * 1.28, x + side * r * 0.12, y + r * 1.6),
                      fill=(60, 46, 34), width=4)
        draw.rectangle((x - r * 0.16, y + r * 1.55, x + r * 0.16, y + r * 1.8), fill=(128, 86, 48))
    return image


def camera_data():
    """What a camera would write, with the picture lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Vignette", "Vignette Drawing Board", 6
    details = exif.get_ifd(0x8769)
    details[0x9003], details[0x9011] = "2024:07:26 18:03:11", "+02:00"
    place = exif.get_ifd(0x8825)
    degrees = lambda d, m, s: (IFDRational(d), IFDRational(m), IFDRational(s))
    place[1], place[2], place[3], place[4] = "N", degrees(47, 33, 0), "E", degrees(9, 41, 0)
    return exif


def save(name, image, **options):
    small = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    small.save(HERE / name, quality=84, optimize=True, **options)


def clip():
    """A boat that crosses the bay within five seconds."""
    with tempfile.TemporaryDirectory() as folder:
        for index in range(50):
            frame = beach(boat_x=260 + index * 22).resize((640, 480), Image.Resampling.LANCZOS)
            frame.save(f"{folder}/{index:03}.png")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-y", "-framerate", "10", "-i", f"{folder}/%03d.png",
             "-c:v", "libx264", "-crf", "26", "-g", "10", "-pix_fmt", "yuv420p", "-bitexact",
             "-movflags", "+faststart", str(HERE / "boat.mp4")], check=True)


def main():
    save("beach.jpg", beach())
    save("mountains.jpg", mountains())
    save("street.jpg", street())
    save("fruit.jpg", fruit())
    save("forest.jpg", forest(), progressive=True)
    lying = balloons().transpose(Image.Transpose.ROTATE_90)
    save("balloons.jpg", lying, exif=camera_data())
    clip()


if __name__ == "__main__":
    main()
