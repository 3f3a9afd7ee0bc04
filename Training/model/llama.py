"""Llama's decoder layer, for pre-fusion and for the language model alike."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attention import attend
from .configuration import Configuration


class RMSNorm(nn.Module):
    """x / √(mean(x²) + ε) · weight, in float32."""

    def __init__(self, width: int, eps: float):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        return self.weight * (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.eps)).to(x.dtype)


class Rotation:
    """Rotary position embedding in Hugging Face's layout: element i of a head pairs with element i + d/2."""

    def __init__(self, positions: Tensor, config: Configuration):
        half = config.head_dim // 2
        steps = torch.arange(half, device=positions.device, dtype=torch.float32) / half
        angles = positions[:, None, :, None].float() * config.rope_theta**-steps  # [batch, 1, length, d/2]
        self.cos, self.sin = angles.cos(), angles.sin()

    def __call__(self, x: Tensor) -> Tensor:
        """Rotates the last positions' queries or keys [batch, heads, length, d]."""
        cos, sin = (table[:, :, -x.shape[2] :].to(x.dtype) for table in (self.cos, self.sin))
        first, second = x.chunk(2, -1)
        return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


class Cache:
    """Keys and values of the positions so far, by attention module."""

    def __init__(self):
        self._held: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    def extended(self, module: nn.Module, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Adds keys and values [batch, heads, new, d] of a module; returns all that it has."""
        if module in self._held:
            k, v = (torch.cat([old, new], 2) for old, new in zip(self._held[module], (k, v)))
        self._held[module] = (k, v)
        return k, v


class Attention(nn.Module):
    """Masked attention with fewer key and value heads than query heads."""

    def __init__(self, config: Configuration):
        super().__init__()
        self.config = config
        width, kv = config.hidden_size, config.num_key_value_heads * config.head_dim
        self.q_proj, self.o_proj = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.k_proj, self.v_proj = nn.Linear(width, kv, bias=False), nn.Linear(width, kv, bias=False)

    def forward(
        self, x: Tensor, rotation: Rotation, mask: Tensor, first: int = 0, cache: Cache | None = None
    ) -> Tensor:
        """Attention of the positions from `first` on to all of `x` [batch, length, width] and to what is cached."""
        split = lambda y: y.unflatten(-1, (-1, self.config.head_dim)).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.q_proj(x[:, first:])), split(self.k_proj(x)), split(self.v_proj(x))
        q, k = rotation(q), rotation(k)
        if cache is not None:
            k, v = cache.extended(self, k, v)
        repeats = self.config.num_attention_heads // self.config.num_key_value_heads
        k, v = (y.repeat_interleave(repeats, 1) if repeats > 1 else y for y in (k, v))
        return self.o_proj(attend(q, k, v, mask[:, :, first:]).transpose(1, 2).flatten(2))


class MLP(nn.Module):
    """down(silu(gate(x)) · up(x))."""

    def __init__(self, config: Configuration):
        super().__init__()
        width, inner = config.hidden_size, config.intermediate_size
        self.gate_proj, self.up_proj = nn.Linear(width, inner, bias=False), nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    """One pre-norm decoder layer."""

    def __init__(self, config: Configuration):
        super().__init__()
        self.input_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.mlp = MLP(config)

    def forward(
        self, x: Tensor, rotation: Rotation, mask: Tensor, first: int = 0, cache: Cache | None = None
    ) -> Tensor:
        """The positions from `first` on; those before it only serve as keys and values."""
        x = x[:, first:] + self.self_attn(self.input_layernorm(x), rotation, mask, first, cache)
        return x + self.mlp(self.post_attention_layernorm(x))
