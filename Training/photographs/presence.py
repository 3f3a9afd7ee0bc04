"""What is present in a photograph, with calibrated probabilities.

A linear layer and a small bent one on the mean and the largest values of the tower's last convolution are trained on
the evidence of labels, one output a concept. Their logits become probabilities of being *named or supported by people's
words* by a line fitted on one half of the pictures with known truth: one slope for all concepts, an offset for each
that leans on the common one. Captions are composed from these, and so say only what is likely true.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .. import checkpoint
from .archive import Archive, half
from .concepts import OUTDOORS, Evidence
from .features import Cache
from .truth import Words


def pooled(head: nn.Linear, trunk: Tensor) -> Tensor:
    """Mean and largest value [pictures, 2 × channels] of the last convolution's output over the places."""
    values = F.relu6(head(trunk))
    return torch.cat([values.mean(1), values.amax(1)], 1)


def pool_cache(cache: Cache, head: nn.Linear, view: int, batch: int = 256) -> Tensor:
    """The pooled values of a view's pictures that are there, in half precision."""
    features, count = cache.opened(view), cache.count(view)
    parts = []
    with torch.inference_mode():
        for first in range(0, count, batch):
            rows = torch.from_numpy(np.asarray(features[first : min(first + batch, count)], np.float32))
            parts.append(pooled(head, rows).half())
    return torch.cat(parts)


class Presence(nn.Module):
    """Pooled values to a logit for each concept and for being outdoors; mean and deviation are the training set's."""

    def __init__(self, inputs: int, outputs: int, hidden: int = 512, drop: float = 0.4):
        super().__init__()
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("deviation", torch.ones(inputs))
        self.straight = nn.Linear(inputs, outputs)
        self.hidden, self.bent = nn.Linear(inputs, hidden), nn.Linear(hidden, outputs, bias=False)
        self.drop = nn.Dropout(drop)
        nn.init.zeros_(self.bent.weight)

    def forward(self, values: Tensor) -> Tensor:
        values = self.drop((values - self.mean) / self.deviation)
        return self.straight(values) + self.bent(self.drop(F.gelu(self.hidden(values))))


@dataclass
class Examples:
    """Pooled values [rows, inputs] of views, and the targets and weights [rows, concepts] of their labels."""

    values: Tensor
    targets: Tensor
    weights: Tensor


def examples(archive: Archive, evidence: Evidence, cache: Cache, views: list[Tensor]) -> Examples:
    """Those of the pictures that may be trained with."""
    labels = {line["name"]: line for line in archive.training}
    rows = [(number, name) for number, name in enumerate(cache.names) if name in labels]
    told = {name: evidence.of(labels[name]) for _, name in rows}
    values, targets, weights = [], [], []
    for view in views:
        there = [(number, name) for number, name in rows if number < len(view)]
        values.append(view[[number for number, _ in there]])
        targets.append(np.stack([told[name][0] for _, name in there]))
        weights.append(np.stack([told[name][1] for _, name in there]))
    return Examples(
        torch.cat(values), torch.from_numpy(np.concatenate(targets)), torch.from_numpy(np.concatenate(weights))
    )


