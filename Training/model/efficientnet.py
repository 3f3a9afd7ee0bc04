"""EfficientNet-Lite as a vision tower: convolutions with ReLU6 between them, then a map to the model's width.

Tan and Le, "EfficientNet" (2019), in the Lite form: no squeeze-and-excitation, ReLU6, stem and head of fixed width. The
batch norms are folded into the convolutions before them, so that there are none here. Module names are those of the
checkpoint's keys under `vision_model.`; convolutions of one pixel are `Linear`s over channels.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class EfficientNetConfiguration:
    """The tower's `config.json`; the lists have a number a stage and are named as in Hugging Face's EfficientNet."""

    image_size: int = 256
    hidden_size: int = 320  # Of a place's features, after the neck.
    hidden_dim: int = 1280  # Channels of the last convolution.
    stem_channels: int = 32
    in_channels: tuple[int, ...] = (32, 16, 24, 40, 80, 112, 192)
    out_channels: tuple[int, ...] = (16, 24, 40, 80, 112, 192, 320)
    kernel_sizes: tuple[int, ...] = (3, 3, 5, 3, 5, 5, 3)
    strides: tuple[int, ...] = (1, 2, 2, 2, 1, 2, 1)
    expand_ratios: tuple[int, ...] = (1, 6, 6, 6, 6, 6, 6)
    num_block_repeats: tuple[int, ...] = (1, 2, 2, 3, 3, 4, 1)
    layer_norm_eps: float = 1e-5

    @property
    def grid(self) -> int:
        """Places along an edge of the last convolution's output."""
        edge = math.ceil(self.image_size / 2)
        for stride in self.strides:
            edge = math.ceil(edge / stride)
        return edge

    @property
    def patches(self) -> int:
        return self.grid**2

    @property
    def split(self) -> int:
        """The first block of the trunk's upper part: the last one that halves the grid."""
        return max((number for number, shape in enumerate(self.blocks()) if shape.stride == 2), default=0)

    @property
    def planes(self) -> tuple[int, int]:
        """Places and channels of what the upper part is given, of a picture whose edge is a multiple of 32."""
        return (2 * self.grid) ** 2, self.blocks()[self.split].inputs

    def blocks(self) -> list["BlockShape"]:
        """The shape of every block, in order."""
        shapes = []
        stages = (
            self.in_channels, self.out_channels, self.kernel_sizes, self.strides, self.expand_ratios,
            self.num_block_repeats,
        )  # fmt: skip
        for inputs, outputs, kernel, stride, ratio, repeats in zip(*stages, strict=True):
            shapes.append(BlockShape(inputs, outputs, kernel, stride, ratio))
            shapes += [BlockShape(outputs, outputs, kernel, 1, ratio)] * (repeats - 1)
        return shapes


@dataclass(frozen=True)
class BlockShape:
    """A block's channels in and out, the edge and the stride of its kernel, and how far it widens between."""

    inputs: int
    outputs: int
    kernel: int
    stride: int
    ratio: int


