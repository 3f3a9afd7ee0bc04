"""Trains the model from nothing to done: `python -m Training.train --folder .training/run`.

Every stage goes on from its last checkpoint, so the same command again resumes after a kill at any moment.
"""

import argparse
import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import torch

from . import parallel
from .model.configuration import Configuration
from .stages import Options, train_sight, train_speech
from .tokens import Chat, train_tokenizer
from .world import vocabulary

VARIANTS = ("prefusion", "token", "patches")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--folder", type=Path, default=Path(".training/run"), help="checkpoints, tokenizer and log go here"
    )
    parser.add_argument("--sight", type=int, default=400_000, help="pictures of the first stage")
    parser.add_argument("--speech", type=int, default=400_000, help="pictures of the second stage")
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--workers", type=int, default=1, help="processes that render pictures")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--processes", type=int, help="that train together; default: one a core, or one with a GPU")
    parser.add_argument(
        "--threads", type=int, help="of each process, for the model; default: all cores among the processes"
    )
    parser.add_argument("--compile", action="store_true", help="compile the layers; needs a C++ compiler")
    parser.add_argument(
        "--variant", choices=VARIANTS, default="prefusion",
        help="for the paper's comparison: one token with pre-fusion, one token, every patch in the language model",
    )  # fmt: skip
    return parser.parse_args()


def configuration(variant: str, vocabulary_size: int) -> Configuration:
    """The bundled model, or one of those that it is compared with; each has as many decoder layers as it."""
    base = Configuration(vocab_size=vocabulary_size)
    layers = base.num_hidden_layers + base.prefusion_layer_num
    match variant:
        case "token":
            return replace(base, prefusion_layer_num=0, num_hidden_layers=layers)
        case "patches":
            return replace(base, prefusion_layer_num=0, num_hidden_layers=layers, compressor_size=0)
    return base


def main() -> None:
    """Runs what is left of the tokenizer's training and of both stages."""
    arguments = _arguments()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tokenizer.json"
    if not path.exists():
        train_tokenizer(vocabulary.texts()).save(str(path.with_suffix(".partial")))
        path.with_suffix(".partial").replace(path)
    config = configuration(arguments.variant, Chat.load(path).size)
    (folder / "configuration.json").write_text(json.dumps(asdict(config), indent=1))
    cores = max(1, os.cpu_count() or 1)
    processes = arguments.processes or (cores if arguments.device == "cpu" else 1)
    if arguments.batch % processes:
        raise SystemExit(f"--batch {arguments.batch} is not a multiple of {processes} processes; give another --batch")
    parallel.run(processes, _stages, arguments, config, arguments.threads or max(1, cores // processes))


def _stages(arguments: argparse.Namespace, config: Configuration, threads: int) -> None:
    torch.set_num_threads(threads)
    options = Options(arguments.batch, arguments.rate, arguments.workers, arguments.device, arguments.compile)
    train_sight(config, arguments.folder, arguments.sight, options)
    train_speech(config, arguments.folder, arguments.speech, options)


if __name__ == "__main__":
    main()
