"""Trains the text tower, which finds photographs by what is typed: `python -m Training.photographs.meaning`.

Texts and pictures become directions of one space, in which a similarity says how likely a picture shows what a text
says (`aligned.py`). The pictures' direction is a linear map of their tower's pooled features. A small CLIP text tower
learns which text means which direction, from concepts and other words for them, nouns, names of classes, several things
together, and words that mean nothing, by which nothing is found. Goes on where a kill left it; `--to DIR` writes the
result into an exported model's tower.
"""

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .. import checkpoint
from ..log import Log
from ..model.clip_text import Meaning, TextConfiguration
from ..model.efficientnet import EfficientNetConfiguration
from ..optimise import schedule
from . import clip_tokens
from .aligned import Shown, Space, aligned
from .archive import Archive
from .concepts import Evidence
from .export_meaning import write
from .material import Pack, pack_of
from .published import published_classifier
from .queries import Queries, Query
from .raised import PUBLISHED, TUNED, photographs
from .retrieval import judged, mean_average_precision, noun_cases, synonym_cases

_TOKENS = 2560
_TEXTS, _PICTURES = 128, 1024  # A batch.
_COMPOSED, _STRANGE = 0.25, 0.06  # Shares of texts that name several things, and of words that mean nothing.
_OFTEN = (0.3, 4.0)  # How often texts are drawn, beside the middle one.
_LABELLED = 0.3  # How often names of classes are drawn.
_LIKELY_WEIGHT = 2.0  # Of the probabilities, beside directions.
_EVERYDAY, _CHOSEN = frozenset({"flickr8k", "coco", "ade20k"}), 0.2  # What other pictures count beside these.
_SPLIT = 0.1  # How often a pair of bytes is left apart, so that parts of words mean something too.
_SAVE_EVERY = 50


@dataclass
class Batch:
    """Texts, their directions [texts, dimensions] where they have one (else zeros), how likely some of the pictures
    show them and what that counts [texts, pictures] (0: not known), and these pictures' rows among those to train with."""

    texts: list[str]
    directions: Tensor
    shown: Tensor
    known: Tensor
    pictures: np.ndarray


class Texts:
    """Texts and what pictures show of them."""

    def __init__(self, queries: Queries, pooled: Tensor, dimensions: int, counts: Tensor):
        self._queries, self._counts = queries, counts.numpy()
        self._shown = {query: queries.shown(query, queries.rows) for query in queries.all}
        self._known = {
            query: (shown >= 0) * queries.counts(query, queries.rows) * counts.numpy()
            for query, shown in self._shown.items()
        }
        told, known = (torch.from_numpy(np.stack(list(of.values()), 1)) for of in (self._shown, self._known))
        self.space = aligned(pooled[queries.rows].float(), Shown(told.clamp_min(0).half(), known), dimensions)
        self._directions = dict(zip(self._shown, self.space.directions))
        self._weights = [
            _LABELLED if query.label is not None else often
            for query, often in zip(self._shown, _drawn_how_often((told.clamp_min(0) * known).sum(0)))
        ]

    def batch(self, rng: random.Random) -> Batch:
        """Draws one."""
        pictures = np.array(rng.sample(range(len(self._queries.rows)), min(_PICTURES, len(self._queries.rows))))
        chosen = rng.choices(list(self._shown), self._weights, k=_TEXTS)
        texts, directions, *told = zip(*(self._told(query, pictures, rng) for query in chosen))
        shown, known = (torch.from_numpy(np.stack(part)) for part in told)
        return Batch(list(texts), torch.stack(directions), shown, known, pictures)

    def _told(
        self, query: Query, pictures: np.ndarray, rng: random.Random
    ) -> tuple[str, Tensor, np.ndarray, np.ndarray]:
        """A text, its direction, how likely pictures show it and what that counts: the query's, that of several things
        together or of a word that means nothing."""
        nowhere, chance = torch.zeros_like(self.space.directions[0]), rng.random()
        if chance < _STRANGE:
            return strange_word(rng), nowhere, np.zeros(len(pictures), np.float32), self._counts[pictures]
        if chance > 1 - _COMPOSED and (several := self._several(rng)):
            shown = self._queries.shown(several, self._queries.rows[pictures])
            return self._queries.worded(several, rng), nowhere, shown, (shown >= 0) * self._counts[pictures]
        text = self._queries.worded(query, rng)
        return text, self._directions[query], self._shown[query][pictures], self._known[query][pictures]

    def _several(self, rng: random.Random) -> Query | None:
        return self._queries.composed(rng.choice(self._queries.rows), rng)


