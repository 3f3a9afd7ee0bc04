"""LLaVA-Mini's inference in numpy: slow, short, written from MODEL.md alone."""

import dataclasses
import math

import numpy as np

import efficientnet
from layers import (
    attend, bicubic_matrix, gelu, heads, layer_norm, linear, rms_norm, sigmoid,
)

IMAGE = -200


@dataclasses.dataclass
class Encoded:
    """One image, ready to be fused with a text."""

    features: np.ndarray  # [images, patches, vision width]
    compressed: np.ndarray  # [C², vision width]
    attention: np.ndarray  # [C², patches]
    sequence: np.ndarray  # [patches + C², width]: what goes before the text


class LLaVAMini:
    def __init__(self, config: dict, vision: dict, weights: dict[str, np.ndarray]):
        self.config, self.vision, self.weights = config, vision, weights

    def encode(self, pixels: np.ndarray) -> Encoded:
        """[1, 3, side, side], or the blocks of a large picture with the whole one last."""
        features = np.stack([self.patch_features(image) for image in pixels])
        grid = features[0] if len(features) == 1 else tiled(features[:-1])
        compressed, attention = self.compress(grid)
        parts = [features[-1], compressed]
        if len(features) > 1:
            parts.insert(0, grid)
        return Encoded(features, compressed, attention, self.project(np.concatenate(parts)))

    def patch_features(self, pixels: np.ndarray) -> np.ndarray:
        """[3, side, side] to [patches, vision width]."""
        if self.vision.get("model_type") == efficientnet.MODEL_TYPE:
            return efficientnet.features(pixels, self.vision, self.weights)
        return self.clip_features(pixels)

    def clip_features(self, pixels: np.ndarray) -> np.ndarray:
        """CLIP's hidden states of a layer, without the class token's."""
        w, size = self.weights, self.vision["patch_size"]
        rows = pixels.shape[1] // size
        patches = pixels.reshape(3, rows, size, rows, size).transpose(1, 3, 0, 2, 4)
        kernel = w["vision_model.embeddings.patch_embedding.weight"]
        x = patches.reshape(rows * rows, -1) @ kernel.reshape(len(kernel), -1).T
        x = np.concatenate([w["vision_model.embeddings.class_embedding"][None], x])
        x = x + w["vision_model.embeddings.position_embedding.weight"]
        epsilon = self.vision["layer_norm_eps"]
        states = [layer_norm(x, w, "vision_model.pre_layrnorm", epsilon)]
        for layer in range(self.vision["num_hidden_layers"]):
            states.append(self.vision_layer(states[-1], layer, epsilon))
        return states[self.config["mm_vision_select_layer"]][1:]

    def vision_layer(self, x, layer, epsilon):
        w, name = self.weights, f"vision_model.encoder.layers.{layer}"
        y = layer_norm(x, w, f"{name}.layer_norm1", epsilon)
        q, k, v = (
            heads(linear(y, w, f"{name}.self_attn.{part}_proj"), self.vision["num_attention_heads"])
            for part in "qkv"
        )
        x = x + linear(attend(q, k, v)[0], w, f"{name}.self_attn.out_proj")
        y = linear(layer_norm(x, w, f"{name}.layer_norm2", epsilon), w, f"{name}.mlp.fc1")
        return x + linear(y * sigmoid(np.float32(1.702) * y), w, f"{name}.mlp.fc2")

    def compress(self, features):
        """[patches, vision width] to [C², vision width], and the attention [C², patches]."""
        w, name = self.weights, "model.compressor"
        values = layer_norm(features, w, f"{name}.ln_kv")
        queries = layer_norm(w[f"{name}.query"], w, f"{name}.ln_q")
        positions = w[f"{name}.pos_embed"]
        keys = values + resampled(positions, math.isqrt(len(features)))
        projected = [
            heads(x @ weight.T + bias, 8)
            for x, weight, bias in zip(
                [queries + positions, keys, values],
                np.split(w[f"{name}.attn.in_proj_weight"], 3),
                np.split(w[f"{name}.attn.in_proj_bias"], 3),
            )
        ]
        joined, attention = attend(*projected)
        return linear(joined, w, f"{name}.attn.out_proj"), attention.mean(0)

    def project(self, x):
        return linear(
            gelu(linear(x, self.weights, "model.mm_projector.0")),
            self.weights, "model.mm_projector.2")

    def embed(self, ids):
        """[tokens, width]; anything in the image's place, which is replaced later."""
        table = self.weights["model.embed_tokens.weight"]
        return np.stack([table[max(token, 0)] for token in ids])

    def fuse(self, image: Encoded, ids):
        """The compressed tokens and the text after pre-fusion."""
        text = self.embed(ids)
        visible = np.array([True] * len(image.sequence) + [token > 0 for token in ids])
        x = np.concatenate([image.sequence, text])
        positions = np.maximum(np.cumsum(visible) - 1, 0)
        for layer in range(self.config["prefusion_layer_num"]):
            x = self.llama_layer(x, f"model.prefusion_layers.{layer}", positions, visible)
        end = len(image.sequence)
        fused = np.where(visible[end:, None], x[end:], text)
        return x[end - len(image.compressed):end], fused

    def inputs(self, images: list[Encoded], ids):
        """What enters the language model: [text + C² × images, width]"""
        fused = [self.fuse(image, ids) for image in images]
        text = np.mean([text for _, text in fused], axis=0, dtype=np.float32)
        place = ids.index(IMAGE)
        tokens = [tokens for tokens, _ in fused]
        return np.concatenate([text[:place], *tokens, text[place + 1:]])

    def logits(self, x):
        """The next token's logits after [tokens, width]."""
        positions, visible = np.arange(len(x)), np.full(len(x), True)
        for layer in range(self.config["num_hidden_layers"]):
            x = self.llama_layer(x, f"model.layers.{layer}", positions, visible)
        x = rms_norm(x[-1:], self.weights, "model.norm", self.config["rms_norm_eps"])
        return linear(x, self.weights, "lm_head")[0]

    def llama_layer(self, x, name, positions, visible):
        w, config = self.weights, self.config
        count, groups = config["num_attention_heads"], config["num_key_value_heads"]
        y = rms_norm(x, w, f"{name}.input_layernorm", config["rms_norm_eps"])
        q = heads(linear(y, w, f"{name}.self_attn.q_proj"), count)
        k = heads(linear(y, w, f"{name}.self_attn.k_proj"), groups)
        v = heads(linear(y, w, f"{name}.self_attn.v_proj"), groups)
        q, k = self.rotated(q, positions), self.rotated(k, positions)
        k, v = (np.repeat(part, count // groups, axis=0) for part in (k, v))
        mask = np.tri(len(x), dtype=bool) & visible
        x = x + linear(attend(q, k, v, mask)[0], w, f"{name}.self_attn.o_proj")
        y = rms_norm(x, w, f"{name}.post_attention_layernorm", config["rms_norm_eps"])
        gate = linear(y, w, f"{name}.mlp.gate_proj")
        y = gate * sigmoid(gate) * linear(y, w, f"{name}.mlp.up_proj")
        return x + linear(y, w, f"{name}.mlp.down_proj")

    def rotated(self, x, positions):
        """Rotary positions: element i turns with element i + half of its head."""
        half = x.shape[-1] // 2
        angles = positions[:, None] * rotary_frequencies(self.config, half)
        cos, sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        first, second = x[..., :half], x[..., half:]
        return np.concatenate([first * cos - second * sin, second * cos + first * sin], -1)


def rotary_frequencies(config, count):
    frequencies = config["rope_theta"] ** (-np.arange(count) / count)
    scaling = config.get("rope_scaling")
    if scaling is None:
        return frequencies
    # Llama 3.1: slow turns are slowed further, fast ones kept, those between are blended.
    turns = scaling["original_max_position_embeddings"] * frequencies / (2 * math.pi)
    low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
    blend = np.clip((turns - low) / (high - low), 0, 1)
    return frequencies * (blend + (1 - blend) / scaling["factor"])


def resampled(positions, side):
    """Position embeddings [C², width] on a grid of another side."""
    source = math.isqrt(len(positions))
    if source == side:
        return positions
    matrix = bicubic_matrix(source, side)
    grid = positions.reshape(source, source, -1)
    return np.einsum("ya,xb,abc->yxc", matrix, matrix, grid).reshape(side * side, -1)


def tiled(blocks):
    """Blocks [ratio², patches, width], row by row, as one grid [ratio² × patches, width]."""
    ratio, side = math.isqrt(len(blocks)), math.isqrt(blocks.shape[1])
    grid = blocks.reshape(ratio, ratio, side, side, -1).transpose(0, 2, 1, 3, 4)
    return grid.reshape(len(blocks) * side * side, -1)
