"""LLaVA-Mini: vision tower, compressor, projector, pre-fusion and language model put together.

Several prompts about one picture can be run at once, packed side by side: each position carries the number of its
prompt (its segment; 0 for what they share: image and system text) and its place in it. The mask lets a position see
the shared ones and its own prompt's, up to its own place, so the result for each prompt is what it would be alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .compressor import Compressor, projector
from .configuration import Configuration
from .efficientnet import EfficientNetConfiguration, EfficientNetTower
from .llama import Cache, Layer, RMSNorm, Rotation
from .vision import VisionTower

_MASKED = -1e4  # Added to logits; finite in bfloat16 and float16.


@dataclass
class Text:
    """Tokens of packed prompts or answers: `ids`, `segments`, `positions`, each [batch, length].

    Segment −1 marks padding. Positions count from the first token of the shared prefix, without the image.
    """

    ids: Tensor
    segments: Tensor
    positions: Tensor


@dataclass
class Entering:
    """What enters pre-fusion, for training to look at: embeddings [batch × frames, length, width] of patches,
    compressed tokens and text, with their segments and positions [batch × frames, length]."""

    embeddings: Tensor
    segments: Tensor
    positions: Tensor


@dataclass
class Fused:
    """What enters the language model in place of prompt and image: embeddings with their segments and positions."""

    embeddings: Tensor
    segments: Tensor
    positions: Tensor
    features: Tensor  # The vision tower's patch features [batch × frames, patches, width], for training's heads.
    patches: Tensor  # The same after the projector.
    tokens: Tensor  # The compressed tokens after pre-fusion [batch, frames × C², width].
    entering: Entering | None = None


def visibility(rows: tuple[Tensor, Tensor], columns: tuple[Tensor, Tensor]) -> Tensor:
    """The mask [batch, 1, rows, columns] to add to attention logits, from (segments, positions) of both."""
    (row_segments, row_positions), (segments, positions) = rows, columns
    same = (segments[:, None] == row_segments[:, :, None]) | (segments[:, None] == 0)
    seen = same & (positions[:, None] <= row_positions[:, :, None])
    return torch.where(seen, 0.0, _MASKED)[:, None]


def _tower(config: Configuration) -> nn.Module:
    """The vision tower of the kind that the configuration is for."""
    if isinstance(config.vision, EfficientNetConfiguration):
        return EfficientNetTower(config.vision)
    return VisionTower(config.vision, config.mm_vision_select_layer)


class Model(nn.Module):
    """Everything below `model.` in the checkpoint."""

    def __init__(self, config: Configuration):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.vision_tower = _tower(config)
        if config.compressor_size:
            self.compressor = Compressor(config.vision.hidden_size, config.compressor_size)
        self.mm_projector = projector(config.vision.hidden_size, config.hidden_size)
        self.prefusion_layers = nn.ModuleList(Layer(config) for _ in range(config.prefusion_layer_num))
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)


class LLaVAMini(nn.Module):
    """The whole model. Module names are the checkpoint's."""

    def __init__(self, config: Configuration):
        super().__init__()
        self.config = config
        self.model = Model(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    def fuse(self, images: Tensor, prompt: Text, shared: int) -> Fused:
        """Images and prompts to the language model's input.

        - images: normalised pixels [batch, frames, 3, edge, edge]; several frames are one clip.
        - prompt: the packed prompts without the image placeholder, which stands after the first `shared` tokens.
        """
        batch, frames = images.shape[:2]
        features = self.model.vision_tower(images.flatten(0, 1))
        patches = self.model.mm_projector(features)
        compressed = (
            self.model.mm_projector(self.model.compressor(features)) if self.config.compressor_size else patches
        )
        text, entering = self.model.embed_tokens(prompt.ids), None
        if self.config.prefusion_layer_num:
            entering = self._entering(patches, compressed, text, prompt, frames)
            compressed, text = self._prefuse(entering, patches.shape[1], compressed.shape[1], frames)
        tokens = compressed.reshape(batch, -1, compressed.shape[-1])
        # The image's tokens stand between the shared beginning and the rest, and the rest moves on by their number.
        count = tokens.shape[1]
        places = torch.arange(shared, shared + count, device=text.device).expand(batch, -1)
        moved = prompt.positions + count * (prompt.segments != 0)
        return Fused(
            torch.cat([text[:, :shared], tokens.to(text.dtype), text[:, shared:]], 1),
            torch.cat([prompt.segments[:, :shared], torch.zeros_like(places), prompt.segments[:, shared:]], 1),
            torch.cat([moved[:, :shared], places, moved[:, shared:]], 1),
            features, patches, tokens, entering,
        )  # fmt: skip

    def _entering(self, patches: Tensor, compressed: Tensor, text: Tensor, prompt: Text, frames: int) -> Entering:
        """[patches, compressed tokens, text] of every frame."""
        count = patches.shape[1] + compressed.shape[1]
        repeat = lambda x: x.repeat_interleave(frames, 0)  # noqa: E731
        places = torch.arange(count, device=text.device).expand(len(patches), -1)
        return Entering(
            torch.cat([patches, compressed, repeat(text).to(patches.dtype)], 1),
            torch.cat([torch.zeros_like(places), repeat(prompt.segments)], 1),
            torch.cat([places, repeat(prompt.positions) + count], 1),
        )

    def _prefuse(self, entering: Entering, ahead: int, count: int, frames: int) -> tuple[Tensor, Tensor]:
        """Runs all through pre-fusion: `ahead` patches, `count` compressed tokens, text; returns the latter two. The
        fused text of a clip is the mean over its frames, in float32."""
        x, text = entering.embeddings, entering.embeddings.dtype
        seen = (entering.segments, entering.positions)
        mask, rotation = visibility(seen, seen), Rotation(entering.positions, self.config)
        for layer in self.model.prefusion_layers[:-1]:
            x = layer(x, rotation, mask)
        x = self.model.prefusion_layers[-1](x, rotation, mask, first=ahead)
        fused = x[:, count:].unflatten(0, (-1, frames)).float().mean(1)
        return x[:, :count], fused.to(text)

    def hidden(self, fused: Fused, answers: Text, cache: Cache | None = None) -> Tensor:
        """The language model's last hidden states [batch, length, width] for fused prompts followed by answers."""
        count = fused.tokens.shape[1]
        x = torch.cat([fused.embeddings, self.model.embed_tokens(answers.ids).to(fused.embeddings.dtype)], 1)
        segments = torch.cat([fused.segments, answers.segments], 1)
        positions = torch.cat([fused.positions, answers.positions + count], 1)
        mask = visibility((segments, positions), (segments, positions))
        return self._language(x, Rotation(positions, self.config), mask, cache)

    def _language(self, x: Tensor, rotation: Rotation, mask: Tensor, cache: Cache | None) -> Tensor:
        for layer in self.model.layers:
            x = layer(x, rotation, mask, cache=cache)
        return self.model.norm(x)

    @torch.no_grad()
    def generate(self, images: Tensor, prompt: Text, shared: int, ends: set[int], limit: int) -> list[list[int]]:
        """Greedy answers, one for each of a batch of single prompts of equal length; end tokens are left out."""
        fused, cache = self.fuse(images, prompt, shared), Cache()
        batch, device = len(images), images.device
        nothing = torch.zeros(batch, 0, dtype=torch.long, device=device)
        hidden = self.hidden(fused, Text(nothing, nothing, nothing), cache)
        answers: list[list[int]] = [[] for _ in range(batch)]
        open_rows, position = set(range(batch)), fused.embeddings.shape[1]
        for _ in range(limit):
            ids = self.lm_head(hidden[:, -1]).argmax(-1)
            for row, token in enumerate(ids.tolist()):
                if row in open_rows and token not in ends:
                    answers[row].append(token)
                else:
                    open_rows.discard(row)
            if not open_rows:
                break
            x = self.model.embed_tokens(ids)[:, None].to(hidden.dtype)
            place = torch.full((batch, 1), position, device=device)
            mask = x.new_zeros(batch, 1, 1, position + 1)
            hidden, position = self._language(x, Rotation(place, self.config), mask, cache), position + 1
        return answers