def _drawn_how_often(shown: Tensor) -> list[float]:
    """How often texts are drawn beside each other, by how many pictures show them: what is common is looked for more
    often, and what is wrong about it is seen by more."""
    often = shown.sqrt()
    return (often / often.median().clamp_min(1e-6)).clamp(*_OFTEN).tolist()


def strange_word(rng: random.Random) -> str:
    """Syllables that are no word."""
    syllable = lambda: rng.choice("bcdfghjklmnprstvwz") + rng.choice("aeiou") + rng.choice(("", "n", "r", "x", "l"))  # noqa: E731
    return "".join(syllable() for _ in range(rng.randint(2, 4)))


def loss_of(found: Tensor, batch: Batch, space: Space, pictures: Tensor) -> Tensor:
    """How far directions of texts [texts, dimensions] are from what they should be, and what they say of pictures
    [pictures, dimensions] from what these show.

    What all directions have in common is left out of the first: next to it hardly anything would be told apart.
    """
    has = batch.directions.any(1)
    common = space.directions.mean(0)
    alike = F.cosine_similarity(found[has] - common, batch.directions[has] - common)
    logits = space.scale * (found @ pictures.T) + space.bias
    likely = F.binary_cross_entropy_with_logits(logits, batch.shown.clamp_min(0), batch.known, reduction="sum")
    return 1 - alike.mean() + _LIKELY_WEIGHT * likely / batch.known.sum().clamp_min(1)


def class_probabilities(pooled: Tensor) -> np.ndarray:
    """The published classifier's [pictures, classes], of the published tower's pooled values."""
    classifier, parts = published_classifier(), []
    for part in pooled[:, : classifier["weight"].shape[1]].split(1024):
        parts.append((part.float() @ classifier["weight"].T + classifier["bias"]).softmax(1).half().numpy())
    return np.concatenate(parts)


def measured(model: Meaning, tokenizer, archive: Archive, evidence: Evidence, pooled: dict[str, Tensor]) -> dict:
    """Texts of several kinds: how many there are, and their mean average precision."""
    with torch.inference_mode():
        pictures = model.pictures(torch.stack([pooled[name] for name in judged(archive)]).float())

        def scores(texts: list[str]) -> np.ndarray:
            ids = clip_tokens.padded(tokenizer, texts, model.config.max_position_embeddings)
            return (model.texts(ids) @ pictures.T).numpy()

        cases = {
            "nouns of two captions, ten pictures": noun_cases(archive, 2, 10),
            "nouns of any caption, thirty pictures": noun_cases(archive, 1, 30),
            "other words for concepts": synonym_cases(archive, evidence, False),
            "other words, kept back": synonym_cases(archive, evidence, True),
        }
        return {name: (len(those), mean_average_precision(those, scores)) for name, those in cases.items()}


