"""The upper part of the tower's trunk as matrix products alone, which is how it is trained.

On grids of seven places a convolution of single channels is a small matrix a channel. PyTorch's own is written for
large planes and takes longer, forwards and backwards, than all other layers together; in bfloat16 the whole is twice
as quick. Weights are those of the trunk's blocks.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..model.efficientnet import Block, EfficientNetConfiguration, Trunk, same_padding


def spread(kernel: int, stride: int, edge: int) -> Tensor:
    """Which weight [kernel², places in, places out] of a kernel leads from which place to which, 0 or 1."""
    single = torch.eye(edge**2).view(edge**2, 1, edge, edge)
    return F.unfold(same_padding(single, kernel, stride), kernel, stride=stride).permute(1, 0, 2).contiguous()


def pooled(values: Tensor) -> Tensor:
    """Mean and largest value [pictures, 2 × channels] over the places."""
    return torch.cat([values.mean(1), values.amax(1)], 1)


class PlacesBlock(nn.Module):
    """A block of the trunk on [batch, places, channels]."""

    def __init__(self, block: Block, edge: int):
        super().__init__()
        self.block = block
        self.register_buffer("spread", spread(block.shape.kernel, block.shape.stride, edge), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        block, shape = self.block, self.block.shape
        wide = F.relu6(block.expand(x)) if shape.ratio > 1 else x
        ways = (block.depthwise.weight.flatten(1) @ self.spread.flatten(1)).unflatten(1, self.spread.shape[1:])
        wide = torch.bmm(wide.permute(2, 0, 1), ways).permute(1, 2, 0) + block.depthwise.bias
        narrow = block.project(F.relu6(wide))
        return narrow + x if shape.stride == 1 and shape.inputs == shape.outputs else narrow


class Upper(nn.Module):
    """The blocks from the last one that halves the grid on, then the last convolution."""

    def __init__(self, trunk: Trunk, head: nn.Linear, config: EfficientNetConfiguration):
        super().__init__()
        edges = [2 * config.grid, *[config.grid] * (len(trunk.blocks) - trunk.split - 1)]
        self.blocks = nn.ModuleList(map(PlacesBlock, trunk.blocks[trunk.split :], edges))
        self.head = head

    def trunk(self, planes: Tensor) -> Tensor:
        """What the lower part leaves [batch, places, channels] to what the last block does [batch, grid², channels]."""
        for block in self.blocks:
            planes = block(planes)
        return planes

    def finish(self, trunk: Tensor) -> Tensor:
        """What the last block leaves to the last convolution's values [batch, grid², channels]."""
        return F.relu6(self.head(trunk))

    def forward(self, planes: Tensor) -> Tensor:
        """What the lower part leaves to the last convolution's values [batch, grid², channels]."""
        return self.finish(self.trunk(planes))
