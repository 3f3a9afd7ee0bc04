"""Further tiny oracles: random weights in other shapes, types and layouts than the first one's."""

import dataclasses
import json
import pathlib
import shutil

import numpy as np
from tokenizers import __version__ as tokenizers_version

import pictures
import storage
from oracle import TOWER, Oracle

CAPTION = "Describe this photo in one sentence."
# Ends with the token of id 0, which pre-fusion masks out.
TAGS = "List the objects in this photo, separated by commas!"
TEXTS = ["", "Hello, world!", " don't\r\n\n1234 é 👩‍👩‍👧 <|eot_id|>"]
STEPS = 8

LLAMA3_SCALING = {
    "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192, "rope_type": "llama3",
}


@dataclasses.dataclass
class Variant:
    """What differs; the rest is as small as it can be."""

    seed: int
    cases: list[dict]
    pictures: dict[str, tuple[int, int]]
    element_type: str = "bfloat16"
    shards: int = 1
    # Inside the checkpoint; what then stands beside it is another one, to be passed over.
    tower_inside: bool = False
    width: int = 16
    intermediate: int = 48
    layers: int = 2
    heads: int = 4
    key_value_heads: int = 2
    compressor: int = 1
    prefusion: int = 2
    vision_width: int = 16
    vision_layers: int = 3
    vision_heads: int = 2
    image_side: int = 42
    patch: int = 14
    config: dict = dataclasses.field(default_factory=dict)
    # An EfficientNet-Lite's keys in place of CLIP's.
    convolutions: dict = dataclasses.field(default_factory=dict)


def case(name: str, image: str, query: str = CAPTION, mode: str = "standard") -> dict:
    return {"name": name, "query": query, "image": image, "mode": mode}


def video(name: str, frames: int) -> dict:
    return {"name": name, "query": CAPTION, "frames": frames, "mode": "video"}


VARIANTS = {
    "compressor-2-pad-inside-f16": Variant(
        seed=1, element_type="float16", tower_inside=True, compressor=2, image_side=42,
        pictures={"wide.png": (90, 50), "tall.png": (41, 73)},
        cases=[case("wide", "wide.png"), case("tall", "tall.png", TAGS)],
        config={"image_aspect_ratio": "pad"},
    ),
    "compressor-3-last-layer-f32": Variant(
        seed=2, element_type="float32", width=12, intermediate=40, heads=2, key_value_heads=2,
        compressor=3, prefusion=1, image_side=56,
        pictures={"odd.png": (83, 57)},
        cases=[case("odd", "odd.png"), case("odd.tags", "odd.png", TAGS)],
        config={"rope_scaling": None, "mm_vision_select_layer": -1},
    ),
    "prefusion-3-shards-video-bf16": Variant(
        seed=3, shards=3, width=24, intermediate=40, heads=6, key_value_heads=3, prefusion=3,
        compressor=2, image_side=28, vision_width=24, vision_heads=3,
        pictures={f"frame-{index}.png": (40, 40) for index in range(5)},
        cases=[video("video.2", 2), video("video.5", 5)],
    ),
    "hd-pad-compressor-3-bf16": Variant(
        seed=4, compressor=3, image_side=28, heads=4, key_value_heads=1,
        pictures={"wide.png": (131, 57)},
        cases=[case("wide", "wide.png"), case("wide.hd", "wide.png", TAGS, "hd2x2")],
        config={"image_aspect_ratio": "pad", "resolution_ratio": 2},
    ),
    "one-layer-theta-10000-f16": Variant(
        seed=5, element_type="float16", shards=2, layers=1, prefusion=1, vision_layers=4,
        vision_width=40, vision_heads=5, image_side=32, patch=8, intermediate=72,
        pictures={"small.png": (19, 23), "square.png": (32, 32)},
        cases=[case("small", "small.png"), case("square.hd", "square.png", mode="hd2x2")],
        config={
            "rope_theta": 10000.0, "rope_scaling": None, "rms_norm_eps": 1e-6,
            "mm_vision_select_layer": -3,
        },
    ),
    "efficientnet-lite-pad-f32": Variant(
        seed=6, element_type="float32", vision_width=16, image_side=45,
        pictures={"wide.png": (90, 50), "square.png": (52, 52)},
        cases=[case("wide", "wide.png"), case("square.tags", "square.png", TAGS),
               case("wide.hd", "wide.png", TAGS, "hd2x2")],
        config={"image_aspect_ratio": "pad"},
        convolutions={
            "model_type": "efficientnet_lite", "architectures": ["EfficientNetLiteModel"],
            "num_channels": 3, "stem_channels": 8, "hidden_dim": 40, "in_channels": [8, 6, 10],
            "out_channels": [6, 10, 20], "kernel_sizes": [3, 5, 3], "strides": [1, 2, 2],
            "expand_ratios": [1, 6, 3], "num_block_repeats": [1, 2, 2], "layer_norm_eps": 1e-5,
        },
    ),
}