def main() -> None:
    """Trains, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--features", choices=(PUBLISHED, TUNED), default=TUNED, help="of which tower")
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"), help="of train.py's run")
    parser.add_argument("--drawings", type=int, default=512, help="as in Training.photographs.features")
    parser.add_argument("--views", type=int, default=2)
    parser.add_argument("--steps", type=int, default=4000, help="of training; a batch each")
    parser.add_argument("--dimensions", type=int, default=256, help="of the space of texts and pictures")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--to", type=Path, help="an exported model, whose tower gets the text tower")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive, config = Archive(arguments.photographs), EfficientNetConfiguration()
    pack = pack_of(archive, arguments.folder, arguments.features, arguments.views, arguments.drawings)
    made = np.load(arguments.folder / "present.npy", mmap_mode="r")
    own = photographs(arguments.folder, arguments.features, archive, config)
    pooled = [own.values(view) for view in range(pack.views)]
    classes = class_probabilities(photographs(arguments.folder, PUBLISHED, archive, config).values(0))
    model, tokenizer = _trained(pack, np.array(made[0]), classes, pooled, arguments)
    by_name = {name: pooled[0][row] for row, name in enumerate(pack.cache.names) if name in archive.truth}
    found = measured(model, tokenizer, archive, pack.evidence, by_name)
    for name, (count, value) in found.items():
        print(f"{name}: {count} texts, mean average precision {value:.3f}")
    if arguments.to:
        write(model, model.config, tokenizer, arguments.to / "vision_tower")


def _mean(views: list[Tensor]) -> Tensor:
    """Over the views that are whole."""
    whole = [view for view in views if len(view) == len(views[0])]
    return sum(view.float() for view in whole) / len(whole)


def _counts(pack: Pack, rows: np.ndarray) -> Tensor:
    """What a picture counts: those that people took of what was before them, more than those chosen for a class."""
    sources = {line["name"]: line["source"] for line in pack.archive.labels}
    everyday = [sources[pack.cache.names[row]] in _EVERYDAY for row in rows]
    return torch.where(torch.tensor(everyday), 1.0, _CHOSEN)


def _trained(pack: Pack, made: np.ndarray, classes: np.ndarray, pooled: list[Tensor], arguments):
    """The model and its tokenizer."""
    names = pack.cache.names
    rows = np.array([n for n in range(len(pooled[0])) if names[n] not in pack.archive.truth])
    queries = Queries(pack, made, classes, rows)
    path = arguments.folder / "text-tokenizer.json"
    if not path.exists():
        texts = [queries.worded(query, random.Random(n)) for query in queries.all for n in range(6)]
        clip_tokens.train_tokenizer(texts, _TOKENS).save(str(path))
    tokenizer = clip_tokens.load(path)
    torch.manual_seed(5)
    size, end = tokenizer.get_vocab_size(), tokenizer.token_to_id(clip_tokens.END)
    model = Meaning(TextConfiguration(size, end, arguments.dimensions), pooled[0].shape[1])
    # Of the pooled values the means alone: with the largest ones nothing was found better.
    means = _mean(pooled)[:, : pooled[0].shape[1] // 2]
    texts = Texts(queries, means, arguments.dimensions, _counts(pack, rows))
    space = texts.space
    model.hold(F.pad(space.projection, (0, means.shape[1])), space.scale, space.bias)
    seen = space.pictures(means[rows])
    moving = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(moving, arguments.rate, betas=(0.9, 0.98), weight_decay=0.02)
    kept, step = arguments.folder / "meaning.pt", 0
    if state := checkpoint.load(kept):
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    log = Log(arguments.folder / "log.jsonl", "meaning")
    model.train()
    tokenizer.model.dropout = _SPLIT
    while step < arguments.steps:
        batch = texts.batch(random.Random(f"texts {step}"))
        ids = clip_tokens.padded(tokenizer, batch.texts, model.config.max_position_embeddings)
        with torch.autocast("cpu", torch.bfloat16):
            found = model.texts(ids)
        loss = loss_of(found.float(), batch, space, seen[batch.pictures])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(moving, 1.0)
        for group in optimiser.param_groups:
            group["lr"] = arguments.rate * schedule(step / arguments.steps)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        log.add(step, loss.item(), {})
        if step % _SAVE_EVERY == 0 or step >= arguments.steps:
            checkpoint.save(kept, {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step})
    tokenizer.model.dropout = None
    return model.eval(), tokenizer


if __name__ == "__main__":
    main()
