"""Trains the text tower, which finds photographs by what is typed: `python -m Training.photographs.meaning`.

Texts and pictures become directions of one space. The pictures' is a linear map of their tower's pooled features, and
what tells pictures that show something from others has a direction there, both in closed form (`directions.py`). A
small CLIP text tower learns which text means which direction, from concepts and other words for them, nouns, names of
classes, and several things together. Goes on where a kill left it; `--to DIR` writes the result into an exported
model's tower.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .. import checkpoint
from ..log import Log
from ..model.clip_text import Meaning, TextConfiguration
from ..model.efficientnet import EfficientNetConfiguration
from ..optimise import schedule
from . import clip_tokens
from .archive import Archive
from .concepts import Evidence
from .directions import fitted
from .export_meaning import write
from .material import Pack, pack_of
from .published import published_classifier
from .queries import Queries, Query
from .raised import PUBLISHED, TUNED, photographs
from .retrieval import judged, mean_average_precision, noun_cases, synonym_cases

_TOKENS = 2560
_TEXTS = 128  # A batch.
_COMPOSED, _LABELLED = 0.25, 0.3  # Share of texts that name several things; how often names of classes are drawn.
_SPLIT = 0.1  # How often a pair of bytes is left apart, so that parts of words mean something too.
_EVERYDAY, _CHOSEN = frozenset({"flickr8k", "coco", "ade20k"}), 0.2  # What other pictures count beside these.
_SAVE_EVERY = 50


class Texts:
    """Texts and their directions."""

    def __init__(self, queries: Queries, pooled: Tensor, dimensions: int, counts: Tensor):
        self._queries, rows = queries, queries.rows
        shown = {query: queries.shown(query, rows) for query in queries.all}
        self.space = fitted(pooled[rows].float(), list(shown.values()), dimensions, counts)
        found = {query: self.space.direction(likely) for query, likely in shown.items()}
        self._known = [(query, direction) for query, direction in found.items() if direction is not None]
        self._weights = [_LABELLED if query.label is not None else 1.0 for query, _ in self._known]

    def batch(self, rng: random.Random) -> tuple[list[str], Tensor]:
        """Texts, and their directions [texts, dimensions]."""
        texts, directions = [], []
        for query, direction in rng.choices(self._known, self._weights, k=_TEXTS):
            if rng.random() < _COMPOSED and (several := self._several(rng)):
                query, direction = several
            texts.append(self._queries.worded(query, rng))
            directions.append(direction)
        return texts, torch.stack(directions)

    def _several(self, rng: random.Random) -> tuple[Query, Tensor] | None:
        rows = self._queries.rows
        query = self._queries.composed(rng.choice(rows), rng)
        direction = query and self.space.direction(self._queries.shown(query, rows))
        return None if direction is None else (query, direction)


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
    parser.add_argument("--steps", type=int, default=640, help="of training; a batch each")
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
    texts = Texts(
        queries, _mean(pooled)[:, : pooled[0].shape[1] // 2], model.config.projection_dim, _counts(pack, rows)
    )
    # Of the pooled values the means alone: with the largest ones nothing was found better.
    model.visual_projection.weight.data.zero_()
    model.visual_projection.weight.data[:, : pooled[0].shape[1] // 2] = texts.space.projection
    model.visual_projection.requires_grad_(False)
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
        worded, directions = texts.batch(random.Random(f"texts {step}"))
        ids = clip_tokens.padded(tokenizer, worded, model.config.max_position_embeddings)
        with torch.autocast("cpu", torch.bfloat16):
            found = model.texts(ids)
        alike = (found.float() * directions).sum(1)
        loss = 1 - alike.mean()
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
