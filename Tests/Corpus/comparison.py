"""Everything that is found out about one file, as a value that goes into the results' file."""

import os

from PIL import Image

from . import facts, pictures
from .decoder import Decoder

# How much two readers' pictures may differ, of 255.
TOLERANCE = 10
# Tone mapping is a matter of taste: other readers' curves, or none, are further from ours.
TRANSFERS = {16: "PQ", 18: "HLG"}
# What exiftool calls pictures and clips.
MEDIA = ("image/", "video/", "application/vnd.adobe.photoshop")


class Comparison:
    """Our decoder beside the others."""

    def __init__(self, decoder, cache):
        self.decoder, self.peers = Decoder(decoder), pictures.Peers(cache)

    def of(self, path, tags, wants_pixels):
        """The results for one file; `tags` are exiftool's."""
        found = {"path": path, "mime": str(tags.get("File:MIMEType", tags.get("File:File:MIMEType", "")))}
        try:
            probe, reason = self.decoder.probe(path)
        except ValueError as error:
            probe, reason = None, f"DIED: {error}"
        found["refused"] = reason
        if probe is None:
            is_clip = found["mime"].startswith("video/")
            if wants_pixels and found["mime"].startswith(MEDIA):
                found["others"] = self._who_reads(path, is_clip)
            return found
        found["format"], found["kind"] = probe["format"], probe["kind"]
        found["incomplete"] = probe.get("isIncomplete", False)
        for fact, (result, details) in facts.compare(probe, tags).items():
            found[fact] = [result, details, facts.has_fact(fact, probe, result)]
        if wants_pixels:
            is_clip = probe["kind"] == "video"
            result, details = (self._clip if is_clip else self._still)(path)
            if result == "differs":
                said = facts.transfers(tags, path)
                transfer = next((name for number, name in TRANSFERS.items() if number in said), None)
                result = f"{transfer}, tone-mapped" if transfer else result
            if found["incomplete"] and result == "differs":
                result = "incomplete, the rest filled in otherwise"
            found["pixels"] = [result, details]
        return found

    def _who_reads(self, path, is_clip):
        return [name for name in pictures.readers(path, is_clip) if self.peers.picture(path, name)[0]]

    def _still(self, path):
        picture, reason = self.decoder.still(path)
        if picture is None:
            others = self._who_reads(path, False)
            return ("refused" if others else "nobody reads it"), f"{reason} ({', '.join(others)})"
        size, pixels = picture
        ours = pictures.reduced(Image.frombytes("RGB", size, pixels))
        return self._judge(path, size, ours, [(name, 0) for name in pictures.readers(path, False)])

    def _judge(self, path, size, ours, readers):
        """Ours is right if a trusted reader has the same; each that differs is named."""
        differences = []
        for name, second in readers:
            theirs, _ = self.peers.picture(path, name, second)
            if theirs is None:
                continue
            # Aspect ratios within a pixel at the reduced size, and within 2 %.
            width, height = theirs[0]
            slack = 0.02 * size[1] * width + max(size[0], width, size[1], height)
            if abs(size[0] * height - size[1] * width) > slack:
                differences.append(f"{name}: {width}×{height}, ours {size[0]}×{size[1]}")
                continue
            distance = pictures.difference(ours, theirs[1])
            if distance <= TOLERANCE:
                return "same", "; ".join([f"as {name}"] + differences) if differences else ""
            differences.append(f"{name}: {distance:.0f}")
        return ("differs", "; ".join(differences)) if differences else ("no other reader", "")

    def _clip(self, path):
        """First, middle and last sampled frame."""
        frames = []
        reason = self.decoder.frames(path, lambda second, size, pixels: frames.append(
            (second, size, pictures.reduced(Image.frombytes("RGB", size, pixels)))))
        if not frames:
            others = self._who_reads(path, True)
            return ("refused" if others else "nobody reads it"), f"{reason} ({', '.join(others)})"
        worst, notes = "no other reader", [reason] if reason else []
        for second, size, ours in {id(f): f for f in (frames[0], frames[len(frames) // 2], frames[-1])}.values():
            readers = [("FFmpeg", int(second)), ("FFmpeg (shown)", int(second))]
            result, details = self._judge(path, size, ours, readers)
            if result == "differs" or worst == "no other reader":
                worst = result
            if details:
                notes.append(f"{second:.0f} s: {details}")
        return worst, "; ".join(notes)


def relative(path, folders):
    """A path without the folder that was asked for: what reasons are written for."""
    for folder in folders:
        if os.path.commonpath([os.path.abspath(folder), os.path.abspath(path)]) == os.path.abspath(folder):
            return os.path.relpath(path, folder)
    return path
