"""Trains the text tower, which finds photographs by what is typed: `python -m Training.photographs.meaning`.

Texts and pictures become directions of one space: pictures by a linear map of their tower's pooled features, which
stay as they are, texts by a small CLIP text tower. A text's similarities to some thousand pictures, as a distribution,
are drawn towards how likely each of them shows it. Goes on where a kill left it; `--to DIR` writes the result into an
exported model's tower.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .. import checkpoint
from ..log import Log
from ..model.clip_text import Meaning, TextConfiguration
from ..model.efficientnet import EfficientNetConfiguration
from . import clip_tokens
from .archive import Archive
from .concepts import Evidence
from .drawings import cache_of_drawings
from .export_meaning import write
from .features import cache_of
from .judge import pooled_views
from .material import Pack
from .published import published_classifier
from .queries import Queries, Query
from .retrieval import judged, mean_average_precision, noun_cases, synonym_cases

_TOKENS = 2560
_TEXTS, _POSITIVES, _OTHERS = 96, 3, 1024  # A batch: texts, pictures that each is shown by, and other pictures.
_COMPOSED, _LABELLED = 0.2, 0.3  # Share of texts that name several things; how often names of classes are drawn.
_BACK = 0.3  # The weight of pictures' distributions over texts beside that of texts' over pictures.
_DROP, _SPLIT = 0.2, 0.1  # Of pooled features; how often a pair of bytes is left apart, so that parts of words count.
_SAVE_EVERY = 200


class Batches:
    """Texts, pictures and how likely these show them."""

    def __init__(self, queries: Queries, seed: int):
        self._queries, self._rng = queries, random.Random(seed)
        self._all, self._showing, weights = [], [], []
        for query in queries.all:
            rows = queries.rows[queries.shown(query, queries.rows) >= 0.5]
            if len(rows) >= 2:
                self._all.append(query)
                self._showing.append(rows)
                weights.append(_LABELLED if query.label is not None else 1.0)
        self._weights = weights

    def next(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Texts, the pictures' rows, and [texts, rows]: how likely each shows it, −1 where that is unknown."""
        rng, queries = self._rng, self._queries
        chosen: list[Query] = []
        rows: list[int] = rng.sample(queries.rows.tolist(), _OTHERS)
        for number in rng.choices(range(len(self._all)), self._weights, k=_TEXTS):
            showing = self._showing[number]
            rows += [int(showing[rng.randrange(len(showing))]) for _ in range(_POSITIVES)]
            composed = queries.composed(rows[-1], rng) if rng.random() < _COMPOSED else None
            chosen.append(composed or self._all[number])
        unique = np.unique(rows)
        return (
            [queries.worded(query, rng) for query in chosen],
            unique,
            np.stack([queries.shown(query, unique) for query in chosen]),
        )


def distributed(logits: Tensor, shown: Tensor) -> Tensor:
    """Cross-entropy of rows of similarities to how likely each shows it; what is unknown takes no part."""
    logits = logits.masked_fill(shown < 0, -1e4)
    wanted = shown.clamp(min=0)
    share = wanted.sum(1, keepdim=True)
    there = share[:, 0] > 0.3
    return F.cross_entropy(logits[there], (wanted / share.clamp(min=1e-6))[there])


def class_probabilities(pooled: Tensor) -> np.ndarray:
    """The published classifier's [pictures, classes]."""
    classifier, parts = published_classifier(), []
    for part in pooled.split(1024):
        parts.append((part.float() @ classifier["weight"].T + classifier["bias"]).softmax(1).half().numpy())
    return np.concatenate(parts)


def measured(model: Meaning, tokenizer, archive: Archive, evidence: Evidence, pooled: dict[str, Tensor]) -> dict:
    """Mean average precisions of nouns, of other words for concepts, and of such that were kept back."""
    with torch.inference_mode():
        pictures = model.pictures(torch.stack([pooled[name] for name in judged(archive)]).float())

        def scores(texts: list[str]) -> np.ndarray:
            ids = clip_tokens.padded(tokenizer, texts, model.config.max_position_embeddings)
            return (model.texts(ids) @ pictures.T).numpy()

        return {
            "nouns": mean_average_precision(noun_cases(archive), scores),
            "synonyms": mean_average_precision(synonym_cases(archive, evidence, False), scores),
            "kept_back": mean_average_precision(synonym_cases(archive, evidence, True), scores),
        }


