"""The optimisers of both stages and their learning rate."""

import torch
from torch import nn

# Muon's steps are scaled to the root mean square of AdamW's, so that one rate serves both; twice it was tried for
# Muon, and cost accuracy.
_TAUGHT = 0.4  # Share of the rate for what an earlier stage has trained.
_ADAM = {"betas": (0.9, 0.98), "weight_decay": 0.01, "fused": True}


class Optimisers:
    """Muon for the matrices inside the layers, AdamW for everything else.

    Embeddings, heads, norms and biases are not maps between hidden states, and stay with AdamW, as Muon's authors
    advise.
    """

    def __init__(self, modules: nn.Module, rate: float, taught: str = "-"):
        """`taught` is in the names of parameters that an earlier stage has trained; they move more slowly."""
        matrices: tuple[list, list] = ([], [])
        others: tuple[list, list] = ([], [])
        for name, parameter in modules.named_parameters():
            inside = parameter.ndim == 2 and ".layers." in f".{name.replace('prefusion_layers', 'layers')}"
            (matrices if inside else others)[taught in name].append(parameter)
        self._rate = rate
        groups = [[{"params": p, "factor": f} for p, f in zip(both, (1.0, _TAUGHT))] for both in (others, matrices)]
        self._all = [
            torch.optim.AdamW(groups[0], rate, **_ADAM),
            torch.optim.Muon(groups[1], rate, weight_decay=0.01, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        ]
        self._parameters = list(modules.parameters())

    def step(self, share: float) -> None:
        """Steps with the rate that belongs to `share` of the stage being done, and clears the gradients."""
        for optimiser in self._all:
            for group in optimiser.param_groups:
                group["lr"] = self._rate * group["factor"] * schedule(share)
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
        for optimiser in self._all:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict]:
        return [optimiser.state_dict() for optimiser in self._all]

    def load_state_dict(self, states: list[dict]) -> None:
        for optimiser, state in zip(self._all, states, strict=True):
            optimiser.load_state_dict(state)


def schedule(share: float, warm: float = 0.01, decay_from: float = 0.55) -> float:
    """The learning rate's factor: a short rise, level, then a straight line down to a fiftieth.

    Level and straight rather than a cosine, so that a stage may be given more pictures after it has begun.
    """
    if share < warm:
        return 0.05 + 0.95 * share / warm
    if share < decay_from:
        return 1.0
    return max(0.02, (1 - share) / (1 - decay_from))
