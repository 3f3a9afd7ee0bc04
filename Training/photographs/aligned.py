"""Pictures and texts in one space in which a similarity says how likely a picture shows what a text says.

As in SigLIP (Zhai et al., "Sigmoid Loss for Language Image Pre-Training", 2023): the probability is
sigmoid(scale · cosine + bias), with one scale and one bias for all texts and pictures. So a search can end where a
picture is no longer likely to be meant, and find nothing where nothing is.

It begins with a logistic regression of every text on the pictures' features. The best few dimensions for all of them
together are the first singular vectors of their weights; one dimension more is the same for all pictures, so that how
common a thing is has a place in its text's direction. Then projection and directions go down the same loss with both
made vectors of length 1.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_BATCH = 512
_DROP = (0.3, 0.2)  # Of features, in the regression and afterwards.
_RIDGE = 1e-5  # Of the mean variance: what keeps the constant dimension from being made of noise.
_RATE, _PROJECTION_RATE = 3e-3, 0.2  # Of directions; of the projection beside them.


@dataclass
class Shown:
    """How likely pictures show what texts say [pictures, texts], in half precision, and what that counts: 0 where it is
    not known."""

    likely: Tensor
    known: Tensor

    def loss(self, logits: Tensor, rows: Tensor) -> Tensor:
        """Cross-entropy of some rows' logits, in sum over texts."""
        return F.binary_cross_entropy_with_logits(
            logits.float(), self.likely[rows].float(), self.known[rows].float(), reduction="sum"
        ) / len(rows)

    def rates(self) -> Tensor:
        """How often each text is true."""
        known = self.known.float()
        return (self.likely.float() * known).sum(0) / known.sum(0).clamp_min(1)


@dataclass
class Space:
    """The pictures' projection [dimensions, channels], texts' directions [texts, dimensions] of length 1, and the line
    from cosines to log odds."""

    projection: Tensor
    directions: Tensor
    scale: float
    bias: float

    def pictures(self, pooled: Tensor) -> Tensor:
        """Directions of pictures, of length 1."""
        return F.normalize(pooled @ self.projection.T, dim=1)


def aligned(pooled: Tensor, shown: Shown, dimensions: int, epochs: int = 6, seed: int = 5) -> Space:
    """The space of pictures with these pooled features [pictures, channels]; a minute of a core."""
    torch.manual_seed(seed)
    spread = pooled.std(0) + 1e-2
    features = pooled / spread
    start = _start(features, _regressed(features - features.mean(0), shown, epochs), dimensions)
    return _descended(features, spread, shown, start, epochs)


def _epochs(shown: Shown, optimiser: torch.optim.Optimizer, epochs: int, logits_of) -> None:
    pictures = len(shown.likely)
    steps = epochs * (pictures // _BATCH)
    peaks = [group["lr"] for group in optimiser.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peaks, total_steps=steps + 1)
    for _ in range(epochs):
        order = torch.randperm(pictures)
        for first in range(0, pictures - _BATCH + 1, _BATCH):
            rows = order[first : first + _BATCH]
            with torch.autocast("cpu", torch.bfloat16):
                logits = logits_of(rows)
            shown.loss(logits, rows).backward()
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)


def _regressed(centred: Tensor, shown: Shown, epochs: int) -> nn.Linear:
    """A logistic regression of every text."""
    layer = nn.Linear(centred.shape[1], shown.likely.shape[1])
    nn.init.zeros_(layer.weight)
    with torch.no_grad():
        layer.bias.copy_(torch.logit(shown.rates().clamp(1e-5, 0.5)))
    optimiser = torch.optim.AdamW(layer.parameters(), 1e-3, weight_decay=0.05)
    _epochs(shown, optimiser, epochs, lambda rows: layer(F.dropout(centred[rows], _DROP[0])))
    return layer.requires_grad_(False)


def _start(features: Tensor, layer: nn.Linear, dimensions: int) -> tuple[Tensor, Tensor]:
    """Projection and directions, not yet of length 1, of the regressions' best dimensions and a constant one."""
    mean = features.mean(0)
    moments = features.T @ features / len(features)
    ridge = _RIDGE * moments.diag().mean() * torch.eye(len(mean))
    constant = torch.linalg.solve(moments + ridge, mean)
    best = torch.linalg.svd(layer.weight, full_matrices=False)[2][: dimensions - 1]
    centred = best - torch.outer(best @ mean, constant)
    size = (features @ centred.T).norm(dim=1).mean()
    directions = torch.cat([layer.weight @ best.T, (layer.bias / size)[:, None]], 1)
    return torch.cat([centred, size * constant[None]]), directions


def _descended(features: Tensor, spread: Tensor, shown: Shown, start: tuple[Tensor, Tensor], epochs: int) -> Space:
    projection, directions = nn.Parameter(start[0]), nn.Parameter(F.normalize(start[1], dim=1))
    scale, bias = nn.Parameter(torch.tensor(3.2)), nn.Parameter(torch.tensor(-3.5))

    def logits(rows: Tensor) -> Tensor:
        pictures = F.normalize(F.dropout(features[rows], _DROP[1]) @ projection.T, dim=1)
        return scale.exp() * (pictures @ F.normalize(directions, dim=1).T) + bias

    groups = [
        {"params": [projection], "lr": _RATE * _PROJECTION_RATE},
        {"params": [directions], "lr": _RATE},
        {"params": [scale, bias], "lr": 5 * _RATE},
    ]
    _epochs(shown, torch.optim.Adam(groups), epochs, logits)
    return Space(
        (projection / spread).detach(), F.normalize(directions.detach(), dim=1), math.exp(scale.item()), bias.item()
    )
