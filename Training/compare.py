"""The paper's comparison: one token with pre-fusion, one token without, every patch in the language model.

`python -m Training.compare --folder .training/compare --first .training/run --speech 90000 [what train.py takes]`
All three go on from one first stage and have the same data, budget and number of decoder layers. With `--further` they
go on from that folder's finished model instead, each with what of it it can use: what compression costs a model that has
learnt nearly all it can, rather than one in the midst of it. The same command goes on after a kill at any moment.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import torch

from . import checkpoint, evaluate
from .answering import ask
from .export import trained_model
from .flops import prefill_flops
from .model.llava_mini import LLaVAMini
from .tokens import Chat
from .train import VARIANTS, configuration

TITLES = {"prefusion": "one token, pre-fusion", "token": "one token", "patches": "every patch"}
# Lines of the table, beside those that the bundled model has to reach.
_FURTHER = (
    "light and weather named", "question: presence", "question: number", "question: where", "question: colour",
    "question: main colour", "caption exactly right", "clip caption exactly right",
)  # fmt: skip

Table = dict[str, float]


Weights = dict[str, torch.Tensor]


def as_decoder_layers(weights: Weights) -> Weights:
    """A model with pre-fusion, its pre-fusion layers as the first of the decoder's: they see patches and prompt too."""
    layer = re.compile(r"\.(prefusion_layers|layers)\.(\d+)\.(?=input_layernorm|self_attn|post_attention_layernorm|mlp)")
    own = {name: match for name in weights if "vision_tower" not in name and (match := layer.search(name))}
    before = len({match[2] for match in own.values() if match[1] == "prefusion_layers"})

    def renamed(name: str) -> str:
        if not (match := own.get(name)):
            return name
        index = int(match[2]) + (before if match[1] == "layers" else 0)
        return name[: match.start()] + f".layers.{index}." + name[match.end() :]

    return {renamed(name): tensor for name, tensor in weights.items()}


def _begin(variant: str, folder: Path, first: Path, further: bool) -> None:
    """Puts what the second stage begins with into a variant's folder, unless it has begun."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "sight.pt").exists():
        return
    state = checkpoint.load(first / "sight.pt")
    if state is None or (further and not (first / "speech.pt").exists()):
        raise SystemExit(f"{first}: it has no finished training; give --first another folder, or train there first")
    shutil.copy(first / "tokenizer.json", folder / "tokenizer.json")
    if further:
        state["learner"] = checkpoint.load(first / "speech.pt")["learner"]
        if variant != "prefusion":
            state["learner"] = as_decoder_layers(state["learner"])
    checkpoint.save(folder / "sight.pt", {"learner": state["learner"], "seen": state["seen"]})


def _train(variant: str, folder: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "Training.train", "--folder", str(folder), "--variant", variant, *arguments]
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
    parser.add_argument("--further", action="store_true", help="begin with its finished model")
    parser.add_argument("--only", choices=VARIANTS, action="append", help="not all three; may be given again")
    evaluate.add_counts(parser)
    arguments, training = parser.parse_known_args()
    torch.set_num_threads(arguments.threads)
    tables, costs = {}, {}
    for variant in arguments.only or VARIANTS:
        folder = arguments.folder / variant
        _begin(variant, folder, arguments.first, arguments.further)
        _train(variant, folder, training)
        tables[variant] = _measure(folder, evaluate.Counts.of(arguments))
        costs[variant] = _costs(variant, Chat.load(folder / "tokenizer.json"))
    print(report(tables, costs))


if __name__ == "__main__":
    main()
