"""The paper's comparison: one token with pre-fusion, one token without, every patch in the language model.

`python -m Training.compare --folder .training/compare --first .training/run --speech 90000 [what train.py takes]`
All three go on from one first stage and have the same data, budget and number of decoder layers. The same command goes
on after a kill at any moment.
"""

import argparse
import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import torch

from . import evaluate
from .answering import ask
from .export import trained_model
from .flops import prefill_flops
from .model.llava_mini import LLaVAMini
from .tokens import Chat
from .train import VARIANTS, configuration

TITLES = {"prefusion": "one token, pre-fusion", "token": "one token", "patches": "every patch"}
_SHARED = ("sight.pt", "tokenizer.json")
# Lines of the table, beside those that the bundled model has to reach.
_FURTHER = (
    "light and weather named", "question: presence", "question: number", "question: where", "question: colour",
    "question: main colour", "caption exactly right", "clip caption exactly right",
)  # fmt: skip

Table = dict[str, float]


def _train(variant: str, folder: Path, first: Path, further: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _SHARED:
        if not (folder / name).exists():
            shutil.copy(first / name, folder / name)
    command = [sys.executable, "-m", "Training.train", "--folder", str(folder), "--variant", variant, *further]
    subprocess.run(command, check=True)


def _measure(folder: Path, counts: evaluate.Counts) -> Table:
    """The evaluation of a training folder's last checkpoint; kept beside it, and made anew where the model changed."""
    model, _, seen = trained_model(folder)
    kept = folder / "evaluation.json"
    measured = {"seen": seen, "pictures": counts.pictures, "clips": counts.clips, "outside": counts.outside}
    if kept.exists() and (before := json.loads(kept.read_text()))["measured"] == measured:
        return before["table"]
    scores, _ = evaluate.measure(partial(ask, model, Chat.load(folder / "tokenizer.json")), counts)
    table = {line: value for line, value, _ in scores.table()}
    kept.write_text(json.dumps({"measured": measured, "table": table}, indent=1))
    return table


def _costs(variant: str, chat: Chat) -> tuple[int, int]:
    """FLOPs up to the first token of a caption: for a picture, and for a clip of ten frames."""
    model = LLaVAMini(configuration(variant, chat.size)).eval()
    return sum(prefill_flops(model, chat)), sum(prefill_flops(model, chat, 10))


def report(tables: dict[str, Table], costs: dict[str, tuple[int, int]]) -> str:
    """The comparison in Markdown, a column for each variant."""
    lines = ["| | " + " | ".join(TITLES[variant] for variant in tables) + " |", "|---|" + "---:|" * len(tables)]
    for line in (*evaluate.TARGETS, *evaluate.LIMITS, *_FURTHER):
        if all(line in table for table in tables.values()):
            lines.append(f"| {line} | " + " | ".join(f"{table[line]:.1%}" for table in tables.values()) + " |")
    for index, what in enumerate(("a picture", "a clip of ten frames")):
        cells = " | ".join(f"{costs[variant][index] / 1e6:.0f} M" for variant in tables)
        lines.append(f"| FLOPs to the first word of {what} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Trains and evaluates whatever is not done yet, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(".training/compare"), help="a folder for each goes here")
    parser.add_argument("--first", type=Path, default=Path(".training/run"), help="a training folder: its first stage")
    parser.add_argument("--only", choices=VARIANTS, action="append", help="not all three; may be given again")
    evaluate.add_counts(parser)
    arguments, further = parser.parse_known_args()
    torch.set_num_threads(arguments.threads)
    tables, costs = {}, {}
    for variant in arguments.only or VARIANTS:
        folder = arguments.folder / variant
        _train(variant, folder, arguments.first, further)
        tables[variant] = _measure(folder, evaluate.Counts.of(arguments))
        costs[variant] = _costs(variant, Chat.load(folder / "tokenizer.json"))
    print(report(tables, costs))


if __name__ == "__main__":
    main()
