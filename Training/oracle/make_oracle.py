"""Checks golden values against MODEL.md in numpy, and makes further tiny oracles.

    python Training/oracle/make_oracle.py verify FOLDER...
    python Training/oracle/make_oracle.py make TINY FOLDER [NAME...]

`verify` computes every case of an oracle anew and compares. `make` writes the variants below FOLDER;
TINY is the oracle whose tokenizer they share. Files: MODEL.md, "Golden values".
"""

import argparse
import json
import pathlib
import sys

import numpy as np

import storage
from oracle import Oracle
from variants import VARIANTS, make

# Of a tensor's largest magnitude; the golden values' own rounding is about a hundredth of it.
TOLERANCE = 1e-4
# Steps whose two best logits are nearer than this may go either way.
GAP = 1e-3


def verify(folder: pathlib.Path) -> bool:
    oracle = Oracle(folder)
    golden = json.loads((folder / "golden.json").read_text())
    expected = storage.read_file(folder / "golden.safetensors")
    worst = 0.0
    for case in golden["cases"]:
        answer, tensors = oracle.run(case, len(case["greedy_ids"]))
        failures = []
        for name, value in tensors.items():
            wanted = expected[f"{case['name']}.{name}"]
            if value.shape != wanted.shape:
                failures.append(f"{name} has the shape {value.shape}, not {wanted.shape}")
                continue
            error = float(np.abs(value - wanted).max() / np.abs(wanted).max())
            worst = max(worst, error)
            if error > TOLERANCE:
                failures.append(f"{name} is off by {error:.2e}")
        if answer["input_ids"] != case["input_ids"]:
            failures.append("input_ids differ")
        steps = next(
            (i for i, gap in enumerate(case["greedy_gaps"]) if gap < GAP), len(case["greedy_gaps"]))
        if answer["greedy_ids"][:steps] != case["greedy_ids"][:steps]:
            failures.append(f"greedy_ids differ: {answer['greedy_ids'][:steps]}")
        print(f"{folder.name} {case['name']}: {'; '.join(failures) or 'ok'}")
        worst = np.inf if failures else worst
    for recorded in golden["tokenizer"]:
        if oracle.tokenizer.encode(recorded["text"]).ids != recorded["ids"]:
            print(f"{folder.name}: the tokenizer differs at {recorded['text']!r}")
            worst = np.inf
    print(f"{folder.name}: largest difference {worst:.1e} of a tensor's largest magnitude")
    return worst < np.inf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify")
    verifying.add_argument("folders", nargs="+", type=pathlib.Path)
    making = commands.add_parser("make")
    making.add_argument("tiny", type=pathlib.Path)
    making.add_argument("folder", type=pathlib.Path)
    making.add_argument("names", nargs="*", choices=[[], *VARIANTS], default=[])
    arguments = parser.parse_args()
    if arguments.command == "verify":
        results = [verify(folder) for folder in arguments.folders]
        sys.exit(0 if all(results) else 1)
    for name in arguments.names or VARIANTS:
        make(VARIANTS[name], arguments.tiny, arguments.folder / name)


if __name__ == "__main__":
    main()
