"""Prints how true captions and tags of photographs are.

`python -m Training.photographs.score ANSWERS.jsonl --truth dev-truth.jsonl.gz`, where the answers are what
`vignette caption --json` prints: `path`, `caption` and `tags`.
"""

import argparse
from pathlib import Path

from .archive import half, json_lines
from .truth import report, score


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument(
        "--half", type=int, choices=(0, 1), help="of the pictures alone: 0 set the thresholds, 1 did not"
    )
    arguments = parser.parse_args()
    truth = {line["name"]: line for line in json_lines(arguments.truth)}
    if arguments.half is not None:
        truth = {name: line for name, line in truth.items() if half(name) == arguments.half}
    print(report(score(json_lines(arguments.answers), truth)))


if __name__ == "__main__":
    main()