def same_padding(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Zeros around planes [..., height, width] so that a convolution leaves ⌈edge / stride⌉; the odd one right and
    below, as in TensorFlow, with which the published weights were trained."""
    sides: list[int] = []
    for edge in (x.shape[-1], x.shape[-2]):
        total = max((math.ceil(edge / stride) - 1) * stride + kernel - edge, 0)
        sides += [total // 2, total - total // 2]
    return F.pad(x, sides) if any(sides) else x


def across(linear: nn.Linear, x: Tensor) -> Tensor:
    """A linear layer over the channels of planes [batch, channels, height, width]."""
    return F.conv2d(x, linear.weight[:, :, None, None], linear.bias)


class Block(nn.Module):
    """Widen, filter every channel by itself, narrow; what came in is added where it has the same shape."""

    def __init__(self, shape: BlockShape):
        super().__init__()
        self.shape, wide = shape, shape.inputs * shape.ratio
        if shape.ratio > 1:
            self.expand = nn.Linear(shape.inputs, wide)
        self.depthwise = nn.Conv2d(wide, wide, shape.kernel, shape.stride, groups=wide)
        self.project = nn.Linear(wide, shape.outputs)

    def forward(self, x: Tensor) -> Tensor:
        wide = F.relu6(across(self.expand, x)) if self.shape.ratio > 1 else x
        wide = F.relu6(self.depthwise(same_padding(wide, self.shape.kernel, self.shape.stride)))
        narrow = across(self.project, wide)
        return narrow + x if self.shape.stride == 1 and self.shape.inputs == self.shape.outputs else narrow


class Trunk(nn.Module):
    """Pixels to what the last block leaves: the part that is trained on ImageNet and costs nearly all the time."""

    def __init__(self, config: EfficientNetConfiguration):
        super().__init__()
        self.stem = nn.Conv2d(3, config.stem_channels, 3, 2)
        self.blocks = nn.ModuleList(Block(shape) for shape in config.blocks())
        self.split = config.split

    def lower(self, pixels: Tensor) -> Tensor:
        """Normalised pixels [batch, 3, edge, edge] to what the upper part is given [batch, places, channels]; there are
        four times as many places as the trunk leaves."""
        x = F.relu6(self.stem(same_padding(pixels, 3, 2)))
        for block in self.blocks[: self.split]:
            x = block(x)
        return x.flatten(2).transpose(1, 2)

    def upper(self, planes: Tensor) -> Tensor:
        """What the lower part leaves to [batch, grid², channels]."""
        edge = math.isqrt(planes.shape[1])
        x = planes.transpose(1, 2).unflatten(2, (edge, edge))
        for block in self.blocks[self.split :]:
            x = block(x)
        return x.flatten(2).transpose(1, 2)

    def forward(self, pixels: Tensor) -> Tensor:
        """Normalised pixels [batch, 3, edge, edge] to [batch, grid², channels]."""
        return self.upper(self.lower(pixels))


class EfficientNetTower(Trunk):
    """Pixels to features. `neck` and `norm` bring the last convolution's channels to the model's width; places get
    their position added, which convolutions know only from the zeros around the picture."""

    def __init__(self, config: EfficientNetConfiguration):
        super().__init__(config)
        self.head = nn.Linear(config.out_channels[-1], config.hidden_dim)
        self.neck = nn.Linear(config.hidden_dim, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.position_embedding = nn.Embedding(config.patches, config.hidden_size)
        nn.init.normal_(self.position_embedding.weight, std=0.02)

    def finish(self, trunk: Tensor) -> Tensor:
        """What the last block leaves [batch, grid², channels] to features [batch, grid², width]."""
        return self.norm(self.neck(F.relu6(self.head(trunk)))) + self.position_embedding.weight

    def forward(self, pixels: Tensor) -> Tensor:
        """Normalised pixels [batch, 3, edge, edge], or what the last block made of them before (three dimensions:
        [batch, grid², channels]), to features [batch, grid², width]."""
        return self.finish(super().forward(pixels) if pixels.ndim == 4 else pixels)


def folded(convolution: Tensor, norm: dict[str, Tensor], eps: float = 1e-3) -> tuple[Tensor, Tensor]:
    """Weight and bias of a convolution without bias that a batch norm follows (weight, bias, running_mean,
    running_var)."""
    factor = norm["weight"] / torch.sqrt(norm["running_var"] + eps)
    weight = convolution * factor.view(-1, *[1] * (convolution.ndim - 1))
    return weight, norm["bias"] - norm["running_mean"] * factor


def published(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Trunk and head from the names of the PyPI package `efficientnet_lite_pytorch`, batch norms folded in."""
    ours: dict[str, Tensor] = {}

    def take(name: str, convolution: str, norm: str) -> None:
        values = {part: state[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")}
        weight, ours[f"{name}.bias"] = folded(state[f"{convolution}.weight"], values)
        single = weight.shape[2:] == (1, 1)
        ours[f"{name}.weight"] = weight[:, :, 0, 0] if single else weight

    take("stem", "_conv_stem", "_bn0")
    take("head", "_conv_head", "_bn1")
    count = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("_blocks."))
    for block in range(count):
        theirs, own = f"_blocks.{block}", f"blocks.{block}"
        if f"{theirs}._expand_conv.weight" in state:
            take(f"{own}.expand", f"{theirs}._expand_conv", f"{theirs}._bn0")
        take(f"{own}.depthwise", f"{theirs}._depthwise_conv", f"{theirs}._bn1")
        take(f"{own}.project", f"{theirs}._project_conv", f"{theirs}._bn2")
    return ours
