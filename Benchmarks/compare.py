"""The engine and llama.cpp in turn, in one run: `python Benchmarks/compare.py --llama DIR --gguf FILE` (no packages).

A shared machine's speed changes by a factor of two within hours, and its memory's within seconds, so figures of
different minutes say nothing about each other. Here each round measures one program and then the other, part by part;
a ratio is of two figures of the same round, and of all rounds the median counts.
PEERS.md says how llama.cpp and the GGUF file come about.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# Tokens: of an image as LLaVA reads it, of the text in front of it, of a question, and of both answers.
PATCHES, SYSTEM, QUESTION, ANSWERS = 576, 66, 24, (40, 20)
BATCH = 8


def lines(command: list[str | Path]) -> list[dict]:
    """The JSON objects that a program prints, one a line."""
    print("$", *command, file=sys.stderr)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@dataclass(frozen=True)
class Llama:
    """llama.cpp's programs and a model for them; rates are tokens a second."""

    folder: Path
    gguf: Path
    threads: int

    def reading(self) -> dict[str, float]:
        """64 and 640 tokens."""
        found = lines(self._command("llama-bench", "-p", "64,640", "-n", "0", "-r", "1", "-o", "jsonl"))
        return {f"read {row['n_prompt']}": row["avg_ts"] for row in found}

    def writing(self) -> dict[str, float]:
        """One sequence and eight."""
        one = lines(self._command("llama-bench", "-p", "0", "-n", "16", "-r", "1", "-o", "jsonl"))
        # The program may end before its logger has written the last line; one sequence comes last, so that eight's
        # is not missed.
        many = lines(
            self._command(
                "llama-batched-bench", "-c", "2048",
                "-npp", "64", "-ntg", "16", "-npl", f"{BATCH},1", "--output-format", "jsonl",
            )
        )  # fmt: skip
        rates = [row["speed_tg"] for row in many if row["pl"] == BATCH]
        if not rates:
            raise SystemExit("llama-batched-bench wrote no line about eight sequences: run it once more")
        return {"write 1": one[0]["avg_ts"], f"write {BATCH}": rates[0]}

    def _command(self, program: str, *options: str) -> list[str | Path]:
        return [self.folder / program, "-m", self.gguf, "-t", str(self.threads), *options]


def llama_picture_seconds(rates: dict[str, float], writing: str = "write 1") -> float:
    """A picture with LLaVA's 576 tokens in the same language model, caption and tags.

    The second prompt reads its question alone (the prompt cache holds the rest). The vision tower's time is left out,
    which favours the peer; so does the rate of 640 tokens, which is its best.
    """
    read = PATCHES + SYSTEM + 2 * QUESTION
    return read / rates["read 640"] + sum(ANSWERS) / rates[writing]


@dataclass(frozen=True)
class Vignette:
    """The engine through its own benchmark."""

    program: Path
    shape: str
    threads: int

    def figures(self, section: str) -> dict[str, float]:
        """A section's figures by their names, with the share of the ceiling that each reached."""
        options = ["--shape", self.shape, "--bits", "4", "--threads", str(self.threads), "--quick", "--json"]
        found = {}
        for figure in lines([self.program, "bench", "--only", section, *options]):
            found[figure["name"]] = figure["value"]
            if "ratio" in figure:
                found[f"{figure['name']} (share)"] = figure["ratio"]
        return found


def authors(python: Path, threads: int) -> float:
    """Seconds of a picture the authors' way in PyTorch."""
    script = Path(__file__).with_name("peer_torch.py")
    found = lines([python, script, "--threads", str(threads), "--runs", "1", "--steps", "3", "--json"])[0]
    return found["a picture, 40 + 20 tokens"]


def picture_name(own: dict[str, float]) -> str:
    """What the engine calls the time of a picture, which says how many tokens it wrote."""
    return next(name for name in own if name.startswith("a picture") and not name.endswith("(share)"))


Row = tuple[str, float, float, float, float]


def table(peer: dict[str, float], own: dict[str, float]) -> list[Row]:
    """What is compared in a round: name, peer's, own, ratio, own share of the ceiling."""
    names = {
        "read 64": "prefill of 64 tokens", "read 640": "prefill of 640 tokens",
        "write 1": "decoding 1 sequence", f"write {BATCH}": f"decoding {BATCH} sequences",
    }  # fmt: skip
    rows = [
        (f"{name}, tokens/s", peer[key], own[name], own[name] / peer[key], own[f"{name} (share)"])
        for key, name in names.items()
    ]
    batching = own[names[f"write {BATCH}"]] / own[names["write 1"]]
    theirs = peer[f"write {BATCH}"] / peer["write 1"]
    rows.append((f"{BATCH} sequences over 1", theirs, batching, batching / theirs, batching / BATCH))
    picture = picture_name(own)
    seconds = llama_picture_seconds(peer)
    rows.append(("a picture, s", seconds, own[picture], seconds / own[picture], own[f"{picture} (share)"]))
    backlog = next(n for n in own if n.startswith("a backlog") and not n.endswith("(share)"))
    for how, writing in (("one by one", "write 1"), (f"{BATCH} at once", f"write {BATCH}")):
        hourly = 3600 / llama_picture_seconds(peer, writing)
        share = own[f"{backlog} (share)"]
        rows.append((f"pictures/h, the peer {how}", hourly, own[backlog], own[backlog] / hourly, share))
    return rows


def medians(rounds: list[list[Row]]) -> list[Row]:
    """The same table of several rounds, each figure and each ratio the median of theirs."""
    return [(rows[0][0], *(median(row[column] for row in rows) for column in range(1, 5))) for rows in zip(*rounds)]


def main() -> None:
    """Prints the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--llama", type=Path, required=True, help="the folder of llama-bench and llama-batched-bench")
    parser.add_argument("--gguf", type=Path, required=True, help="from make_gguf.py")
    parser.add_argument("--vignette", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument(
        "--torch", type=Path, help="a Python with torch: takes peer_torch.py in too (18.6 GB of memory)"
    )
    parser.add_argument("--shape", default="llava-mini-llama-3.1-8b")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    llama = Llama(arguments.llama, arguments.gguf, arguments.threads)
    vignette = Vignette(arguments.vignette, arguments.shape, arguments.threads)
    rounds, others = [], []
    for _ in range(arguments.rounds):
        peer, own = llama.reading(), vignette.figures("prefill")
        peer, own = peer | llama.writing(), own | vignette.figures("decoding") | vignette.figures("pictures")
        rounds.append(table(peer, own))
        if arguments.torch:
            seconds = authors(arguments.torch, arguments.threads)
            others.append((seconds, seconds / own[picture_name(own)]))
    print("| what | llama.cpp | Vignette | ratio | of the ceiling |\n| --- | ---: | ---: | ---: | ---: |")
    for name, theirs, ours, ratio, share in medians(rounds):
        print(f"| {name} | {theirs:.2f} | {ours:.2f} | {ratio:.2f}× | {share:.0%} |")
    if others:
        seconds, ratio = (median(values) for values in zip(*others))
        print(f"\nA picture as the authors' implementation does it: {seconds:.1f} s, {ratio:.1f}× ours.")


if __name__ == "__main__":
    main()
