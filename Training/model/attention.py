"""Softmax attention, written out.

Over a hundred positions torch's fused kernel for CPUs takes many times as long on the way back.
"""

from torch import Tensor


def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """softmax(q·kᵀ / √d) · v over [batch, heads, length, d]; `mask` is added to the logits."""
    logits = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    if mask is not None:
        logits = logits + mask
    return logits.softmax(-1).to(value.dtype) @ value
