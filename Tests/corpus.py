#!/usr/bin/env python3
"""Compares what vignette-decoder says of a folder's files with what other readers say.

    Tests/corpus.py [--decoder PATH] [--pixels] [--json FILE] FOLDER...

Date, camera and place are compared with exiftool (Debian: libimage-exiftool-perl), and with --pixels
the pictures with Pillow, pillow-heif (PyPI: pillow, pillow-heif) and, for what those do not read,
ImageMagick. Every difference is listed with its reason; the last lines count them. The exit status
is 1 if fewer than 98 % of the facts or 99 % of the pictures agree.
"""

import argparse
import collections
import io
import json
import os
import re
import select
import socket
import struct
import subprocess
import sys
import time

DATES = [
    "DateTimeOriginal", "DateTimeCreated", "DateCreated", "CreateDate", "CreationDate",
    "DateTimeDigitized", "DigitalCreationDateTime", "DigitalCreationDate", "MediaCreateDate",
    "GPSDateTime", "GPSDateStamp", "ModifyDate",
]
VIDEO = {"mp4", "mov", "matroska", "webm", "avi"}


class Decoder:
    """The decoding child and its protocol: length-prefixed requests with an open file, tagged answers."""

    PROBE, STILL = 1, 2

    def __init__(self, path):
        self.path, self.process = path, None

    def ask(self, kind, path, seconds=60):
        """The tag and the content of the answer; tag 0 if the child died or did not answer."""
        if self.process is None:
            ours, theirs = socket.socketpair()
            self.process = subprocess.Popen(
                [self.path, "--serve"], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
            theirs.close()
            self.socket = ours
        request = struct.pack("<IBI", 5, kind, 0)
        self.deadline = time.monotonic() + seconds
        try:
            with open(path, "rb") as file:
                sent = socket.send_fds(self.socket, [request], [file.fileno()])
            self.socket.sendall(request[sent:])
            tag, count = struct.unpack("<BI", self._read(5))
            return tag, self._read(count)
        except (OSError, EOFError) as error:
            self.close()
            return 0, str(error).encode()

    def _read(self, count):
        parts = bytearray()
        while len(parts) < count:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise EOFError("no answer in time")
            piece = self.socket.recv(min(count - len(parts), 1 << 20))
            if not piece:
                raise EOFError("the decoder ended")
            parts += piece
        return bytes(parts)

    def close(self):
        if self.process is not None:
            self.socket.close()
            self.process.kill()
            self.process.wait()
            self.process = None


def exiftool(paths):
    """What exiftool says of each path."""
    listing = "\n".join(["-json", "-a", "-G0:1", "-n", "-fast", "-api", "largefilesupport=1"] + paths)
    output = subprocess.run(
        ["exiftool", "-@", "-"], input=os.fsencode(listing), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=False).stdout
    entries = json.loads(output.decode(errors="replace") or "[]")
    return {entry["SourceFile"]: entry for entry in entries}


def values(tags, name):
    """All values of a tag in the groups that are the file's own metadata."""
    # PNG's tIME, which exiftool calls ModifyDate, is when a program saved the picture.
    skipped = ("File:", "ICC", "MakerNotes", "Composite:", "PNG:ModifyDate", "PNG:PNG:ModifyDate")
    return [str(v) for k, v in tags.items()
            if k.split(":")[-1] == name and not k.startswith(skipped)]


def day(text):
    match = re.match(r"\s*(\d{4})[-:/.]?(\d\d)[-:/.]?(\d\d)", text or "")
    if not match or match[2] == "00" or match[3] == "00" or int(match[1]) < 1826:
        return None
    return "-".join(match.groups())


def moment(text):
    """A date as comparable text: the day, and the time if it is one."""
    found = day(text)
    time_ = re.search(r"[ T](\d\d):(\d\d)(?::(\d\d))?", text or "")
    if found and time_ and int(time_[1]) < 24 and int(time_[2]) < 60:
        return f"{found}T{time_[1]}:{time_[2]}:{time_[3] or '00'}"
    return found


def compare_date(ours, tags):
    candidates = [moment(v) for name in DATES for v in values(tags, name)]
    candidates += [moment(v) for v in [str(tags.get("Composite:GPSDateTime", ""))]]
    known = [c for c in candidates if c and not c.startswith(("1904-01-01", "1970-01-01T00"))]
    if ours is None:
        return "same" if not known else f"none; exiftool: {known[0]}"
    if moment(ours) in known or ours[:10] in [k[:10] for k in known] and len(ours) == 10:
        return "same"
    if not known:
        return f"{ours}; exiftool: none"
    return f"{ours}; exiftool: {known[0]}"


def compare_camera(ours, tags):
    def first(name):
        return next((v.strip() for v in values(tags, name) if v.strip()), "")
    # Make and model of the same block: the first file-level ones.
    theirs = " ".join(f"{first('Make')} {first('Model')}".split())
    android = " ".join(f"{first('AndroidManufacturer')} {first('AndroidModel')}".split())
    theirs = theirs or android
    if not theirs and not ours:
        return "same"
    if theirs and ours:
        # The maker is said once, and control characters are left out.
        words = re.findall(r"[^\W_]+", theirs.lower())
        if all(word in re.findall(r"[^\W_]+", theirs.lower()) for word in
               re.findall(r"[^\W_]+", ours.lower())) and ours.lower().split()[-1] == theirs.lower().split()[-1]:
            return "same"
        if words == re.findall(r"[^\W_]+", ours.lower()):
            return "same"
    return f"{ours or 'none'}; exiftool: {theirs or 'none'}"


def compare_place(ours, tags):
    def number(name):
        for key in (f"Composite:{name}", f"XMP:XMP-exif:{name}"):
            try:
                return float(tags[key])
            except (KeyError, TypeError, ValueError):
                continue
        return None
    theirs = (number("GPSLatitude"), number("GPSLongitude"))
    valid = None not in theirs and theirs != (0, 0) and abs(theirs[0]) <= 90 and abs(theirs[1]) <= 180
    if ours[0] is None and not valid:
        return "same"
    if ours[0] is not None and valid and all(abs(a - b) < 1e-4 for a, b in zip(ours, theirs)):
        return "same"
    return f"{ours if ours[0] is not None else 'none'}; exiftool: {theirs if valid else 'none'}"


def other_pixels(path):
    """The upright picture as another reader sees it, or None."""
    from PIL import Image, ImageOps
    try:
        import pillow_heif
        pillow_heif.register_heif_opener()
    except ImportError:
        pass
    Image.MAX_IMAGE_PIXELS = 200_000_000
    try:
        image = ImageOps.exif_transpose(Image.open(path))
        image.load()
    except Exception:
        try:
            done = subprocess.run(
                ["convert", f"{path}[0]", "-auto-orient", "-background", "white", "-flatten",
                 "png:-"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
            image = Image.open(io.BytesIO(done.stdout))
            image.load()
        except Exception:
            return None
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image.convert("RGB")


def compare_pixels(answer, path):
    from PIL import Image, ImageChops, ImageStat
    width, height, _ = struct.unpack("<IId", answer[:16])
    ours = Image.frombytes("RGB", (width, height), answer[16:])
    theirs = other_pixels(path)
    if theirs is None:
        return "no other reader"
    if theirs.size != ours.size:
        return f"{ours.size}; other: {theirs.size}"
    # Smoothed, since readers upsample colour in several ways.
    edge = (max(width // 8, 1), max(height // 8, 1))
    difference = ImageChops.difference(
        ours.resize(edge, Image.BOX), theirs.resize(edge, Image.BOX))
    mean = max(ImageStat.Stat(difference).mean)
    return "same" if mean <= 10 else f"differs by {mean:.0f} of 255"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--decoder", default=".build/debug/vignette-decoder")
    parser.add_argument("--pixels", action="store_true", help="compare pictures too")
    parser.add_argument("--json", help="write everything found to this file")
    options = parser.parse_args()
    paths = sorted(
        os.path.join(folder, name) for top in options.folders
        for folder, _, names in os.walk(top) for name in names
        if "/." not in folder and not name.startswith("."))
    decoder = Decoder(options.decoder)
    counts = collections.Counter()
    everything = {}
    for start in range(0, len(paths), 200):
        batch = paths[start:start + 200]
        others = exiftool(batch)
        for path in batch:
            tag, content = decoder.ask(Decoder.PROBE, path)
            if tag != 1:
                reason = content[:200].decode(errors="replace") if tag else "DIED"
                kind = "died" if tag == 0 else "refused"
                counts[kind] += 1
                mime = str(others.get(path, {}).get("File:MIMEType", ""))
                if tag == 0 or mime.startswith(("image/", "video/")):
                    print(f"{path}: {kind} ({mime}): {reason}")
                continue
            probe = json.loads(content)
            said, tags = probe["metadata"], others.get(path, {})
            results = {
                "date": compare_date(said.get("takenAt"), tags),
                "camera": compare_camera(said.get("camera"), tags),
                "place": compare_place((said.get("latitude"), said.get("longitude")), tags),
            }
            if options.pixels and probe["format"] not in VIDEO:
                tag, content = decoder.ask(Decoder.STILL, path)
                results["pixels"] = (
                    compare_pixels(content, path) if tag == 2
                    else "refused: " + content[:200].decode(errors="replace"))
            everything[path] = {"probe": probe, "results": results}
            for fact, result in results.items():
                kind = "same" if result == "same" else "different"
                if fact == "pixels" and result.startswith(("no other", "refused")):
                    kind = "passed over"
                counts[fact, kind] += 1
                if result != "same":
                    print(f"{path}: {fact}: {result}")
    decoder.close()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1, ensure_ascii=False)
    print(f"\n{len(paths)} files, {counts['refused']} refused, {counts['died']} died")
    is_good = counts["died"] == 0
    for fact, wanted in (("date", 0.98), ("camera", 0.98), ("place", 0.98), ("pixels", 0.99)):
        same, different = counts[fact, "same"], counts[fact, "different"]
        if same + different:
            share = same / (same + different)
            is_good = is_good and share >= wanted
            print(f"{fact}: {same} of {same + different} agree ({share:.1%})")
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
