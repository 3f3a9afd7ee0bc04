"""The tower of convolutions, against golden values of another implementation and against batch norms left unfolded."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from Training.model.configuration import Configuration
from Training.model.efficientnet import (
    EfficientNetConfiguration,
    EfficientNetTower,
    Trunk,
    folded,
    published,
    same_padding,
)
from Training.model.llava_mini import LLaVAMini

_ORACLE = Path(__file__).parents[2] / "Tests/Fixtures/oracle/efficientnet-lite-pad-f32"


def _oracle_tower() -> EfficientNetTower:
    values = json.loads((_ORACLE / "vision_tower/config.json").read_text())
    known = EfficientNetConfiguration.__dataclass_fields__
    config = EfficientNetConfiguration(
        **{k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known}
    )
    tower = EfficientNetTower(config)
    state = load_file(_ORACLE / "vision_tower/model.safetensors")
    tower.load_state_dict({name.removeprefix("vision_model."): tensor for name, tensor in state.items()})
    return tower.eval()


@pytest.mark.parametrize("case", ["wide", "square.tags"])
def test_features_are_those_of_the_numpy_implementation(case):
    golden = load_file(_ORACLE / "golden.safetensors")
    with torch.inference_mode():
        features = _oracle_tower()(golden[f"{case}.pixel_values"])
    expected = golden[f"{case}.clip_last"]
    assert features.shape == expected.shape
    assert (features - expected).abs().max() <= 1e-4 * expected.abs().max()


def test_a_folded_convolution_does_what_it_and_the_norm_did():
    torch.manual_seed(1)
    convolution, norm = nn.Conv2d(3, 5, 3, bias=False), nn.BatchNorm2d(5, eps=1e-3)
    nn.init.uniform_(norm.weight, 0.5, 2)
    nn.init.uniform_(norm.bias, -1, 1)
    norm.running_mean.uniform_(-1, 1)
    norm.running_var.uniform_(0.2, 3)
    x = torch.randn(2, 3, 9, 9)
    weight, bias = folded(convolution.weight, norm.state_dict())
    assert torch.allclose(F.conv2d(x, weight, bias), norm.eval()(convolution(x)), atol=1e-5)


@pytest.mark.parametrize(("edge", "kernel", "stride", "left", "right"), [
    (224, 3, 2, 0, 1), (56, 5, 2, 1, 2), (7, 5, 1, 2, 2), (7, 3, 2, 1, 1), (8, 1, 2, 0, 0),
])  # fmt: skip
def test_the_odd_zero_is_right_and_below(edge, kernel, stride, left, right):
    padded = same_padding(torch.ones(1, 1, edge, edge), kernel, stride)[0, 0]
    assert padded.shape == (edge + left + right, edge + left + right)
    assert padded[:left].sum() == 0 and padded[left, left] == 1
    assert padded[len(padded) - right :].sum() == 0


def test_the_published_names_fill_the_trunk_and_the_head():
    config = EfficientNetConfiguration(
        image_size=32, stem_channels=4, hidden_dim=12, in_channels=(4, 4), out_channels=(4, 6), kernel_sizes=(3, 3),
        strides=(1, 2), expand_ratios=(1, 6), num_block_repeats=(1, 1),
    )  # fmt: skip
    shapes = {
        "_conv_stem": (4, 3, 3, 3), "_blocks.0._depthwise_conv": (4, 1, 3, 3), "_blocks.0._project_conv": (4, 4, 1, 1),
        "_blocks.1._expand_conv": (24, 4, 1, 1), "_blocks.1._depthwise_conv": (24, 1, 3, 3),
        "_blocks.1._project_conv": (6, 24, 1, 1), "_conv_head": (12, 6, 1, 1),
    }  # fmt: skip
    norms = ("_bn0", "_blocks.0._bn1", "_blocks.0._bn2", "_blocks.1._bn0", "_blocks.1._bn1", "_blocks.1._bn2", "_bn1")
    state = {f"{name}.weight": torch.randn(shape) for name, shape in shapes.items()}
    for norm, shape in zip(norms, shapes.values()):
        state |= {f"{norm}.{part}": torch.rand(shape[0]) for part in ("weight", "bias", "running_mean", "running_var")}
    ours = published(state)
    trunk = Trunk(config)
    trunk.load_state_dict({name: tensor for name, tensor in ours.items() if not name.startswith("head.")})
    assert ours["head.weight"].shape == (12, 6)
    assert trunk(torch.randn(1, 3, 32, 32)).shape == (1, 64, 6)


def test_a_model_takes_cached_trunk_features_like_pixels():
    torch.manual_seed(2)
    vision = EfficientNetConfiguration(
        image_size=32, hidden_size=16, stem_channels=4, hidden_dim=12, in_channels=(4,), out_channels=(6,),
        kernel_sizes=(3,), strides=(2,), expand_ratios=(6,), num_block_repeats=(1,),
    )  # fmt: skip
    tower = LLaVAMini(Configuration(vocab_size=32, vision=vision)).model.vision_tower.eval()
    pixels = torch.from_numpy(np.random.default_rng(3).standard_normal((2, 3, 32, 32)).astype(np.float32))
    with torch.inference_mode():
        assert torch.equal(tower(Trunk.forward(tower, pixels)), tower(pixels))
        assert tower(pixels).shape == (2, vision.patches, 16)
