#!/usr/bin/env python3
"""Compares what vignette-decoder says of a folder's files with what other readers say.

    Tests/corpus.py --cache /var/tmp/corpus-cache FOLDER...

Date, camera and place are compared with exiftool, pictures with Pillow, pillow-heif, ImageMagick, FFmpeg, djxl,
tifffile and GdkPixbuf, colour-managed where a file has a profile. Debian: libimage-exiftool-perl imagemagick ffmpeg
libjxl-tools libgdk-pixbuf2.0-bin; PyPI: pillow pillow-heif numpy tifffile imagecodecs. What the others say is kept in
the cache, and so is each result: a run that was cut off goes on, and after a change of the decoder only the decoder
works again.

Every difference is listed by its kind, with its reason where Tests/Corpus/reasons.tsv has one; the table comes last.
The exit status is 1 if fewer than 98 % of the facts or 99 % of the pictures agree, or a picture is silently wrong.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import sys

from Corpus import facts
from Corpus.comparison import Comparison
from Corpus.reasons import Reasons
from Corpus.report import report

BATCH = 40
HERE = os.path.dirname(os.path.abspath(__file__))


def paths_of(folders):
    """Every file below the folders but hidden ones."""
    return sorted(
        os.path.join(folder, name) for top in folders for folder, _, names in os.walk(top) for name in names
        if "/." not in folder[len(top):] and not name.startswith("."))


def tags_of(comparison, paths):
    """exiftool's answers, kept beside the pictures."""
    kept = {path: comparison.peers.key(path) + ".tags.json" for path in paths}
    missing = [path for path in paths if not os.path.exists(kept[path])]
    found = facts.exiftool(missing) if missing else {}
    for path in missing:
        with open(kept[path] + ".part", "w", encoding="utf-8") as file:
            json.dump(found.get(path, {}), file)
        os.replace(kept[path] + ".part", kept[path])
    answers = {}
    for path in paths:
        with open(kept[path], encoding="utf-8") as file:
            answers[path] = json.load(file)
    return answers


def compare(decoder, cache, paths, wants_pixels):
    """A batch of files, in a process of its own."""
    comparison = Comparison(decoder, cache)
    try:
        tags = tags_of(comparison, paths)
        return [comparison.of(path, tags[path], wants_pixels) for path in paths]
    finally:
        comparison.decoder.close()


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:16]


def run(options, paths):
    """The results of all paths, those of an earlier run of the same decoder among them."""
    name = os.path.join(options.cache, f"results-{digest(options.decoder)}{'' if options.pixels else '-facts'}.jsonl")
    results = {}
    if os.path.exists(name):
        with open(name, encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    found = json.loads(line)
                    # What did not answer in time is asked again: the machine may have been busy.
                    if "no answer within" not in line:
                        results[found["path"]] = found
    left = [path for path in paths if path not in results]
    batches = [left[start:start + BATCH] for start in range(0, len(left), BATCH)]
    with concurrent.futures.ProcessPoolExecutor(options.workers) as pool, open(name, "a", encoding="utf-8") as file:
        jobs = [pool.submit(compare, options.decoder, options.cache, batch, options.pixels) for batch in batches]
        for number, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            for found in job.result():
                file.write(json.dumps(found, ensure_ascii=False) + "\n")
                results[found["path"]] = found
            file.flush()
            print(f"\r{number} of {len(batches)} batches", end="", file=sys.stderr, flush=True)
    return [results[path] for path in paths]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--decoder", default=".build/debug/vignette-decoder")
    parser.add_argument("--cache", required=True, help="a folder for what the others say and for results")
    parser.add_argument("--no-pixels", dest="pixels", action="store_false", help="compare dates, cameras, places only")
    parser.add_argument("--reasons", default=os.path.join(HERE, "Corpus", "reasons.tsv"))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    options.decoder = os.path.abspath(options.decoder)
    os.makedirs(options.cache, exist_ok=True)
    reasons = Reasons(options.reasons if os.path.exists(options.reasons) else None)
    results = run(options, paths_of(options.folders))
    sys.exit(0 if report(results, options.folders, reasons) else 1)


if __name__ == "__main__":
    main()
