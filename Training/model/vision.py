"""CLIP's vision tower. Module names are those of the checkpoint's keys under `vision_model.`."""

import torch
from torch import Tensor, nn

from .attention import attend
from .configuration import VisionConfiguration


class Embeddings(nn.Module):
    """Pixels to patch embeddings: a convolution without bias, the class token before them, positions added."""

    def __init__(self, config: VisionConfiguration):
        super().__init__()
        self.class_embedding = nn.Parameter(torch.zeros(config.hidden_size))
        self.patch_embedding = nn.Conv2d(3, config.hidden_size, config.patch_size, config.patch_size, bias=False)
        self.position_embedding = nn.Embedding(config.patches + 1, config.hidden_size)

    def forward(self, pixels: Tensor) -> Tensor:
        """[batch, 3, edge, edge] to [batch, 1 + patches, width]."""
        patches = self.patch_embedding(pixels).flatten(2).transpose(1, 2)
        first = self.class_embedding.to(patches.dtype).expand(len(patches), 1, -1)
        return torch.cat([first, patches], 1) + self.position_embedding.weight


class Attention(nn.Module):
    """Full attention of every patch to every patch."""

    def __init__(self, config: VisionConfiguration):
        super().__init__()
        self.heads = config.num_attention_heads
        width = config.hidden_size
        self.q_proj, self.k_proj = nn.Linear(width, width), nn.Linear(width, width)
        self.v_proj, self.out_proj = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        split = lambda y: y.view(batch, length, self.heads, -1).transpose(1, 2)  # noqa: E731
        mixed = attend(split(self.q_proj(x)), split(self.k_proj(x)), split(self.v_proj(x)))
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, length, width))


class MLP(nn.Module):
    """Two linear layers with CLIP's quick GELU, x · sigmoid(1.702 x), between them."""

    def __init__(self, config: VisionConfiguration):
        super().__init__()
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class Layer(nn.Module):
    """One pre-norm transformer layer."""

    def __init__(self, config: VisionConfiguration):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.self_attn = Attention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.mlp = MLP(config)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Encoder(nn.Module):
    """The layers that are run: all but those after the one whose output is taken."""

    def __init__(self, config: VisionConfiguration, count: int):
        super().__init__()
        self.layers = nn.ModuleList(Layer(config) for _ in range(count))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class VisionTower(nn.Module):
    """Pixels to patch features: the hidden states that `select_layer` names, without the class token."""

    def __init__(self, config: VisionConfiguration, select_layer: int):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.pre_layrnorm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)  # Spelt as in CLIP's checkpoints.
        # hidden_states holds the embeddings and then every layer's output, so −2 leaves out the last layer alone.
        self.encoder = Encoder(config, config.num_hidden_layers + 1 + select_layer)

    def forward(self, pixels: Tensor) -> Tensor:
        """Normalised pixels [batch, 3, edge, edge] to features [batch, patches, width]."""
        return self.encoder(self.pre_layrnorm(self.embeddings(pixels)))[:, 1:]
