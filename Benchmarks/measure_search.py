"""How well `vignette search` and `vignette moments` find photographs whose content is known.

    python3 -m Benchmarks.measure_search PROGRAM PHOTOS TRUTH.jsonl[.gz] [--clips COUNT] [--queries COUNT]

PROGRAM is a built `vignette`; TRUTH has an object a photograph: `name`, and `nouns` with the number of human captions
(of `captions`) that say each. The photographs are described into a catalogue that is thrown away. A query is a noun; a
photograph is right if three captions or more say it, and what the search keeps is not wrong if one does, or says a word
that means it (a puppy is a dog, and a man, a woman and a child are all people, since who people are is not looked for).
Of nouns that no caption says or means nothing should be found among these photographs. With --clips, clips of six photographs for five seconds each are made (FFmpeg), and
the moment that a noun finds in a clip should begin where the photograph does.
"""

import argparse
import collections
import gzip
import json
import os
import random
import subprocess
import tempfile

from Training.photographs.truth import Words

STRANGERS = (
    "platypus submarine trombone microscope igloo lighthouse saxophone stethoscope walrus anvil harp kangaroo "
    "scorpion accordion octopus windmill jellyfish rhinoceros typewriter telescope dinosaur tractor chandelier parrot "
    "toucan compass hammock lobster mummy robot sphinx totem yacht zeppelin abacus bagpipes beehive cello centipede "
    "didgeridoo flamingo gondola hedgehog iguana koala mammoth narwhal ostrich peacock samovar").split()
SECONDS = 5


def read_truth(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as file:
        return {item["name"]: item for item in map(json.loads, file) if item.get("captions", 0) >= 5}


class Library:
    """Photographs, described."""

    def __init__(self, program, folder, *paths):
        self.program, self.catalogue = program, os.path.join(folder, "catalogue.sqlite")
        self.run("scan", "--model", "photographs", *paths)

    def run(self, command, *arguments):
        line = [self.program, command, "--catalogue", self.catalogue, *arguments]
        return subprocess.run(line, check=True, capture_output=True, text=True).stdout

    def search(self, query, match, *more):
        lines = self.run(
            "search", "--model", "photographs", "--json", "--limit", "5000", "--match", match, *more, "--", query)
        return [os.path.basename(json.loads(line)["path"]) for line in lines.splitlines()]


def average_precision(found, right):
    hits, total = 0, 0.0
    for place, name in enumerate(found, 1):
        if name in right:
            hits += 1
            total += hits / place
    return total / len(right)


def means(words, noun, item):
    """Whether a photograph's captions have a word that says the noun, or means it."""
    said = set(item["nouns"]) | set(item.get("words", {}))
    return words.supported(noun, said) or (noun in words.people and bool(words.people & said))


def measure_pictures(library, truth, queries):
    words = Words()
    counts = collections.Counter(
        noun for item in truth.values() for noun, count in item["nouns"].items() if count >= 3 and noun.isalpha())
    nouns = [noun for noun, count in counts.most_common(queries) if count >= 4]
    precision = collections.defaultdict(list)
    kept, fine, wanted, reached = (collections.Counter() for _ in range(4))
    for noun in nouns:
        right = {name for name, item in truth.items() if item["nouns"].get(noun, 0) >= 3}
        fair = {name for name, item in truth.items() if means(words, noun, item)}
        for match in ("meaning", "words", "both"):
            found = [name for name in library.search(noun, match, "--all") if name in truth]
            precision[match].append(average_precision(found, right))
        for match in ("meaning", "both"):
            # Of photographs without captions nobody knows.
            found = truth.keys() & set(library.search(noun, match))
            kept[match], fine[match] = kept[match] + len(found), fine[match] + len(found & fair)
            wanted[match], reached[match] = wanted[match] + len(right), reached[match] + len(found & right)
    for match, values in precision.items():
        print(f"mean average precision, {match}: {sum(values) / len(values):.3f} ({len(values)} nouns)")
    # A yacht is found where there are boats.
    strangers = [word for word in STRANGERS if not any(means(words, word, item) for item in truth.values())]
    for match in kept:
        empty = sum(not truth.keys() & set(library.search(word, match)) for word in strangers)
        print(f"{match}, cut: {fine[match] / max(kept[match], 1):.3f} of what is kept is right,"
              f" {reached[match] / wanted[match]:.3f} of what is right is kept;"
              f" nothing found of {empty} of {len(strangers)} nouns that no caption says or means")


def make_clips(truth, photos, folder, count):
    """Clips of six photographs, each with the noun that is said of one alone and where that one begins."""
    numbers, names, made = random.Random(5), sorted(truth), []
    while len(made) < count:
        chosen = numbers.sample(names, 6)
        place = numbers.randrange(6)
        others = {noun for name in chosen if name != chosen[place] for noun in truth[name]["nouns"]}
        own = [noun for noun, said in truth[chosen[place]]["nouns"].items() if said >= 4 and noun not in others]
        if not own:
            continue
        path = os.path.join(folder, f"{len(made):04}.mp4")
        inputs = [part for name in chosen for part in
                  ("-loop", "1", "-t", str(SECONDS), "-i", os.path.join(photos, name))]
        shape = "".join(f"[{n}]scale=320:320,setsar=1,fps=5[v{n}];" for n in range(6))
        joined = shape + "".join(f"[v{n}]" for n in range(6)) + "concat=n=6:v=1[v]"
        subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-y", *inputs, "-filter_complex", joined, "-map", "[v]", "-pix_fmt",
             "yuv420p", "-preset", "veryfast", path], check=True)
        made.append((path, numbers.choice(own), chosen[place], place * SECONDS))
    return made


def measure_clips(program, truth, photos, count):
    with tempfile.TemporaryDirectory() as folder:
        clips = os.path.join(folder, "clips")
        os.mkdir(clips)
        made = make_clips(truth, photos, clips, count)
        library = Library(program, folder, clips)
        results = collections.Counter()
        for path, noun, photo, start in made:
            asked = {"words": [noun], "--like": ["--like", os.path.join(photos, photo)]}
            for way, arguments in asked.items():
                lines = library.run(
                    "moments", "--model", "photographs", "--json", "--all", "--limit", "100000", *arguments)
                moments = [json.loads(line) for line in lines.splitlines()]
                own = [moment for moment in moments if moment["path"] == path]
                results[way] += bool(own) and abs(own[0]["peak"] - start - SECONDS / 2) <= SECONDS / 2 + 1
        for way, right in results.items():
            print(f"moments by {way}: the right seconds of {right} of {count} clips")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("photos")
    parser.add_argument("truth")
    parser.add_argument("--queries", type=int, default=150)
    parser.add_argument("--clips", type=int, default=0)
    options = parser.parse_args()
    truth = {name: item for name, item in read_truth(options.truth).items()
             if os.path.exists(os.path.join(options.photos, name))}
    print(f"{len(truth)} photographs with five captions")
    if options.clips:
        measure_clips(options.program, truth, options.photos, options.clips)
    if options.queries:
        with tempfile.TemporaryDirectory() as folder:
            measure_pictures(Library(options.program, folder, options.photos), truth, options.queries)


if __name__ == "__main__":
    main()
