"""The engine and llama.cpp in turn, in one run: `python Benchmarks/compare.py --llama DIR --gguf FILE` (no packages).

A shared machine's speed changes by a factor of two within hours, so figures of different runs say nothing about each
other. Here each round measures one program and then the other; of each the best round counts, and the ratio of the two.
PEERS.md says how llama.cpp and the GGUF file come about.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

# Tokens: of an image as LLaVA reads it, of the text in front of it, of a question, and of both answers.
PATCHES, SYSTEM, QUESTION, ANSWERS = 576, 66, 24, (40, 20)
BATCH = 8


def lines(command: list[str | Path]) -> list[dict]:
    """The JSON objects that a program prints, one a line."""
    print("$", *command, file=sys.stderr)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def llama(folder: Path, gguf: Path, threads: int) -> dict[str, float]:
    """Tokens a second of llama.cpp: reading 64 and 640 tokens, writing one sequence and eight."""
    options = ["-m", gguf, "-t", str(threads)]
    one = [folder / "llama-bench", *options, "-p", "64,640", "-n", "16", "-r", "1", "-o", "jsonl"]
    found = {f"read {row['n_prompt']}" if row["n_prompt"] else "write 1": row["avg_ts"] for row in lines(one)}
    many = [
        folder / "llama-batched-bench", *options, "-c", "2048",
        "-npp", "64", "-ntg", "16", "-npl", str(BATCH), "--output-format", "jsonl",
    ]  # fmt: skip
    found[f"write {BATCH}"] = lines(many)[-1]["speed_tg"]
    return found


def llama_picture_seconds(rates: dict[str, float], writing: str = "write 1") -> float:
    """A picture with LLaVA's 576 tokens in the same language model, caption and tags.

    The second prompt reads its question alone (the prompt cache holds the rest). The vision tower's time is left out,
    which favours the peer; so does the rate of 640 tokens, which is its best.
    """
    read = PATCHES + SYSTEM + 2 * QUESTION
    return read / rates["read 640"] + sum(ANSWERS) / rates[writing]


def vignette(program: Path, shape: str, threads: int) -> dict[str, float]:
    """Figures of the engine by their names, with the share of the ceiling that each reached."""
    command = [program, "bench", "--shape", shape, "--bits", "4", "--threads", str(threads), "--quick", "--json"]
    found = {}
    for figure in lines(command):
        found[figure["name"]] = figure["value"]
        if "ratio" in figure:
            found[f"{figure['name']} (share)"] = figure["ratio"]
    return found


def best(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The best of each figure: the highest rate, the shortest time."""
    return {
        name: (min if name.startswith("a picture") and not name.endswith("(share)") else max)(r[name] for r in rounds)
        for name in rounds[0]
    }


def table(peer: dict[str, float], own: dict[str, float]) -> list[tuple[str, float, float, float, float]]:
    """What is compared: name, peer's, own, ratio, own share of the ceiling."""
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
    picture = next(n for n in own if n.startswith("a picture") and not n.endswith("(share)"))
    seconds = llama_picture_seconds(peer)
    rows.append(("a picture, s", seconds, own[picture], seconds / own[picture], own[f"{picture} (share)"]))
    backlog = next(n for n in own if n.startswith("a backlog") and not n.endswith("(share)"))
    for how, writing in (("one by one", "write 1"), (f"{BATCH} at once", f"write {BATCH}")):
        hourly = 3600 / llama_picture_seconds(peer, writing)
        share = own[f"{backlog} (share)"]
        rows.append((f"pictures/h, the peer {how}", hourly, own[backlog], own[backlog] / hourly, share))
    return rows


def main() -> None:
    """Prints the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--llama", type=Path, required=True, help="the folder of llama-bench and llama-batched-bench")
    parser.add_argument("--gguf", type=Path, required=True, help="from make_gguf.py")
    parser.add_argument("--vignette", type=Path, default=Path(".build/release/vignette"))
    parser.add_argument("--shape", default="llava-mini-llama-3.1-8b")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    peers, owns = [], []
    for _ in range(arguments.rounds):
        peers.append(llama(arguments.llama, arguments.gguf, arguments.threads))
        owns.append(vignette(arguments.vignette, arguments.shape, arguments.threads))
    print("| what | llama.cpp | Vignette | ratio | of the ceiling |\n| --- | ---: | ---: | ---: | ---: |")
    for name, theirs, ours, ratio, share in table(best(peers), best(owns)):
        print(f"| {name} | {theirs:.2f} | {ours:.2f} | {ratio:.2f}× | {share:.0%} |")


if __name__ == "__main__":
    main()
