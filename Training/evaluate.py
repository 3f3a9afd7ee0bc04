"""Measures an exported model on pictures that training never saw: `python -m Training.evaluate Models/demo`."""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import torch

from .answering import ask
from .engine import Engine
from .export import load_exported
from .outside import outside_picture
from .scoring import Scores, right_colour, score_caption, score_clip, score_tags
from .world import clips, questions
from .world.palette import colour_shares
from .world.reading import read_caption
from .world.render import picture

Ask = Callable[[list[np.ndarray], list[str]], list[str]]  # Pictures or clips, a prompt for each; the answers.
SEED = 1000  # Of the evaluation's series; training's are below 1000, and others begin at 1001.
_AT_ONCE = 1250
# What the bundled model must reach (share, or F1), by line of the table.
TARGETS = {
    "scene kind": 0.99, "objects F1, 1–2 objects": 0.97, "objects F1, 3–4 objects": 0.93, "number": 0.95, "place": 0.95,
    "tags F1": 0.95, "questions": 0.92, "clip: what and how it moves": 0.90, "outside: main colour": 0.90,
}  # fmt: skip
LIMITS = {"outside: object invented": 0.02}


def _portions(count: int) -> Iterator[range]:
    for start in range(0, count, _AT_ONCE):
        yield range(start, min(start + _AT_ONCE, count))


def _pictures(ask: Ask, scores: Scores, seed: int, count: int, keep: list[dict]) -> None:
    for numbers in _portions(count):
        made = [picture(seed, number) for number in numbers]
        pixels = [one.pixels for one in made]
        asked = [questions.question(one.scene, Random(f"ask {number}")) for number, one in zip(numbers, made)]
        wordings = [questions.caption(one.scene) for one in made]
        said = ask(pixels, [exchange.prompt for exchange in wordings])
        tags = ask(pixels, [questions.TAG_PROMPTS[0]] * len(made))
        short = ask(pixels, [exchange.prompt for exchange in asked])
        for number, one, truth, caption, words, exchange, answer in zip(
            numbers, made, wordings, said, tags, asked, short
        ):
            score_caption(scores, one.scene, caption)
            score_tags(scores, one.scene, words)
            right = answer == exchange.answer
            if exchange.kind == "main colour":
                right = right_colour(answer, colour_shares(one.pixels))
            scores.count("questions", right)
            scores.count(f"question: {exchange.kind}", right)
            keep.append(
                {
                    "picture": number,
                    "caption": caption,
                    "truth": truth.answer,
                    "tags": words,
                    "asked": exchange.prompt,
                    "answer": answer,
                    "right": exchange.answer,
                }
            )


def _clips(ask: Ask, scores: Scores, seed: int, count: int, keep: list[dict]) -> None:
    for numbers in _portions(count):
        made = [clips.clip_frames(seed, number) for number in numbers]
        said = ask([frames for frames, _, _ in made], [questions.CAPTION_PROMPTS[0]] * len(made))
        for number, (_, _, clip), caption in zip(numbers, made, said):
            score_clip(scores, clip, caption)
            keep.append({"clip": number, "caption": caption, "truth": clips.caption(clip).answer})


def _outside(ask: Ask, scores: Scores, seed: int, count: int, keep: list[dict]) -> None:
    for numbers in _portions(count):
        made = [outside_picture(seed, number) for number in numbers]
        pixels = [one for one, _ in made]
        said = ask(pixels, [questions.CAPTION_PROMPTS[0]] * len(made))
        colours = ask(pixels, ["What is the main colour of this picture?"] * len(made))
        for number, (one, kind), caption, colour in zip(numbers, made, said, colours):
            invented = bool(read_caption(caption).kinds)
            scores.count("outside: object invented", invented)
            scores.count(f"outside: object invented, {kind}", invented)
            scores.count("outside: main colour", right_colour(colour, colour_shares(one)))
            keep.append({"outside": number, "kind": kind, "caption": caption, "colour": colour})


def _torch(arguments: argparse.Namespace) -> Ask:
    torch.set_num_threads(arguments.threads)
    return partial(ask, *load_exported(arguments.model))


def _engine(arguments: argparse.Namespace) -> Ask:
    return Engine(arguments.program, arguments.model).ask


def report(scores: Scores) -> str:
    """The table in Markdown, with what must be reached beside what is."""
    lines = ["| what | reached | must | cases |", "| --- | ---: | ---: | ---: |"]
    for line, value, cases in scores.table():
        must = f"≥ {TARGETS[line]:.0%}" if line in TARGETS else f"≤ {LIMITS[line]:.0%}" if line in LIMITS else ""
        lines.append(f"| {line} | {value:.1%} | {must} | {cases:,} |")
    return "\n".join(lines)


@dataclass(frozen=True)
class Counts:
    """How many pictures, clips and pictures from outside the world to ask about, and of which series."""

    pictures: int
    clips: int
    outside: int
    seed: int = SEED

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Counts":
        """What was given on the command line."""
        return cls(arguments.pictures, arguments.clips, arguments.outside, arguments.seed)

    def __str__(self) -> str:
        return f"{self.pictures} pictures, {self.clips} clips, {self.outside} from outside, series {self.seed}"


def add_counts(parser: argparse.ArgumentParser) -> None:
    """Options for `Counts`, and for the threads that PyTorch answers on."""
    parser.add_argument("--seed", type=int, default=SEED, help="a series that nothing was chosen by, from 2000 on")
    parser.add_argument("--pictures", type=int, default=5000)
    parser.add_argument("--clips", type=int, default=500)
    parser.add_argument("--outside", type=int, default=600)
    parser.add_argument("--threads", type=int, default=2)


def measure(answers: Ask, counts: Counts) -> tuple[Scores, list[dict]]:
    """Asks about so many, and gives the scores and every answer."""
    scores, keep = Scores(), []
    _pictures(answers, scores, counts.seed, counts.pictures, keep)
    _clips(answers, scores, counts.seed, counts.clips, keep)
    _outside(answers, scores, counts.seed, counts.outside, keep)
    return scores, keep


def main() -> None:
    """Prints the table and, where asked, writes every answer down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="an exported folder")
    add_counts(parser)
    parser.add_argument("--program", type=Path, help="ask this build of the Swift engine, and not PyTorch")
    parser.add_argument("--answers", type=Path, help="write every answer here, one JSON object a line")
    arguments = parser.parse_args()
    start, counts = time.monotonic(), Counts.of(arguments)
    scores, keep = measure(_engine(arguments) if arguments.program else _torch(arguments), counts)
    print(report(scores))
    print(f"\n{counts} in {time.monotonic() - start:.0f} s")
    if arguments.answers:
        arguments.answers.write_text("".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in keep))


if __name__ == "__main__":
    main()
