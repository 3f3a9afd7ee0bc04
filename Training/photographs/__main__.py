"""Trains the model for photographs, all steps in order: `python -m Training.photographs --photographs DIR --to DIR`.

Every step goes on where a kill left it, and all write into one log, which ends up beside the model. What is kept below
`--folder` takes 1.7 GB a view and 1.2 GB more a view and tower. (What came of these defaults is in the model's card.)
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path


def steps(arguments: argparse.Namespace) -> list[list[str]]:
    """The commands, without `python -m Training.photographs.`, in their order."""
    folder, planes = str(arguments.folder / "run"), str(arguments.folder / "planes")
    threads = ["--threads", str(arguments.threads)]
    views = ["--views", str(arguments.views), "--drawings", str(arguments.drawings)]
    common = ["--photographs", str(arguments.photographs)]
    both, to = ["--planes", planes, "--folder", folder], ["--to", str(arguments.to)]
    speaking = ["--pictures", str(0 if arguments.head else arguments.pictures)]
    speaking += ["--first", str(arguments.first)] if arguments.first else []
    head = ["--head", str(arguments.head)] if arguments.head else []
    return [
        ["features", *common, "--folder", planes, *views, *threads],
        ["raised", "published", *common, *both, *views, *threads],
        ["tune", *common, *both, *views, "--examples", str(arguments.examples), *threads],
        ["raised", "tuned", *common, *both, *views, *threads],
        ["train", *common, "--folder", folder, *views, *speaking, *threads],
        ["answer", *common, "--folder", folder, "--export", str(arguments.to), *head, *threads],
        ["listing", *common, "--folder", folder, *views, *to, "--answers", f"{folder}/answers.jsonl", *threads],
        ["meaning", *common, "--folder", folder, *views, *to, *threads],
    ]


def main() -> None:
    """Runs what is left of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--to", type=Path, required=True, help="where the model goes")
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs"), help="of all that is kept")
    parser.add_argument("--views", type=int, default=3, help="of each picture")
    parser.add_argument("--drawings", type=int, default=1536, help="how many pictures that are no photographs")
    parser.add_argument("--examples", type=int, default=120_000, help="that the tower is tuned with")
    parser.add_argument("--pictures", type=int, default=210_000, help="that the language model sees")
    parser.add_argument("--first", type=Path, help="a run or an exported model whose head this one goes on from")
    parser.add_argument("--head", type=Path, help="an exported model whose language head is taken as it is")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    for step, *rest in steps(arguments):
        print(f"{step} {' '.join(rest)}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"Training.photographs.{step}", *rest])
        if done.returncode:
            raise SystemExit(f"the step '{step}' ended with {done.returncode}; the same command goes on from there")
    shutil.copyfile(arguments.folder / "run" / "log.jsonl", arguments.to / "log.jsonl")


if __name__ == "__main__":
    main()
