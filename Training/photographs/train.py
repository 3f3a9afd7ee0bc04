"""Trains the head of the model for photographs on cached features: `python -m Training.photographs.train`.

In order, each step kept and gone on from after a kill: classifiers of what is present (each picture is judged by one
that has not seen it, on the features of the published tower), texts composed from their calibrated answers, and the
language model that learns to say them from the features of the tuned tower.
"""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from .. import checkpoint
from ..log import Log
from ..model.configuration import Configuration
from ..model.efficientnet import EfficientNetConfiguration
from ..optimise import Optimisers
from ..tokens import Chat, train_tokenizer
from ..world import vocabulary as drawn_vocabulary
from .archive import Archive, half
from .batches import Batches
from .compose import Certainty, Pixels, caption, found, tags
from .judge import present
from .material import Pack, pack_of, people_in
from .published import published_classifier
from .raised import PUBLISHED, TUNED, drawings, photographs
from .speaker import Speaker, Trained, go_on_from
from .texts import vocabulary
from .tower import load
from .truth import report, score
from .worth import worth_of

_SAVE_EVERY = 120  # Seconds between checkpoints.


def teach(pack_: Pack, made: np.ndarray, certainty: Certainty, arguments: argparse.Namespace) -> None:
    """The head's training, until `--pictures` have been seen."""
    folder: Path = arguments.folder
    path = folder / "tokenizer.json"
    if not path.exists():
        texts = [*drawn_vocabulary.texts(), *vocabulary(pack_.kinds)]
        train_tokenizer(texts).save(str(path.with_suffix(".partial")))
        path.with_suffix(".partial").replace(path)
    chat = Chat.load(path)
    config = replace(Configuration(vocab_size=chat.size), vision=EfficientNetConfiguration())
    (folder / "configuration.json").write_text(json.dumps(asdict(config), indent=1))
    torch.manual_seed(3)
    upper = load(folder / "upper.pt" if arguments.features == TUNED else None, config.vision)
    speaker = Speaker(config, upper.head, len(pack_.evidence.words))
    values = photographs(folder, arguments.features, pack_.archive, config.vision).values(0)
    speaker.start_neck(published_classifier()["weight"], values[:, : config.vision.hidden_dim].float().mean(0))
    speaker.start_present(torch.from_numpy(made[0, : pack_.cache.count(0)].astype(np.float32).mean(0)))
    # The trunk's random weights are of no use here and are not kept.
    for part in (speaker.model.model.vision_tower.stem, speaker.model.model.vision_tower.blocks):
        part.requires_grad_(False)
    optimisers = Optimisers(Trained(speaker), arguments.rate)
    if arguments.first and not (folder / "speaker.pt").exists():
        go_on_from(speaker, chat, pack_.evidence.words, arguments.first)
    seen = 0
    if state := checkpoint.load(folder / "speaker.pt"):
        speaker.load_state_dict(state["speaker"])
        optimisers.load_state_dict(state["optimisers"])
        seen = state["seen"]
    log, shared, saved = Log(folder / "log.jsonl", "speak"), len(chat.prefix), time.monotonic()
    speaker.train()
    if seen < arguments.pictures:
        series = Batches(pack_, made, chat, certainty)
        for count, features, present_, packed in series(seen, arguments.batch):
            with torch.autocast("cpu", torch.bfloat16):
                loss, measures = speaker.loss(features, present_, *packed, shared)
            loss.backward()
            optimisers.step(seen / arguments.pictures)
            seen += count
            log.add(seen, loss.item(), measures)
            done = seen >= arguments.pictures
            if done or time.monotonic() - saved > _SAVE_EVERY:
                saved = time.monotonic()
                checkpoint.save(
                    folder / "speaker.pt",
                    {"speaker": speaker.state_dict(), "optimisers": optimisers.state_dict(), "seen": seen},
                )
            if done:
                break


def certainty_of(arguments: argparse.Namespace, pack_: Pack) -> Certainty:
    """How certain what is said has to be, by the arguments and by what people name."""
    return Certainty(
        arguments.certainty, arguments.tag_certainty, where=arguments.where_certainty, thrift=arguments.thrift,
        worth=worth_of(pack_.archive, pack_.evidence.words),
    )  # fmt: skip


def add_certainties(parser: argparse.ArgumentParser) -> None:
    """The arguments of `certainty_of`."""
    parser.add_argument("--certainty", type=float, default=0.88, help="how likely a caption's words must be")
    parser.add_argument("--tag-certainty", type=float, default=0.78, help="what share of tags is to be true")
    parser.add_argument("--thrift", type=float, default=1.0, help="the price of a wrong tag, in things found")
    parser.add_argument("--where-certainty", type=float, default=0.88, help="how likely outdoors or indoors must be")


def composed_table(pack_: Pack, made: np.ndarray, certainty: Certainty, part: int = 1) -> str:
    """What the texts themselves score on the half of the judged pictures that set no threshold: the model's goal."""
    labels, answers = {line["name"]: line for line in pack_.archive.labels}, []
    for row, name in enumerate(pack_.cache.names):
        if name in pack_.archive.truth and half(name) == part:
            probabilities = dict(zip(pack_.evidence.words, made[0, row].astype(float).tolist()))
            people = people_in(labels[name], pack_)
            what = found(probabilities, pack_.kinds, certainty, Pixels.of(labels[name]), people)
            answers.append({"path": name, "caption": caption(what), "tags": tags(what)})
    return report(score(answers, pack_.archive.truth))


def main() -> None:
    """Runs what is left of all steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--features", choices=(PUBLISHED, TUNED), default=TUNED, help="of which tower")
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"))
    parser.add_argument("--views", type=int, default=3, help="of each picture, of those that features were made of")
    parser.add_argument("--drawings", type=int, default=512, help="as in Training.photographs.features")
    parser.add_argument("--pictures", type=int, default=400_000, help="that the head sees in all")
    parser.add_argument("--epochs", type=int, default=2, help="of the classifiers of what is present")
    parser.add_argument("--first", type=Path, help="the folder of a run whose head this one goes on from")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    add_certainties(parser)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    archive = Archive(arguments.photographs)
    taught = pack_of(archive, arguments.folder, PUBLISHED, arguments.views, arguments.drawings)
    pack_ = pack_of(archive, arguments.folder, arguments.features, arguments.views, arguments.drawings)
    config = EfficientNetConfiguration()
    judging = photographs(arguments.folder, PUBLISHED, archive, config)
    values = [judging.values(view) for view in range(taught.views)]
    drawn = drawings(arguments.folder, PUBLISHED, arguments.drawings, config).values(0)
    made = present(taught, values, drawn, arguments.folder, arguments.epochs)
    certainty = certainty_of(arguments, pack_)
    for part in (0, 1):
        print(f"half {part}\n{composed_table(pack_, made[: pack_.views], certainty, part)}", flush=True)
    pack_.views = min(pack_.views, len(made))
    teach(pack_, made, certainty, arguments)


if __name__ == "__main__":
    main()
