"""Asks the built program about the pictures with known truth, as a user would, and judges what it says.

`python -m Training.photographs.ask MODEL --photographs DIR --program .build/release/vignette --answers FILE` writes
the answers, which `Training.photographs.score` reads too, and prints the table of one half of the pictures. With
`--drawings COUNT` it says how many drawings that training never saw are called drawings.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from .archive import Archive, half
from .concepts import MADE, read_concepts
from .drawings import drawing
from .truth import report, score

_FILES_AT_ONCE = 200
_EDGE = 448  # Of the drawings' longer side.
_UNSEEN = 1000  # A series of drawings that training never sees.


def asked(program: Path, model: Path, names: list[str], write: Callable[[Path], object]) -> list[dict]:
    """`path`, `caption` and `tags` of every picture; `write` writes that of a file's name."""
    said = []
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, len(names), _FILES_AT_ONCE):
            files = [Path(folder, name) for name in names[first : first + _FILES_AT_ONCE]]
            for file in files:
                write(file)
            command = [program.resolve(), "caption", "--model", model.resolve(), "--json", *files]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(f"{program} caption ended with {done.returncode}: {done.stderr.strip()}")
            for record in map(json.loads, done.stdout.splitlines()):
                said.append({"path": Path(record["path"]).name, "caption": record["caption"], "tags": record["tags"]})
    return said


def about_drawings(program: Path, model: Path, count: int) -> str:
    """How many drawings are called what they are, called another kind of no photograph, and taken for something."""
    truth = {f"{number}.png": drawing(number, _EDGE, _UNSEEN) for number in range(count)}
    said = asked(program, model, list(truth), lambda file: truth[file.name][0].save(file))
    made = {concept.word for concept in read_concepts() if concept.kind == MADE}
    right = sum(truth[one["path"]][1] in one["tags"] for one in said)
    other = sum(bool(made & set(one["tags"])) for one in said) - right
    silent = sum(one["caption"].startswith("Something unfamiliar") for one in said)
    return (
        f"of {count} drawings {right} are called what they are, {other} another kind of no photograph, "
        f"{silent} something unfamiliar, {count - right - other - silent} are taken for a photograph"
    )


def main() -> None:
    """Writes the answers and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a folder that the program loads")
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--answers", type=Path, required=True, help="the file to write")
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="of the pictures: 0 set the thresholds")
    parser.add_argument("--drawings", type=int, default=0, help="how many drawings to ask about as well")
    arguments = parser.parse_args()
    archive = Archive(arguments.photographs)
    write = lambda file: file.write_bytes(archive.read(file.name))  # noqa: E731
    names = [name for name in archive.truth if half(name) == arguments.half]
    said = asked(arguments.program, arguments.model, names, write)
    arguments.answers.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said))
    print(report(score(said, archive.truth)))
    if arguments.drawings:
        print(about_drawings(arguments.program, arguments.model, arguments.drawings))


if __name__ == "__main__":
    main()