def make(variant: Variant, tiny: pathlib.Path, folder: pathlib.Path) -> None:
    """Writes a variant's folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "vision_tower").mkdir(parents=True)
    for name in ["tokenizer.json", "tokenizer_config.json"]:
        shutil.copyfile(tiny / name, folder / name)
    write_configurations(variant, tiny, folder)
    weights, tower = random_weights(variant, np.random.default_rng(variant.seed))
    if variant.tower_inside:
        weights |= {TOWER + name: value for name, value in tower.items()}
        _, tower = random_weights(variant, np.random.default_rng(variant.seed + 100))
    storage.write_file(folder / "vision_tower/model.safetensors", tower, variant.element_type)
    if variant.shards == 1:
        storage.write_file(folder / "model.safetensors", weights, variant.element_type)
    else:
        storage.write_shards(folder, weights, variant.element_type, variant.shards)
    for index, (name, size) in enumerate(variant.pictures.items()):
        pictures.render(size, variant.seed * 10 + index).save(folder / name, optimize=True)
    write_golden(variant, folder)


def write_configurations(variant: Variant, tiny: pathlib.Path, folder: pathlib.Path) -> None:
    config = json.loads((tiny / "config.json").read_text())
    config |= {
        "hidden_size": variant.width, "intermediate_size": variant.intermediate,
        "num_hidden_layers": variant.layers, "num_attention_heads": variant.heads,
        "num_key_value_heads": variant.key_value_heads, "rope_scaling": LLAMA3_SCALING,
        "torch_dtype": variant.element_type, "mm_hidden_size": variant.vision_width,
        "compressor_size": variant.compressor, "prefusion_layer_num": variant.prefusion,
    } | variant.config
    vision = json.loads((tiny / "vision_tower/config.json").read_text()) | {
        "hidden_size": variant.vision_width, "intermediate_size": 2 * variant.vision_width,
        "projection_dim": variant.vision_width, "num_hidden_layers": variant.vision_layers,
        "num_attention_heads": variant.vision_heads, "image_size": variant.image_side,
        "patch_size": variant.patch, "torch_dtype": variant.element_type,
    }
    if variant.convolutions:
        vision = variant.convolutions | {
            key: vision[key] for key in ["hidden_size", "image_size", "torch_dtype"]}
    side = variant.image_side
    preprocessor = json.loads((tiny / "vision_tower/preprocessor_config.json").read_text()) | {
        "crop_size": {"height": side, "width": side}, "size": {"shortest_edge": side},
    }
    for name, value in [
        ("config.json", config), ("vision_tower/config.json", vision),
        ("vision_tower/preprocessor_config.json", preprocessor),
    ]:
        (folder / name).write_text(json.dumps(value, indent=1) + "\n")


def random_weights(variant: Variant, generator: np.random.Generator):
    """The checkpoint's tensors and the vision tower's, large enough that every one of them shows."""

    def normal(*shape, scale=None):
        scale = scale or 1.2 / np.sqrt(np.prod(shape[1:]))
        return (generator.standard_normal(shape) * scale).astype(np.float32)

    def affine(name, outputs, inputs):
        return {f"{name}.weight": normal(outputs, inputs),
                f"{name}.bias": normal(outputs, scale=0.2)}

    def norm(name, width, bias=True):
        weights = {f"{name}.weight": 1 + normal(width, scale=0.2)}
        return weights | ({f"{name}.bias": normal(width, scale=0.2)} if bias else {})

    def llama_layer(name):
        width, middle = variant.width, variant.intermediate
        narrow = width // variant.heads * variant.key_value_heads
        shapes = {
            "self_attn.q_proj": (width, width), "self_attn.k_proj": (narrow, width),
            "self_attn.v_proj": (narrow, width), "self_attn.o_proj": (width, width),
            "mlp.gate_proj": (middle, width), "mlp.up_proj": (middle, width),
            "mlp.down_proj": (width, middle),
        }
        return (
            {f"{name}.{part}.weight": normal(*shape) for part, shape in shapes.items()}
            | norm(f"{name}.input_layernorm", width, bias=False)
            | norm(f"{name}.post_attention_layernorm", width, bias=False))

    def vision_layer(name):
        width = variant.vision_width
        weights = norm(f"{name}.layer_norm1", width) | norm(f"{name}.layer_norm2", width)
        for part in ["q_proj", "k_proj", "v_proj", "out_proj"]:
            weights |= affine(f"{name}.self_attn.{part}", width, width)
        return (weights | affine(f"{name}.mlp.fc1", 2 * width, width)
                | affine(f"{name}.mlp.fc2", width, 2 * width))

    vision, count = variant.vision_width, variant.compressor**2
    weights = {
        "model.embed_tokens.weight": normal(2048, variant.width, scale=0.5),
        "lm_head.weight": normal(2048, variant.width),
        "model.compressor.query": normal(count, vision, scale=1.0),
        "model.compressor.pos_embed": normal(count, vision, scale=1.0),
        "model.compressor.attn.in_proj_weight": normal(3 * vision, vision),
        "model.compressor.attn.in_proj_bias": normal(3 * vision, scale=0.2),
    }
    weights |= norm("model.norm", variant.width, bias=False)
    weights |= affine("model.compressor.attn.out_proj", vision, vision)
    weights |= norm("model.compressor.ln_q", vision) | norm("model.compressor.ln_kv", vision)
    weights |= affine("model.mm_projector.0", variant.width, vision)
    weights |= affine("model.mm_projector.2", variant.width, variant.width)
    for layer in range(variant.prefusion):
        weights |= llama_layer(f"model.prefusion_layers.{layer}")
    for layer in range(variant.layers):
        weights |= llama_layer(f"model.layers.{layer}")

    if variant.convolutions:
        return weights, random_convolutions(variant, affine, norm, normal)
    patches, patch = (variant.image_side // variant.patch)**2, variant.patch
    tower = {
        "vision_model.embeddings.class_embedding": normal(vision, scale=0.5),
        "vision_model.embeddings.patch_embedding.weight": normal(vision, 3, patch, patch),
        "vision_model.embeddings.position_embedding.weight": normal(
            patches + 1, vision, scale=0.5),
    }
    tower |= norm("vision_model.pre_layrnorm", vision) | norm("vision_model.post_layernorm", vision)
    for layer in range(variant.vision_layers):
        tower |= vision_layer(f"vision_model.encoder.layers.{layer}")
    return weights, tower


def random_convolutions(variant: Variant, affine, norm, normal) -> dict[str, np.ndarray]:
    """The tensors of a tower of convolutions."""
    vision, width = variant.convolutions, variant.vision_width
    edge = -(-variant.image_side // 2)
    tower = {"vision_model.stem.weight": normal(vision["stem_channels"], 3, 3, 3),
             "vision_model.stem.bias": normal(vision["stem_channels"], scale=0.2)}
    stages = zip(vision["in_channels"], vision["out_channels"], vision["kernel_sizes"],
                 vision["strides"], vision["expand_ratios"], vision["num_block_repeats"])
    index = 0
    for inputs, outputs, kernel, stride, ratio, repeats in stages:
        for channels in [inputs, *[outputs] * (repeats - 1)]:
            name, wide = f"vision_model.blocks.{index}", channels * ratio
            if ratio > 1:
                tower |= affine(f"{name}.expand", wide, channels)
            tower[f"{name}.depthwise.weight"] = normal(wide, 1, kernel, kernel)
            tower[f"{name}.depthwise.bias"] = normal(wide, scale=0.2)
            tower |= affine(f"{name}.project", outputs, wide)
            index += 1
        edge = -(-edge // stride)
    tower |= affine("vision_model.head", vision["hidden_dim"], vision["out_channels"][-1])
    tower |= affine("vision_model.neck", width, vision["hidden_dim"])
    tower |= norm("vision_model.norm", width)
    tower["vision_model.position_embedding.weight"] = normal(edge**2, width, scale=0.5)
    return tower


def write_golden(variant: Variant, folder: pathlib.Path) -> None:
    oracle = Oracle(folder)
    cases, tensors = [], {}
    for described in variant.cases:
        answer, values = oracle.run(described, STEPS)
        cases.append(answer)
        tensors |= {f"{described['name']}.{name}": value for name, value in values.items()}
    texts = []
    for text in TEXTS:
        ids = oracle.tokenizer.encode(text).ids
        texts.append({
            "text": text, "ids": ids, "decoded": oracle.text(ids, cleans=False),
            "decoded_cleaned": oracle.text(ids),
        })
    golden = {
        "cases": cases, "tokenizer": texts,
        "made_with": {
            "numpy": np.__version__, "tokenizers": tokenizers_version,
            "weights": variant.element_type, "math": "float32",
        },
    }
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")
    storage.write_file(folder / "golden.safetensors", tensors, "float32")
