"""What is present in a photograph, with calibrated probabilities.

A linear layer and a small bent one on the mean and the largest values of the tower's last convolution are trained on
the evidence of labels, one output a concept; beside them stands what the tower's own published classifier makes of the
concept's ImageNet classes, which it learnt from a million pictures. Their logits become probabilities of being *named
or supported by people's words* by a line fitted on one half of the pictures with known truth: one slope for all
concepts, an offset for each that leans on the common one. Captions are composed from these, and so say only what is
likely true.
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
from .concepts import MADE, OUTDOORS, Evidence
from .truth import Words

_UNHEARD = 1e-3  # Less than this the published classifier's probabilities say nothing.
HEARD = 0.3  # What the log odds of the published classifier are multiplied with beside standardised values.


def log_odds(likely: Tensor) -> Tensor:
    """The published classifier's log odds of each concept above those of saying nothing, 0 or more."""
    return torch.logit(likely.clamp(_UNHEARD, 1 - _UNHEARD)) + math.log(1 / _UNHEARD - 1)


class Presence(nn.Module):
    """Pooled values to a logit for each concept and for being outdoors; mean and deviation are the training set's.

    `classifier` and `shows` [outputs, classes] are the published classifier on the mean values and which of its classes
    show which concept.
    """

    def __init__(self, inputs: int, shows: Tensor, hidden: int = 512, drop: float = 0.5):
        super().__init__()
        outputs, classes = shows.shape
        self.register_buffer("shows", shows)
        self.classifier = nn.Linear(inputs // 2, classes).requires_grad_(False)
        self.trust = nn.Parameter(torch.ones(outputs))
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("deviation", torch.ones(inputs))
        self.straight = nn.Linear(inputs, outputs)
        self.hidden, self.bent = nn.Linear(inputs + outputs, hidden), nn.Linear(hidden, outputs, bias=False)
        self.drop = nn.Dropout(drop)
        nn.init.zeros_(self.bent.weight)

    def heard(self, values: Tensor) -> Tensor:
        """The published classifier's log odds of each concept above those of saying nothing, 0 or more."""
        with torch.no_grad():
            likely = self.classifier(values[:, : values.shape[1] // 2]).softmax(1) @ self.shows.T
            return log_odds(likely)

    def forward(self, values: Tensor) -> Tensor:
        heard = self.heard(values)
        values = self.drop((values - self.mean) / self.deviation)
        bent = self.bent(self.drop(F.gelu(self.hidden(torch.cat([values, HEARD * heard], 1)))))
        return self.straight(values) + self.trust * heard + bent


@dataclass
class Examples:
    """Pooled values [rows, inputs] of views, and the targets and weights [rows, concepts] of their labels."""

    values: Tensor
    targets: Tensor
    weights: Tensor


def joined(parts: list[Examples]) -> Examples:
    """The rows of all, one after another."""
    return Examples(*(torch.cat([getattr(part, name) for part in parts]) for name in ("values", "targets", "weights")))


def drawn_examples(evidence: Evidence, shown: list[str], values: Tensor) -> Examples:
    """Of pictures that are no photographs, and what each is."""
    told = [evidence.of({"source": "drawn", "shows": what}) for what in shown]
    targets, weights = (torch.from_numpy(np.stack(part)) for part in zip(*told))
    return Examples(values, targets, weights)


def examples(archive: Archive, evidence: Evidence, names: list[str], views: list[Tensor]) -> Examples:
    """Those of the pictures that may be trained with; `names` are those of the views' rows."""
    labels = {line["name"]: line for line in archive.training}
    rows = [(number, name) for number, name in enumerate(names) if name in labels]
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


@dataclass
class Heard:
    """The published classifier, and which of its classes show which concept [concepts, classes]."""

    classifier: dict[str, Tensor]
    shows: Tensor


def _start(model: Presence, data: Examples, lean: float = 2.0, steps: int = 80) -> None:
    """Fits trust and bias alone. They lean on taking the published classifier at its word, so that a concept of which
    there are next to no examples is left to it."""
    rows = slice(None, None, 2)
    heard = torch.cat([model.heard(part.float()) for part in data.values[rows].split(1024)])
    targets, weights = data.targets[rows], data.weights[rows]
    at_its_word = -math.log(1 / _UNHEARD - 1)
    trust = torch.ones(heard.shape[1], requires_grad=True)
    bias = torch.full((heard.shape[1],), at_its_word, requires_grad=True)
    optimiser = torch.optim.Adam([trust, bias], 0.1)
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(trust * heard + bias, targets, weights, reduction="sum")
        (loss + lean * (4 * (trust - 1).square() + (bias - at_its_word).square() / 4).sum()).backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    with torch.no_grad():
        model.trust.copy_(trust)
        model.straight.bias.copy_(bias)


def train(
    data: Examples,
    heard: Heard,
    epochs: int = 2,
    batch: int = 256,
    rate: float = 1e-3,
    seed: int = 0,
    hidden: int = 512,
) -> Presence:
    """Trains from nothing; minutes on a core."""
    torch.manual_seed(seed)
    model = Presence(data.values.shape[1], heard.shows, hidden)
    model.classifier.load_state_dict(heard.classifier)
    sample = data.values[:: max(1, len(data.values) // 4000)].float()
    model.mean.copy_(sample.mean(0))
    model.deviation.copy_(sample.std(0) + 1e-3)
    with torch.no_grad():
        model.straight.weight.mul_(0.1)
    _start(model, data)
    moving = [p for name, p in model.named_parameters() if p.requires_grad and name != "trust"]
    groups = [{"params": moving, "weight_decay": 0.05}, {"params": [model.trust], "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, rate)
    steps = epochs * (len(data.values) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [rate, rate], total_steps=steps + 1)
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


def calibrate(logits: Tensor, truth: np.ndarray, lean: float = 8.0, steps: int = 400) -> Calibration:
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


@dataclass
class Drawn:
    """Pictures that are no photographs: their pooled values, and what each is."""

    values: Tensor
    shown: list[str]


def calibrated(
    models: list[Presence],
    archive: Archive,
    evidence: Evidence,
    names: list[str],
    whole: Tensor,
    drawn: Drawn,
    words: Words,
) -> Calibration:
    """Calibrates the mean of classifiers on the first half of the pictures with known truth, and on drawings: what a
    picture is that is no photograph, photographs alone would teach to be never likely."""
    rows = [n for n, name in enumerate(names[: len(whole)]) if name in archive.truth and half(name) == 0]
    truth = np.stack([supported(words, archive.truth[names[n]], evidence.words) for n in rows])
    made = [number for number, concept in enumerate(evidence.concepts) if concept.kind == MADE]
    truth[:, made] = 0
    known = np.full((len(drawn.shown), truth.shape[1]), -1, np.int8)
    for row, what in enumerate(drawn.shown):
        known[row, made] = [evidence.words[number] == what for number in made]
    values = torch.cat([whole[rows], drawn.values])
    with torch.inference_mode():
        logits = sum(model(values.float()) for model in models) / len(models)
    return calibrate(logits.clone(), np.concatenate([truth, known]))


def crossed(data: Examples, heard: Heard, groups: Tensor, folds: int, **options) -> list[Presence]:
    """A model for each fold, trained on the rows of the other folds' pictures; `groups` says whose fold a row is."""
    rest = [groups != fold for fold in range(folds)]
    return [train(Examples(data.values[r], data.targets[r], data.weights[r]), heard, **options) for r in rest]


def save(path: Path, model: Presence, calibration: Calibration, said: list[str]) -> None:
    """Writes model and calibration."""
    checkpoint.save(path, {"model": model.state_dict(), "calibration": calibration.state(), "words": said})


def load(path: Path) -> tuple[Presence, Calibration, list[str]] | None:
    """Reads them; nothing where they are not there yet."""
    if (state := checkpoint.load(path)) is None:
        return None
    model = Presence(len(state["model"]["mean"]), state["model"]["shows"], len(state["model"]["hidden.bias"]))
    model.load_state_dict(state["model"])
    return model.eval(), Calibration(**state["calibration"]), state["words"]


def average_precision(scores: np.ndarray, right: np.ndarray) -> float:
    """The mean of the precisions at each right picture, best score first; NaN where none is right."""
    if not right.any():
        return math.nan
    hits = right[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(hits)[hits] / (np.flatnonzero(hits) + 1)).mean())
