"""Date, camera and place as exiftool reads them, and whether ours are the same.

Each comparison gives `same`, or a class of difference and what both say.
"""

import json
import os
import re
import subprocess

# The most trusted first, as the decoder trusts them.
DATES = [
    "DateTimeOriginal", "DateTimeCreated", "DateCreated", "CreateDate", "CreationDate", "DateTimeDigitized",
    "DigitalCreationDateTime", "DigitalCreationDate", "MediaCreateDate", "ContentCreateDate", "CreationTime",
    "GPSDateTime", "GPSDateStamp", "ModifyDate", "DateTime",
]
# PNG's tIME, which exiftool calls ModifyDate, is when a program saved the picture.
SKIPPED = ("File:", "ICC", "MakerNotes", "Composite:", "PNG:ModifyDate", "PNG:PNG:ModifyDate")


def exiftool(paths, seconds=300):
    """The tags of each path, as `Group0:Group1:CopyN:Name`, where groups that say nothing new are left out."""
    listing = "\n".join(["-json", "-a", "-G0:1:4", "-n", "-api", "largefilesupport=1"] + paths)
    try:
        output = subprocess.run(
            ["exiftool", "-@", "-"], input=os.fsencode(listing), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=seconds, check=False).stdout
        entries = json.loads(output.decode(errors="replace") or "[]")
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        # One file of many: each by itself says which.
        return {} if len(paths) == 1 else {k: v for path in paths for k, v in exiftool([path], 60).items()}
    return {entry["SourceFile"]: entry for entry in entries}


def values(tags, name):
    """(group and name, value) of each occurrence of a tag in the groups that are the file's own metadata."""
    # A tag that is there twice has its number in its name.
    found = [
        (re.sub(r"Copy\d+:", "", k), str(v)) for k, v in tags.items() if k.split(":")[-1] == name]
    # Canon's older raws keep everything in what exiftool counts as the maker's.
    return [(k, v) for k, v in found if not k.startswith(SKIPPED)] or [
        (k, v) for k, v in found if "CanonRaw" in k]


def day(text):
    match = re.match(r"\s*(\d{4})[-:/.]?(\d\d)[-:/.]?(\d\d)", text or "")
    if not match or not 1 <= int(match[2]) <= 12 or not 1 <= int(match[3]) <= 31 or int(match[1]) < 1826:
        return None
    return "-".join(match.groups())


def moment(text):
    """A date as comparable text: the day, and the time if it is one."""
    found = day(text)
    time = re.search(r"[ T](\d\d):(\d\d)(?::(\d\d))?", text or "")
    if found and time and int(time[1]) < 24 and int(time[2]) < 60:
        return f"{found}T{time[1]}:{time[2]}:{time[3] or '00'}"
    return found


def compare_date(ours, tags):
    """The same moment as one of exiftool's, or the same day where ours is a day."""
    candidates = [(k, moment(v)) for name in DATES for k, v in values(tags, name)]
    candidates.append(("Composite:GPSDateTime", moment(str(tags.get("Composite:GPSDateTime", "")))))
    # Clocks that were never set.
    unset = ("1904-01-01T00:00:00", "1970-01-01T00:00:00", "1980-01-01T00:00:00")
    known = [(k, c) for k, c in candidates if c and c not in unset]
    theirs = f"{known[0][1]} ({known[0][0]})" if known else "none"
    if ours is None:
        return ("same", "") if not known else ("none, exiftool has one", theirs)
    if moment(ours) in [c for _, c in known]:
        return "same", ""
    # Either may know the day alone; exiftool gives IPTC's day and time as two tags.
    if any(c[:10] == ours[:10] and 10 in (len(c), len(ours)) for _, c in known):
        return "same", ""
    return ("another" if known else "exiftool has none"), f"{ours}; {theirs}"


def compare_camera(ours, tags):
    """The same words, where the maker may be said once."""
    def first(name):
        # Some makers fill the field with zeros or spaces.
        return next((v.strip(" \0") for _, v in values(tags, name) if v.strip(" \0")), "")
    pairs = [("Make", "Model"), ("AndroidManufacturer", "AndroidModel"), ("AndroidMake", "AndroidModel")]
    found = [" ".join(f"{first(make)} {first(model)}".split()) for make, model in pairs]
    theirs = next((name for name in found if name), "")
    if not theirs and not ours:
        return "same", ""
    ours_words, words = (re.findall(r"[^\W_]+", (text or "").lower()) for text in (ours, theirs))
    if words == ours_words:
        return "same", ""
    if words and ours_words and set(ours_words) <= set(words) and ours_words[-1] == words[-1]:
        return "same", ""
    kind = "another" if theirs and ours else "none, exiftool has one" if theirs else "exiftool has none"
    return kind, f"{ours or 'none'}; {theirs or 'none'}"


def compare_place(ours, tags):
    """The same degrees within ten metres."""
    def number(name):
        for key, value in tags.items():
            if key.startswith(("Composite:", "XMP:XMP-exif:")) and key.endswith(f":{name}"):
                try:
                    return float(value)
                except (TypeError, ValueError):
                    continue
        return None
    theirs = (number("GPSLatitude"), number("GPSLongitude"))
    is_valid = None not in theirs and theirs != (0, 0) and abs(theirs[0]) <= 90 and abs(theirs[1]) <= 180
    has_ours = ours[0] is not None
    if not has_ours and not is_valid:
        return "same", ""
    if has_ours and is_valid and all(abs(a - b) < 1e-4 for a, b in zip(ours, theirs)):
        return "same", ""
    kind = "another" if has_ours and is_valid else "none, exiftool has one" if is_valid else "exiftool has none"
    return kind, f"{ours if has_ours else 'none'}; {theirs if is_valid else 'none'}"


def has_fact(fact, probe, result):
    """Whether either reader says something of it: two that say nothing agree cheaply."""
    if result != "same":
        return True
    said = probe["metadata"]["capture"]
    return said.get({"date": "takenAt", "camera": "camera", "place": "latitude"}[fact]) is not None


def compare(probe, tags):
    """(class, details) of each fact."""
    said = probe["metadata"]["capture"]
    return {
        "date": compare_date(said.get("takenAt"), tags),
        "camera": compare_camera(said.get("camera"), tags),
        "place": compare_place((said.get("latitude"), said.get("longitude")), tags),
    }


def transfers(tags, path):
    """The numbers (ITU-T H.273) of the transfer functions that a file names, in boxes, chunks, or a profile."""
    found = {int(value) for key, value in tags.items()
             if key.endswith("TransferCharacteristics") and str(value).isdigit()}
    words = " ".join(str(value) for key, value in tags.items() if key.endswith("ProfileDescription"))
    if path.lower().endswith(".jxl"):
        words += subprocess.run(
            ["jxlinfo", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60,
            check=False).stdout.decode(errors="replace")
    return found | {number for name, number in (("PQ", 16), ("HLG", 18)) if re.search(rf"\b{name}\b", words)}