def train(data: Examples, epochs: int = 12, batch: int = 256, rate: float = 1e-3, seed: int = 0) -> Presence:
    """Trains from nothing; minutes on a core."""
    torch.manual_seed(seed)
    model = Presence(data.values.shape[1], data.targets.shape[1])
    sample = data.values[:: max(1, len(data.values) // 4000)].float()
    model.mean.copy_(sample.mean(0))
    model.deviation.copy_(sample.std(0) + 1e-3)
    share = (data.targets * data.weights).sum(0) / data.weights.sum(0).clamp_min(1)
    with torch.no_grad():
        model.straight.weight.mul_(0.1)
        model.straight.bias.copy_(torch.logit(share.clamp(1e-4, 1 - 1e-4)))
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=0.05)
    steps = epochs * (len(data.values) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1)
    for _ in range(epochs):
        order = torch.randperm(len(data.values))
        for first in range(0, len(order) - batch + 1, batch):
            rows = order[first : first + batch]
            loss = F.binary_cross_entropy_with_logits(
                model(data.values[rows].float()), data.targets[rows], data.weights[rows], reduction="sum"
            )
            (loss / batch).backward()
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
    return model.eval()


def supported(words: Words, truth: dict, said: list[str]) -> np.ndarray:
    """For each concept 1 where people's words or a class support it, 0 where not, −1 where nothing is known."""
    found = np.full(len(said), -1, np.int8)
    if where := words.true_place(truth):
        found[said.index(OUTDOORS)] = where == "out"
    if "nouns" in truth:
        known = set(truth["nouns"]) | set(truth.get("words", {}))
        for place, word in enumerate(said):
            if word != OUTDOORS:
                content = words.content(word)[0]
                found[place] = bool(content) and all(words.supported(part, known) for part in content)
    if "label" in truth:
        names = {words.lemma(part) for part in truth["label"].lower().split()} | set(truth.get("kinds", []))
        for place, word in enumerate(said):
            if words.supported(word, names) and word not in words.people:
                found[place] = 1
            elif truth.get("kinds"):  # A picture of one thing of a known kind; what else it shows nobody said.
                found[place] = 0 if word not in words.stuff | words.people | {OUTDOORS} else -1
    return found


@dataclass
class Calibration:
    """From logits to probabilities: slope · logit + offset of the concept."""

    slope: float
    offsets: Tensor

    def probabilities(self, logits: Tensor) -> Tensor:
        return torch.sigmoid(self.slope * logits + self.offsets)

    def state(self) -> dict:
        return {"slope": self.slope, "offsets": self.offsets}


def calibrate(logits: Tensor, truth: np.ndarray, lean: float = 4.0, steps: int = 400) -> Calibration:
    """Fits the line; `lean` is how many pictures' worth of evidence a concept's own offset has to overcome."""
    known, right = torch.from_numpy(truth >= 0).float(), torch.from_numpy(truth == 1).float()
    slope, common = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    own = torch.zeros(logits.shape[1], requires_grad=True)
    optimiser = torch.optim.Adam([slope, common, own], 0.05)
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(slope * logits + common + own, right, known, reduction="sum")
        (loss + lean * own.square().sum() / 2).backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    return Calibration(float(slope.detach()), (common + own).detach())


def calibrated(
    model: Presence, archive: Archive, evidence: Evidence, cache: Cache, whole: Tensor, words: Words
) -> Calibration:
    """Calibrates on the first half of the pictures with known truth."""
    rows = [n for n, name in enumerate(cache.names[: len(whole)]) if name in archive.truth and half(name) == 0]
    truth = np.stack([supported(words, archive.truth[cache.names[n]], evidence.words) for n in rows])
    with torch.inference_mode():
        logits = model(whole[rows].float())
    return calibrate(logits.clone(), truth)


def crossed(data: Examples, groups: Tensor, folds: int, **options) -> list[Presence]:
    """A model for each fold, trained on the rows of the other folds' pictures; `groups` says whose fold a row is."""
    rest = [groups != fold for fold in range(folds)]
    return [train(Examples(data.values[r], data.targets[r], data.weights[r]), **options) for r in rest]


def save(path: Path, model: Presence, calibration: Calibration, said: list[str]) -> None:
    """Writes model and calibration."""
    checkpoint.save(path, {"model": model.state_dict(), "calibration": calibration.state(), "words": said})


def load(path: Path) -> tuple[Presence, Calibration, list[str]] | None:
    """Reads them; nothing where they are not there yet."""
    if (state := checkpoint.load(path)) is None:
        return None
    model = Presence(len(state["model"]["mean"]), len(state["words"]))
    model.load_state_dict(state["model"])
    return model.eval(), Calibration(**state["calibration"]), state["words"]


def average_precision(scores: np.ndarray, right: np.ndarray) -> float:
    """The mean of the precisions at each right picture, best score first; NaN where none is right."""
    if not right.any():
        return math.nan
    hits = right[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(hits)[hits] / (np.flatnonzero(hits) + 1)).mean())
