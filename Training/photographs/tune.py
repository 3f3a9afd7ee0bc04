"""Tunes the upper part of the tower: `python -m Training.photographs.tune`.

The published tower sees what ImageNet asked of it. Here its blocks on the smallest grid and its last convolution learn
what labels say of the photographs (every concept, and people's single nouns), while the published classifier has to go
on saying of each picture what it said with the published tower, so that what a million pictures taught is kept. What
comes out is the running mean of the weights. Goes on where a kill left it.
"""

import argparse
import copy
import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .. import checkpoint
from ..log import Log
from ..model.efficientnet import EfficientNetConfiguration
from .archive import Archive
from .concepts import Evidence
from .drawings import concept_of, planes_of_drawings
from .features import Cache, planes_of
from .published import published_classifier
from .raised import PUBLISHED, drawings, photographs
from .tower import fresh
from .upper import Upper, pooled

_NOUNS_FROM = 8  # Pictures to train with that a noun has to stand at, to be learnt.
_KEPT = 4.0  # Weight of what the published classifier has to go on saying.
_NAMED = 0.5  # Weight of people's nouns.
_MEAN = 0.995  # Of the weights before, in their running mean.
_SAVE_EVERY = 60  # Seconds.


class Tuned(nn.Module):
    """The upper part, and what it is asked."""

    def __init__(self, upper: Upper, concepts: int, nouns: int, drop: float = 0.3, hidden: int = 512):
        super().__init__()
        self.upper = upper
        channels = 2 * upper.head.out_features
        self.norm, self.drop = nn.LayerNorm(channels), nn.Dropout(drop)
        self.bent = nn.Linear(channels, hidden)
        self.shown, self.named = nn.Linear(channels + hidden, concepts), nn.Linear(channels + hidden, nouns)
        self.classifier = nn.Linear(upper.head.out_features, len(published_classifier()["bias"])).requires_grad_(False)
        self.classifier.load_state_dict(published_classifier())
        for told in (self.shown, self.named):
            nn.init.zeros_(told.weight)
            nn.init.constant_(told.bias, -4.0)

    def forward(self, planes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of concepts, of nouns, and of the published classes, in float32."""
        values = pooled(self.upper(planes).float())
        classes = self.classifier(values[:, : self.classifier.in_features])
        known = self.drop(self.norm(values))
        known = torch.cat([known, self.drop(F.gelu(self.bent(known))).to(known.dtype)], 1)
        return self.shown(known).float(), self.named(known).float(), classes.float()


class Lessons:
    """What labels say of the pictures to train with, and the planes of their views."""

    def __init__(self, archive: Archive, planes: Cache, before: Cache, views: int, drawn: tuple[Cache, Cache]):
        """`before` has the published tower's pooled values of the planes; `drawn` both of drawings."""
        self.evidence = Evidence(archive.classes)
        lines = {line["name"]: line for line in archive.training}
        people = next(c.nouns for c in self.evidence.concepts if c.word == "person")
        counts = Counter(noun for line in lines.values() for noun in line.get("nouns", []) if noun not in people)
        self.nouns = {noun: n for n, noun in enumerate(sorted(n for n, c in counts.items() if c >= _NOUNS_FROM))}
        told = {name: (*self.evidence.of(line), *self._named(line)) for name, line in lines.items()}
        counts = {view: min(planes.count(view), before.count(view)) for view in range(views)}
        rows = {view: [r for r in range(count) if planes.names[r] in lines] for view, count in counts.items()}
        opened = {view: (planes.opened(view), before.opened(view)) for view in range(views) if rows[view]}
        self._opened = {**opened, "drawn": [cache.opened(0) for cache in drawn]}
        self.places = [(view, row) for view, those in rows.items() for row in those]
        self._told = [told[planes.names[row]] for _, row in self.places]
        nothing = np.zeros(len(self.nouns), np.float32)
        for number in range(min(cache.count(0) for cache in drawn)):
            self.places.append(("drawn", number))
            shown = self.evidence.of({"source": "drawn", "shows": concept_of(number)})
            self._told.append((*shown, nothing, nothing))

    def _named(self, line: dict) -> tuple[np.ndarray, np.ndarray]:
        values = np.zeros(len(self.nouns), np.float32)
        values[[self.nouns[noun] for noun in line.get("nouns", []) if noun in self.nouns]] = 1
        return values, np.full(len(self.nouns), float("nouns" in line), np.float32)

    def planes(self, chosen: list[int]) -> Tensor:
        return self._of(chosen, 0)

    def before(self, chosen: list[int]) -> Tensor:
        """Mean values of the published tower's last convolution."""
        values = self._of(chosen, 1)[:, 0]
        return values[:, : values.shape[1] // 2]

    def _of(self, chosen: list[int], which: int) -> Tensor:
        places = [self.places[n] for n in chosen]
        return torch.from_numpy(np.stack([self._opened[view][which][row] for view, row in places])).float()

    def told(self, chosen: list[int]) -> list[Tensor]:
        """Targets and weights of concepts, then of nouns."""
        return [torch.from_numpy(np.stack(part)) for part in zip(*(self._told[n] for n in chosen))]


def _loss(model: Tuned, lessons: Lessons, chosen: list[int]) -> tuple[Tensor, dict[str, float]]:
    planes = lessons.planes(chosen)
    with torch.autocast("cpu", torch.bfloat16):
        shown, named, classes = model(planes)
    before = model.classifier(lessons.before(chosen))
    values, weights, nouns, known = lessons.told(chosen)
    parts = {
        "concepts": F.binary_cross_entropy_with_logits(shown, values, weights, reduction="sum") / len(planes),
        "nouns": F.binary_cross_entropy_with_logits(named, nouns, known, reduction="sum") / len(planes),
        "classes": F.kl_div(classes.log_softmax(1), before.softmax(1), reduction="batchmean"),
    }
    loss = parts["concepts"] + _NAMED * parts["nouns"] + _KEPT * parts["classes"]
    return loss, {name: part.item() for name, part in parts.items()}


def tune(lessons: Lessons, config: EfficientNetConfiguration, path: Path, arguments: argparse.Namespace) -> None:
    """Trains until `--examples` have been seen."""
    torch.manual_seed(7)
    model = Tuned(fresh(config), len(lessons.evidence.words), len(lessons.nouns))
    mean, seen, saved = copy.deepcopy(model.upper).requires_grad_(False), 0, time.monotonic()
    own = [p for name, p in model.named_parameters() if p.requires_grad and not name.startswith("upper.")]
    groups = [{"params": list(model.upper.parameters()), "top": arguments.rate}, {"params": own, "top": 1e-3}]
    optimiser = torch.optim.AdamW(groups, arguments.rate, weight_decay=0.02)
    if state := checkpoint.load(path):
        model.load_state_dict(state["model"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        seen = state["seen"]
    log, size = Log(path.with_name("log.jsonl"), "tune"), arguments.batch
    while seen < arguments.examples:
        # The series is the same after a kill: a batch is drawn from its number.
        rng = np.random.default_rng([11, seen])
        chosen = rng.choice(len(lessons.places), size, replace=False).tolist()
        loss, measures = _loss(model, lessons, chosen)
        loss.backward()
        done = seen / arguments.examples
        for group in optimiser.param_groups:
            # The upper part waits until what it is asked has begun to make sense.
            begun = min(1.0, done / (0.05 if group["top"] == 1e-3 else 0.15))
            group["lr"] = group["top"] * begun * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * done)))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        seen += size
        with torch.no_grad():
            kept = min(_MEAN, seen / (seen + 20 * size))
            for slow, quick in zip(mean.parameters(), model.upper.parameters()):
                slow.lerp_(quick, 1 - kept)
        log.add(seen, loss.item(), measures)
        if seen >= arguments.examples or time.monotonic() - saved > _SAVE_EVERY:
            saved = time.monotonic()
            state = {"model": model.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict()}
            checkpoint.save(path, {**state, "seen": seen})


def main() -> None:
    """Tunes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--planes", type=Path, default=Path(".training/photographs/planes"))
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"))
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--drawings", type=int, default=512, help="as in Training.photographs.features")
    parser.add_argument("--examples", type=int, default=160_000, help="views of pictures to learn from in all")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive, config = Archive(arguments.photographs), EfficientNetConfiguration()
    before = photographs(arguments.folder, PUBLISHED, archive, config).pooled
    drawn = drawings(arguments.folder, PUBLISHED, arguments.drawings, config).pooled
    drawn = (planes_of_drawings(arguments.planes, arguments.drawings, config), drawn)
    lessons = Lessons(archive, planes_of(archive, arguments.planes, config), before, arguments.views, drawn)
    tune(lessons, config, arguments.folder / "upper.pt", arguments)


if __name__ == "__main__":
    main()
