"""Writes a LLaVA-Mini checkpoint at the released shape from random numbers, as the hub lays it out.

    make_checkpoint.py FOLDER                      8B in BF16: 18 GB in shards of up to 5 GB
    make_checkpoint.py FOLDER --scale 8 --layers 2 a small one: widths over 8, two layers of each kind

The language model stands in safetensors shards with an index, the vision tower in a folder of its own
as `pytorch_model.bin`, with the parts of CLIP that LLaVA-Mini never uses. Numbers have the spread
that trained weights have, so that activations stay finite; what the model says means nothing. One
tensor at a time is in memory, but for the vision tower. Needs numpy, and torch for the tower.
"""

import argparse
import json
import math
import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

SHARD_BYTES = 5_000_000_000
PIECE = 1 << 24
PROJECTION = 768  # Where pictures and texts meet.
NOTICE = "this model has random weights; what it says means nothing"
# The vocabulary's last 256 places, as in Llama 3.1.
SPECIAL = {
    0: "<|begin_of_text|>", 1: "<|end_of_text|>", 4: "<|finetune_right_pad_id|>",
    6: "<|start_header_id|>", 7: "<|end_header_id|>", 8: "<|eom_id|>", 9: "<|eot_id|>",
    10: "<|python_tag|>",
}  # fmt: skip
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True)
class Shape:
    """The sizes of a model; heads keep their width whatever the scale."""

    scale: int
    layers: int
    prefusion_layers: int
    tower_layers: int
    vocabulary: int

    @property
    def width(self) -> int:
        return 4096 // self.scale

    @property
    def intermediate(self) -> int:
        return 14336 // self.scale

    @property
    def heads(self) -> int:
        return 32 // self.scale

    @property
    def key_value_heads(self) -> int:
        return max(1, 8 // self.scale)

    @property
    def tower_width(self) -> int:
        return 1024 // self.scale

    @property
    def tower_heads(self) -> int:
        return 16 // self.scale


@dataclass(frozen=True)
class Tensor:
    """A tensor to draw: normal numbers around `mean`."""

    name: str
    shape: tuple[int, ...]
    spread: float
    mean: float = 0.0

    @property
    def count(self) -> int:
        return math.prod(self.shape)


def linear(name: str, inputs: int, outputs: int, gain: float = 1.0) -> Tensor:
    """A weight matrix that keeps the size of what goes through it, times `gain`."""
    return Tensor(f"{name}.weight", (outputs, inputs), gain / math.sqrt(inputs))


def norm(name: str, width: int, *, bias: bool) -> list[Tensor]:
    scale = Tensor(f"{name}.weight", (width,), 0.05, 1.0)
    return [scale, Tensor(f"{name}.bias", (width,), 0.02)] if bias else [scale]


def decoder_layer(key: str, s: Shape, depth: int) -> list[Tensor]:
    # What is added to the stream shrinks with the depth, so that the stream stays of one size.
    added = 1 / math.sqrt(2 * depth)
    keys = s.key_value_heads * 128
    return [
        *norm(f"{key}.input_layernorm", s.width, bias=False),
        linear(f"{key}.self_attn.q_proj", s.width, s.heads * 128),
        linear(f"{key}.self_attn.k_proj", s.width, keys),
        linear(f"{key}.self_attn.v_proj", s.width, keys),
        linear(f"{key}.self_attn.o_proj", s.heads * 128, s.width, added),
        *norm(f"{key}.post_attention_layernorm", s.width, bias=False),
        linear(f"{key}.mlp.gate_proj", s.width, s.intermediate),
        linear(f"{key}.mlp.up_proj", s.width, s.intermediate),
        linear(f"{key}.mlp.down_proj", s.intermediate, s.width, added),
    ]


def language_model(s: Shape) -> list[Tensor]:
    """The tensors of the safetensors shards, in the hub's order."""
    tower = s.tower_width
    compressor = "model.compressor"
    return [
        linear("lm_head", s.width, s.vocabulary),
        Tensor("model.embed_tokens.weight", (s.vocabulary, s.width), 0.02),
        *(t for i in range(s.layers) for t in decoder_layer(f"model.layers.{i}", s, s.layers)),
        *norm("model.norm", s.width, bias=False),
        *(
            t
            for i in range(s.prefusion_layers)
            for t in decoder_layer(f"model.prefusion_layers.{i}", s, s.prefusion_layers)
        ),
        linear("model.mm_projector.0", tower, s.width),
        Tensor("model.mm_projector.0.bias", (s.width,), 0.02),
        linear("model.mm_projector.2", s.width, s.width, 0.05),
        Tensor("model.mm_projector.2.bias", (s.width,), 0.02),
        Tensor(f"{compressor}.query", (1, tower), 0.02),
        Tensor(f"{compressor}.pos_embed", (1, tower), 0.02),
        Tensor(f"{compressor}.attn.in_proj_weight", (3 * tower, tower), 1 / math.sqrt(tower)),
        Tensor(f"{compressor}.attn.in_proj_bias", (3 * tower,), 0.02),
        linear(f"{compressor}.attn.out_proj", tower, tower),
        Tensor(f"{compressor}.attn.out_proj.bias", (tower,), 0.02),
        *norm(f"{compressor}.ln_q", tower, bias=True),
        *norm(f"{compressor}.ln_kv", tower, bias=True),
    ]


def vision_tower(s: Shape) -> list[Tensor]:
    """CLIP's vision model and, as the hub's file has it, ends of the rest."""
    key, width, wide = "vision_model", s.tower_width, 4 * s.tower_width
    embeddings = f"{key}.embeddings"
    tensors = [
        Tensor(f"{embeddings}.class_embedding", (width,), 0.02),
        Tensor(f"{embeddings}.patch_embedding.weight", (width, 3, 14, 14), 1 / math.sqrt(588)),
        Tensor(f"{embeddings}.position_embedding.weight", (577, width), 0.02),
        *norm(f"{key}.pre_layrnorm", width, bias=True),
    ]
    added = 1 / math.sqrt(2 * s.tower_layers)
    for i in range(s.tower_layers):
        layer = f"{key}.encoder.layers.{i}"
        parts = [(f"self_attn.{p}_proj", width, width, 1.0) for p in "kvq"]
        parts += [("self_attn.out_proj", width, width, added)]
        parts += [("mlp.fc1", width, wide, 1.0), ("mlp.fc2", wide, width, added)]
        for part, inputs, outputs, gain in parts:
            tensors.append(linear(f"{layer}.{part}", inputs, outputs, gain))
            tensors.append(Tensor(f"{layer}.{part}.bias", (outputs,), 0.02))
        tensors += norm(f"{layer}.layer_norm1", width, bias=True)
        tensors += norm(f"{layer}.layer_norm2", width, bias=True)
    tensors += norm(f"{key}.post_layernorm", width, bias=True)
    tensors.append(linear("visual_projection", width, PROJECTION))
    return [*tensors, Tensor("logit_scale", (), 0.0, 4.6)]


def pieces(tensor: Tensor, random: np.random.Generator) -> Iterator[np.ndarray]:
    """The tensor's numbers, so many at once."""
    for start in range(0, tensor.count, PIECE):
        numbers = random.standard_normal(min(PIECE, tensor.count - start), np.float32)
        numbers *= np.float32(tensor.spread)
        numbers += np.float32(tensor.mean)
        yield numbers


def bfloat16(numbers: np.ndarray) -> bytes:
    """Rounded to the upper half of each number, ties away from zero."""
    bits = numbers.view(np.uint32)
    bits += 0x8000
    bits >>= 16
    return bits.astype("<u2").tobytes()


def shards(tensors: list[Tensor]) -> list[list[Tensor]]:
    """Cuts the list where a shard would become too large, as transformers does."""
    result: list[list[Tensor]] = [[]]
    size = 0
    for tensor in tensors:
        if result[-1] and size + 2 * tensor.count > SHARD_BYTES:
            result.append([])
            size = 0
        result[-1].append(tensor)
        size += 2 * tensor.count
    return result


def write_shard(path: Path, tensors: list[Tensor], random: np.random.Generator) -> None:
    header: dict = {"__metadata__": {"format": "pt"}}
    offset = 0
    for tensor in tensors:
        end = offset + 2 * tensor.count
        header[tensor.name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors:
            for numbers in pieces(tensor, random):
                file.write(bfloat16(numbers))


def write_language_model(folder: Path, s: Shape, random: np.random.Generator) -> None:
    parts = shards(language_model(s))
    weight_map = {}
    for index, part in enumerate(parts):
        name = f"model-{index + 1:05}-of-{len(parts):05}.safetensors"
        print(f"{name}: {2 * sum(t.count for t in part) / 1e9:.2f} GB", flush=True)
        write_shard(folder / name, part, random)
        weight_map |= {tensor.name: name for tensor in part}
    size = 2 * sum(tensor.count for part in parts for tensor in part)
    write_json(
        folder / "model.safetensors.index.json", {"metadata": {"total_size": size}, "weight_map": weight_map}
    )


def write_tower(folder: Path, s: Shape, random: np.random.Generator) -> None:
    state = OrderedDict()
    for tensor in vision_tower(s):
        numbers = np.concatenate(list(pieces(tensor, random)))
        state[tensor.name] = torch.from_numpy(numbers).reshape(tensor.shape)
    state["vision_model.embeddings.position_ids"] = torch.arange(577).reshape(1, 577)
    torch.save(state, folder / "pytorch_model.bin")


def byte_letters() -> list[str]:
    """The printable letter that byte-level BPE writes for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain} | {b: chr(256 + i) for i, b in enumerate(others)}
    return [letters[byte] for byte in range(256)]


def tokenizer(vocabulary: int, random: np.random.Generator) -> dict:
    """A byte-level BPE of the full size, its words joined at random from shorter ones."""
    words = byte_letters()
    known, merges = set(words), []
    while len(words) < vocabulary - 256:
        for first, second in random.integers(0, len(words), (1 << 14, 2)):
            left, right = words[first], words[second]
            if len(left + right) <= 12 and left + right not in known and len(words) < vocabulary - 256:
                known.add(left + right)
                words.append(left + right)
                merges.append([left, right])
    special = [SPECIAL.get(i, f"<|reserved_special_token_{i}|>") for i in range(256)]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    begin = {"SpecialToken": {"id": special[0], "type_id": 0}}
    split = {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": len(words) + place, "content": content, **flags} for place, content in enumerate(special)
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [begin, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {special[0]: {"id": special[0], "ids": [len(words)], "tokens": [special[0]]}},
        },
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": True,
            "vocab": {word: place for place, word in enumerate(words)},
            "merges": merges,
        },
    }


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False))


def write_configuration(folder: Path, tower: Path, s: Shape) -> None:
    first = s.vocabulary - 256
    ends = [first + 1, first + 8, first + 9]
    scaling = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
    scaling |= {"original_max_position_embeddings": 8192, "rope_type": "llama3"}
    configuration = {
        "architectures": ["LlavaMiniLlamaForCausalLM"], "model_type": "llava_mini_llama",
        "hidden_size": s.width, "intermediate_size": s.intermediate, "num_hidden_layers": s.layers,
        "num_attention_heads": s.heads, "num_key_value_heads": s.key_value_heads, "head_dim": 128,
        "vocab_size": s.vocabulary, "max_position_embeddings": 131072, "rms_norm_eps": 1e-05,
        "rope_theta": 500000.0, "rope_scaling": scaling, "hidden_act": "silu", "attention_bias": False,
        "mlp_bias": False, "tie_word_embeddings": False, "torch_dtype": "bfloat16",
        "bos_token_id": first, "eos_token_id": ends, "mm_vision_tower": "openai/clip-vit-large-patch14-336",
        "mm_vision_select_layer": -2, "mm_vision_select_feature": "patch",
        "mm_projector_type": "mlp2x_gelu", "mm_hidden_size": s.tower_width, "compressor_size": 1,
        "prefusion_layer_num": s.prefusion_layers, "resolution_ratio": 1, "vignette_notice": NOTICE,
    }  # fmt: skip
    write_json(folder / "config.json", configuration)
    write_json(folder / "generation_config.json", {"bos_token_id": first, "eos_token_id": ends})
    write_json(folder / "tokenizer_config.json", {"clean_up_tokenization_spaces": True})
    clip = {
        "hidden_size": s.tower_width, "intermediate_size": 4 * s.tower_width, "image_size": 336,
        "patch_size": 14, "num_hidden_layers": s.tower_layers, "num_attention_heads": s.tower_heads,
        "hidden_act": "quick_gelu", "layer_norm_eps": 1e-05,
    }  # fmt: skip
    write_json(tower / "config.json", {"model_type": "clip", "projection_dim": PROJECTION, "vision_config": clip})
    processor = {
        "size": 336, "crop_size": 336, "do_resize": True, "do_center_crop": True, "do_normalize": True,
        "image_mean": [0.48145466, 0.4578275, 0.40821073], "resample": 3,
        "image_std": [0.26862954, 0.26130258, 0.27577711],
    }  # fmt: skip
    write_json(tower / "preprocessor_config.json", processor)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the checkpoint's folder; the tower's is put into it")
    parser.add_argument("--scale", type=int, default=1, choices=[1, 2, 4, 8, 16], help="divides every width")
    parser.add_argument("--layers", type=int, help="of the language model, pre-fusion and the tower")
    parser.add_argument("--vocabulary", type=int, default=128256, help="tokens, the last 256 special")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    a = arguments()
    shape = Shape(a.scale, a.layers or 32, min(a.layers or 4, 4), min(a.layers or 24, 24), a.vocabulary)
    random = np.random.default_rng(a.seed)
    tower = a.folder / "clip-vit-large-patch14-336"
    tower.mkdir(parents=True, exist_ok=True)
    write_configuration(a.folder, tower, shape)
    (a.folder / "tokenizer.json").write_text(json.dumps(tokenizer(shape.vocabulary, random), ensure_ascii=False))
    write_language_model(a.folder, shape, random)
    write_tower(tower, shape, random)


if __name__ == "__main__":
    main()