def main() -> None:
    """Trains, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--features", type=Path, default=Path(".training/photographs/features"))
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"), help="of train.py's run")
    parser.add_argument("--drawings", type=int, default=512, help="as in Training.photographs.features")
    parser.add_argument("--views", type=int, default=2)
    parser.add_argument("--steps", type=int, default=3000, help="of training; a batch each")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--to", type=Path, help="an exported model, whose tower gets the text tower")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive, config = Archive(arguments.photographs), EfficientNetConfiguration()
    cache = cache_of(archive, arguments.features, config)
    drawings = cache_of_drawings(arguments.features, arguments.drawings, config)
    pack = Pack(archive, Evidence(archive.classes), cache, arguments.views, drawings)
    made = np.load(arguments.folder / "present.npy", mmap_mode="r")
    pooled = [view[:, : config.hidden_dim] for view in pooled_views(pack, arguments.folder)]
    model, tokenizer = _trained(pack, np.array(made[0]), pooled, config, arguments)
    by_name = {name: pooled[0][row] for row, name in enumerate(cache.names) if name in archive.truth}
    found = measured(model, tokenizer, archive, pack.evidence, by_name)
    print(", ".join(f"{name} {value:.3f}" for name, value in found.items()))
    if arguments.to:
        write(model, model.config, tokenizer, arguments.to / "vision_tower")


def _trained(pack: Pack, made: np.ndarray, pooled: list[Tensor], config, arguments) -> tuple[Meaning, object]:
    names = pack.cache.names
    rows = np.array([n for n in range(min(map(len, pooled))) if names[n] not in pack.archive.truth])
    queries = Queries(pack, made, class_probabilities(pooled[0]), rows)
    path = arguments.folder / "text-tokenizer.json"
    if not path.exists():
        texts = [queries.worded(query, random.Random(n)) for query in queries.all for n in range(6)]
        clip_tokens.train_tokenizer(texts, _TOKENS).save(str(path))
    tokenizer = clip_tokens.load(path)
    torch.manual_seed(5)
    size, end = tokenizer.get_vocab_size(), tokenizer.token_to_id(clip_tokens.END)
    model = Meaning(TextConfiguration(size, end), config.hidden_dim)
    optimiser = torch.optim.AdamW(model.parameters(), arguments.rate, betas=(0.9, 0.98), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, arguments.rate, total_steps=arguments.steps + 1, pct_start=0.05
    )
    kept, step = arguments.folder / "meaning.pt", 0
    if state := checkpoint.load(kept):
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        step = state["step"]
    log = Log(arguments.folder / "log.jsonl", "meaning")
    model.train()
    batches = Batches(queries, step)
    tokenizer.model.dropout = _SPLIT
    while step < arguments.steps:
        texts, chosen, shown = batches.next()
        values = torch.stack([pooled[random.randrange(len(pooled))][row] for row in chosen]).float()
        with torch.autocast("cpu", torch.bfloat16):
            at = model.texts(clip_tokens.padded(tokenizer, texts, model.config.max_position_embeddings))
            seen = model.pictures(F.dropout(values, _DROP))
        logits = model.logit_scale.exp() * at.float() @ seen.float().T
        told = torch.from_numpy(shown)
        loss = distributed(logits, told) + _BACK * distributed(logits.T, told.T)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        log.add(step, loss.item(), {"scale": model.logit_scale.exp().item()})
        if step % _SAVE_EVERY == 0 or step >= arguments.steps:
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
            checkpoint.save(kept, state | {"schedule": schedule.state_dict()})
    tokenizer.model.dropout = None
    return model.eval(), tokenizer


if __name__ == "__main__":
    main()
