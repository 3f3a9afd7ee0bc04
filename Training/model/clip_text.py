"""CLIP's text tower (Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021):
a causal transformer whose state at the end of the text is projected to where pictures are.

Module names are those of Hugging Face's `CLIPModel`, so that a checkpoint's keys are its own.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class TextConfiguration:
    """`text_config` of the tower's `config.json`, and the width of the space that texts and pictures share."""

    vocab_size: int
    eos_token_id: int
    projection_dim: int = 256
    hidden_size: int = 192
    num_hidden_layers: int = 2
    num_attention_heads: int = 3
    intermediate_size: int = 768
    max_position_embeddings: int = 32
    layer_norm_eps: float = 1e-5
    hidden_act: str = "quick_gelu"


class Attention(nn.Module):
    def __init__(self, config: TextConfiguration):
        super().__init__()
        width, self.heads = config.hidden_size, config.num_attention_heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            project(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out_proj(seen.transpose(1, 2).flatten(2))


class Feed(nn.Module):
    def __init__(self, config: TextConfiguration):
        super().__init__()
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        wide = self.fc1(x)
        return self.fc2(wide * torch.sigmoid(1.702 * wide))


class Layer(nn.Module):
    def __init__(self, config: TextConfiguration):
        super().__init__()
        self.self_attn, self.mlp = Attention(config), Feed(config)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Embeddings(nn.Module):
    def __init__(self, config: TextConfiguration):
        super().__init__()
        self.token_embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position_embedding = nn.Embedding(config.max_position_embeddings, config.hidden_size)

    def forward(self, ids: Tensor) -> Tensor:
        return self.token_embedding(ids) + self.position_embedding.weight[: ids.shape[1]]


class Encoder(nn.Module):
    def __init__(self, config: TextConfiguration):
        super().__init__()
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class TextModel(nn.Module):
    def __init__(self, config: TextConfiguration):
        super().__init__()
        self.end = config.eos_token_id
        self.embeddings, self.encoder = Embeddings(config), Encoder(config)
        self.final_layer_norm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)

    def forward(self, ids: Tensor) -> Tensor:
        """Token ids [texts, length], padded behind their end token, to states [texts, width]."""
        x = self.final_layer_norm(self.encoder(self.embeddings(ids)))
        return x[torch.arange(len(ids)), (ids == self.end).int().argmax(1)]


class Meaning(nn.Module):
    """Texts, and pictures by their tower's pooled features [pictures, channels], as directions of one space."""

    def __init__(self, config: TextConfiguration, channels: int):
        super().__init__()
        self.config, self.text_model = config, TextModel(config)
        self.text_projection = nn.Linear(config.hidden_size, config.projection_dim, bias=False)
        self.visual_projection = nn.Linear(channels, config.projection_dim, bias=False)
        # As in SigLIP: sigmoid(exp(scale) · cosine + bias) is how likely a picture shows what a text says.
        self.register_buffer("logit_scale", torch.zeros(1))
        self.register_buffer("logit_bias", torch.zeros(1))
        for name, parameter in self.text_model.named_parameters():
            if "embedding" in name:
                nn.init.normal_(parameter, std=0.02)

    def hold(self, projection: Tensor, scale: float, bias: float) -> None:
        """Takes a space that is not trained further: where pictures are, and the line from cosines to log odds."""
        self.visual_projection.weight.data.copy_(projection)
        self.visual_projection.requires_grad_(False)
        self.logit_scale.fill_(math.log(scale))
        self.logit_bias.fill_(bias)

    def texts(self, ids: Tensor) -> Tensor:
        """Directions [texts, dimensions] of length 1."""
        return F.normalize(self.text_projection(self.text_model(ids)), dim=-1)

    def pictures(self, pooled: Tensor) -> Tensor:
        """Directions [pictures, dimensions] of length 1."""
        return F.normalize(self.visual_projection(pooled), dim=-1)
