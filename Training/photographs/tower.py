"""The tower's trunk and last convolution: as they are published, and with their upper part tuned."""

from pathlib import Path

from torch import Tensor

from .. import checkpoint
from ..model.efficientnet import EfficientNetConfiguration
from .features import trunk
from .published import published_head
from .upper import Upper


def fresh(config: EfficientNetConfiguration) -> Upper:
    """The upper part with the published weights, to be trained."""
    return Upper(trunk()[0], published_head().requires_grad_(True), config)


def load(path: Path | None, config: EfficientNetConfiguration) -> Upper:
    """The upper part that a checkpoint of `tune.py` has, or the published one."""
    upper = fresh(config)
    if path is not None:
        if (state := checkpoint.load(path)) is None:
            raise FileNotFoundError(f"{path} is not there yet: run Training.photographs.tune first")
        upper.load_state_dict(state["mean"])
    return upper.eval().requires_grad_(False)


def tower_state(upper: Upper) -> dict[str, Tensor]:
    """The weights of the whole trunk and of the last convolution, by the tower's names."""
    published, _ = trunk()
    state = published.state_dict()
    for number, block in enumerate(upper.blocks, published.split):
        state |= {f"blocks.{number}.{name}": tensor for name, tensor in block.block.state_dict().items()}
    return state | {f"head.{name}": tensor for name, tensor in upper.head.state_dict().items()}
