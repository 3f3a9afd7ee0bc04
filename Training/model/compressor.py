"""Query-based compression: a few learned queries gather what the patches show."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attention import attend

_HEADS = 8  # Whatever the width.


class Compressor(nn.Module):
    """C² queries attend to the patch features; parameters bear the names of torch's `MultiheadAttention`."""

    def __init__(self, width: int, size: int, eps: float = 1e-5):
        super().__init__()
        self.query = nn.Parameter(torch.randn(size * size, width) * 0.5)
        self.pos_embed = nn.Parameter(torch.randn(size * size, width) * 0.02)
        self.ln_q, self.ln_kv = nn.LayerNorm(width, eps), nn.LayerNorm(width, eps)
        self.attn = nn.MultiheadAttention(width, _HEADS, batch_first=True)

    def positions(self, patches: int) -> Tensor:
        """`pos_embed` [C², width] resampled bicubically to the grid of the patches [patches, width]."""
        width = self.pos_embed.shape[-1]
        size, edge = int(len(self.pos_embed) ** 0.5), int(patches**0.5)
        if size == edge:
            return self.pos_embed
        grid = self.pos_embed.T.reshape(1, width, size, size)
        return F.interpolate(grid, (edge, edge), mode="bicubic", align_corners=False).reshape(width, patches).T

    def forward(self, features: Tensor) -> Tensor:
        """Patch features [batch, patches, width] to compressed tokens [batch, C², width]."""
        values = self.ln_kv(features)
        keys = values + self.positions(features.shape[1])
        queries = (self.ln_q(self.query) + self.pos_embed).expand(len(features), -1, -1)
        weights, biases = self.attn.in_proj_weight.chunk(3), self.attn.in_proj_bias.chunk(3)
        q, k, v = (F.linear(x, w, b) for x, w, b in zip((queries, keys, values), weights, biases))
        split = lambda x: x.unflatten(-1, (_HEADS, -1)).transpose(1, 2)  # noqa: E731
        mixed = attend(split(q), split(k), split(v)).transpose(1, 2).flatten(2)
        return self.attn.out_proj(mixed)


def projector(vision_width: int, width: int) -> nn.Sequential:
    """`mlp2x_gelu`: two linear layers with the exact GELU between them."""
    return nn.Sequential(nn.Linear(vision_width, width), nn.GELU(), nn.Linear(width, width))
