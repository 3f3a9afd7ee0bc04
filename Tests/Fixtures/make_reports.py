#!/usr/bin/env python3
"""Draws the files of Tests/Fixtures/reports whose originals belong to others: `make_reports.py` in any folder.

Needs Debian's ffmpeg (with libaom) and PyPI's numpy and pillow. The other files there are kept as they came.
"""

import pathlib
import struct
import subprocess

import numpy
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parent.parent / "Samples"
TARGET = HERE / "reports"


def sample(name, size):
    return Image.open(SAMPLES / name).convert("RGB").resize(size, Image.Resampling.BOX)


def avif_sequence():
    """Two frames of AV1 under the brand avis, without the item that would be the still: its box is blanked out."""
    goat = sample("goat-honeypot-beach-cloudy.jpg", (96, 64))
    frames = goat.tobytes() + goat.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes()
    path = TARGET / "avif-sequence-only.avif"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "96x64", "-r", "2", "-i", "-",
         "-c:v", "libaom-av1", "-crf", "20", "-cpu-used", "6", "-pix_fmt", "yuv420p", "-bitexact", path],
        input=frames, check=True)
    content = path.read_bytes()
    position = 0
    parts = []
    while position < len(content):
        size, kind = struct.unpack(">I4s", content[position:position + 8])
        box = content[position:position + size]
        if kind == b"ftyp":
            brands = b"avis" + bytes(4) + b"avismsf1miafMA1B"
            box = struct.pack(">I4s", len(brands) + 8, b"ftyp") + brands
            box += struct.pack(">I4s", size - len(box), b"free") + bytes(size - len(box) - 8)
        elif kind == b"meta":
            box = box[:4] + b"free" + bytes(len(box) - 8)
        parts.append(box)
        position += size
    path.write_bytes(b"".join(parts))


def lossless_jpeg():
    """FFmpeg's lossless JPEG: SOF3."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "96x64", "-i", "-", "-c:v",
         "ljpeg", "-pix_fmt", "yuvj444p", "-strict", "unofficial", "-bitexact", "-f", "image2",
         TARGET / "jpeg-lossless-sof3.jpg"],
        input=sample("tiger-policecar-bear-dinosaur-stage-bright.jpg", (96, 64)).tobytes(), check=True)


def tiff(name, planes, entries):
    """A TIFF of one strip a plane; `entries` are (tag, type, values) beside size and strips."""
    height, width = planes[0].shape[:2]
    content = bytearray(b"II*\0\0\0\0\0")
    offsets = []
    for plane in planes:
        offsets.append(len(content))
        content += plane.tobytes()
    entries = sorted(entries + [
        (0x100, 3, [width]), (0x101, 3, [height]), (0x111, 4, offsets), (0x116, 3, [height]),
        (0x117, 4, [len(plane.tobytes()) for plane in planes])])
    places = []
    for _, kind, values in entries:
        packed = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
        if len(packed) > 4:
            places.append(struct.pack("<I", len(content)))
            content += packed
        else:
            places.append(packed.ljust(4, b"\0"))
    content += bytes(len(content) % 2)
    content[4:8] = struct.pack("<I", len(content))
    content += struct.pack("<H", len(entries))
    for (tag, kind, values), place in zip(entries, places):
        content += struct.pack("<HHI", tag, kind, len(values)) + place
    (TARGET / name).write_bytes(content + bytes(4))


def separated_planar():
    """CMYK in four planes of 8 bits."""
    image = numpy.asarray(sample("football-street-night.jpg", (72, 48)).convert("CMYK"))
    tiff("tiff-separated-planar-08.tif", [numpy.ascontiguousarray(image[..., c]) for c in range(4)], [
        (0x102, 3, [8] * 4), (0x103, 3, [1]), (0x106, 3, [5]), (0x115, 3, [4]), (0x11c, 3, [2])])


def signed():
    """Grey in signed 16 bits: black is −32,768."""
    grey = numpy.asarray(sample("truck-kitchen-bright.jpg", (72, 72)).convert("L")).astype(int)
    tiff("tiff-signed16.tiff", [(grey * 257 - 32768).astype("<i2")], [
        (0x102, 3, [16]), (0x103, 3, [1]), (0x106, 3, [1]), (0x115, 3, [1]), (0x153, 3, [2])])


if __name__ == "__main__":
    avif_sequence()
    lossless_jpeg()
    separated_planar()
    signed()
