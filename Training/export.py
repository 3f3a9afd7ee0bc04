"""Writes a trained model in the released layout: `python -m Training.export --folder .training/run --to DIR`.

The folder holds what the released checkpoint's does, with the vision tower in a folder of its own. Weights are float16:
a model of this size keeps its answers, and the whole stays under 40 MB.
"""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from . import checkpoint
from .data import DEVIATION, MEAN
from .learner import Learner
from .model.configuration import Configuration, VisionConfiguration
from .model.efficientnet import EfficientNetConfiguration
from .model.llava_mini import LLaVAMini
from .photographs import views
from .tokens import BEGIN, END_OF_TURN, Chat

_TOWER = "model.vision_tower."
# Shown wherever the model's words appear.
NOTICE = (
    "This small model knows drawings like those that it was trained on; for photographs use the model 'photographs'."
)
_LIMIT = 40_000_000  # Bytes that the bundled model may take in all.
_CONVOLUTIONS = "efficientnet_lite"  # `model_type` of such a tower.


def read_configuration(path: Path) -> Configuration:
    """The configuration that `train.py` wrote."""
    values = json.loads(path.read_text())
    return Configuration(**{**values, "vision": _vision(values["vision"])})


def _vision(values: dict) -> VisionConfiguration | EfficientNetConfiguration:
    """The tower's configuration from the keys that it has among these."""
    kind = EfficientNetConfiguration if "stem_channels" in values else VisionConfiguration
    known = {key: values[key] for key in kind.__dataclass_fields__ if key in values}
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in known.items()})


def trained_model(folder: Path) -> tuple[LLaVAMini, Configuration, int]:
    """The model of a training folder's last checkpoint, its configuration and how many pictures it has seen."""
    config = read_configuration(folder / "configuration.json")
    state = checkpoint.load(folder / "speech.pt")
    if state is None:
        raise FileNotFoundError(
            f"{folder / 'speech.pt'} is not there yet: run Training.train with the same folder first"
        )
    learner = Learner(config)
    learner.load_state_dict(state["learner"])
    return learner.model.eval(), config, state["seen"]


def normalisation(vision: VisionConfiguration | EfficientNetConfiguration) -> tuple[tuple, tuple]:
    """Mean and deviation of the channels that the tower was trained with."""
    return (views.MEANS, views.DEVIATIONS) if isinstance(vision, EfficientNetConfiguration) else (MEAN, DEVIATION)


def _unused_layers(config: Configuration, present: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tower's layers behind the one whose output is taken, which CLIP's layout has and nothing runs: as zeros."""
    missing, last = {}, config.vision.num_hidden_layers
    used = last + 1 + config.mm_vision_select_layer
    for name, tensor in present.items():
        if name.startswith("vision_model.encoder.layers.0."):
            for layer in range(used, last):
                missing[name.replace("layers.0.", f"layers.{layer}.")] = torch.zeros_like(tensor)
    width = config.vision.hidden_size
    missing["vision_model.post_layernorm.weight"] = torch.ones(width, dtype=torch.float16)
    missing["vision_model.post_layernorm.bias"] = torch.zeros(width, dtype=torch.float16)
    return missing


def _config_json(config: Configuration, chat: Chat, notice: str) -> dict:
    values = {key: value for key, value in asdict(config).items() if key != "vision"}
    return {
        "architectures": ["LlavaMiniLlamaForCausalLM"], "model_type": "llava_mini_llama", **values,
        "hidden_act": "silu", "attention_bias": False, "mlp_bias": False, "tie_word_embeddings": False,
        "rope_scaling": None, "max_position_embeddings": 2048, "torch_dtype": "float16",
        "bos_token_id": chat.tokenizer.token_to_id(BEGIN), "eos_token_id": sorted(chat.ends),
        "mm_vision_tower": "vision_tower", "mm_vision_select_feature": "patch", "mm_projector_type": "mlp2x_gelu",
        "mm_hidden_size": config.vision.hidden_size, "image_aspect_ratio": "pad", "resolution_ratio": 1,
        "mm_use_im_start_end": False, "mm_use_im_patch_token": False, "vignette_notice": notice,
    }  # fmt: skip


def _tower_json(vision: VisionConfiguration | EfficientNetConfiguration) -> dict:
    if isinstance(vision, EfficientNetConfiguration):
        kind = {"architectures": ["EfficientNetLiteModel"], "model_type": _CONVOLUTIONS}
        return {**kind, "num_channels": 3, "torch_dtype": "float16", **asdict(vision)}
    return {
        "architectures": ["CLIPVisionModel"], "model_type": "clip_vision_model", "hidden_act": "quick_gelu",
        "num_channels": 3, "projection_dim": vision.hidden_size, "torch_dtype": "float16", **asdict(vision),
    }  # fmt: skip


def _preprocessor_json(vision: VisionConfiguration | EfficientNetConfiguration) -> dict:
    edge, (mean, deviation) = vision.image_size, normalisation(vision)
    return {
        "image_processor_type": "CLIPImageProcessor", "do_resize": True, "do_center_crop": True, "do_rescale": True,
        "do_normalize": True, "do_convert_rgb": True, "resample": 3, "rescale_factor": 1 / 255,
        "size": {"shortest_edge": edge}, "crop_size": {"height": edge, "width": edge},
        "image_mean": list(mean), "image_std": list(deviation),
    }  # fmt: skip


def _write_json(path: Path, values: dict) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n")


def export(model: LLaVAMini, config: Configuration, chat: Chat, to: Path, notice: str = NOTICE) -> None:
    """Writes the model into the folder `to`; `notice` is shown wherever its words appear.

    Raises `ValueError` for a configuration that the released layout cannot hold, or a model over the size limit.
    """
    if not config.compressor_size or not config.prefusion_layer_num:
        raise ValueError("only the model with compressor and pre-fusion has a released layout")
    tower_folder = to / "vision_tower"
    tower_folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in model.state_dict().items()}
    tower = {f"vision_model.{name.removeprefix(_TOWER)}": t for name, t in state.items() if name.startswith(_TOWER)}
    if isinstance(config.vision, VisionConfiguration):
        tower |= _unused_layers(config, tower)
    language = {name: tensor for name, tensor in state.items() if not name.startswith(_TOWER)}
    save_file(language, to / "model.safetensors", metadata={"format": "pt"})
    save_file(tower, tower_folder / "model.safetensors", metadata={"format": "pt"})
    for part in (to / "model.safetensors", tower_folder / "model.safetensors"):
        os.chmod(part, 0o644)
    chat.tokenizer.save(str(to / "tokenizer.json"))
    _write_json(to / "config.json", _config_json(config, chat, notice))
    _write_json(
        to / "generation_config.json",
        {"bos_token_id": chat.tokenizer.token_to_id(BEGIN), "do_sample": False, "eos_token_id": sorted(chat.ends)},
    )
    _write_json(to / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": BEGIN, "eos_token": END_OF_TURN,
        "pad_token": "<|finetune_right_pad_id|>", "model_max_length": 2048, "clean_up_tokenization_spaces": False,
    })  # fmt: skip
    _write_json(tower_folder / "config.json", _tower_json(config.vision))
    _write_json(tower_folder / "preprocessor_config.json", _preprocessor_json(config.vision))
    size = sum(file.stat().st_size for file in to.rglob("*") if file.is_file())
    if size > _LIMIT:
        raise ValueError(f"{to} takes {size} bytes, more than the {_LIMIT} that the bundled model may take")


def load_exported(folder: Path) -> tuple[LLaVAMini, Chat]:
    """Reads an exported folder back from its files alone, in float32."""
    values = json.loads((folder / "config.json").read_text())
    tower = json.loads((folder / values["mm_vision_tower"] / "config.json").read_text())
    known = {key: values[key] for key in Configuration.__dataclass_fields__ if key in values}
    config = Configuration(**known, vision=_vision(tower))
    model = LLaVAMini(config)
    state = load_file(folder / "model.safetensors")
    for name, tensor in load_file(folder / values["mm_vision_tower"] / "model.safetensors").items():
        state[_TOWER + name.removeprefix("vision_model.")] = tensor
    wanted = model.state_dict()
    model.load_state_dict({name: state[name].float() for name in wanted})
    return model.eval(), Chat.load(folder / "tokenizer.json")


def main() -> None:
    """Exports the last checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(".training/run"), help="the training folder")
    parser.add_argument("--to", type=Path, default=Path("Models/demo"))
    arguments = parser.parse_args()
    model, config, seen = trained_model(arguments.folder)
    export(model, config, Chat.load(arguments.folder / "tokenizer.json"), arguments.to)
    size = sum(file.stat().st_size for file in arguments.to.rglob("*") if file.is_file())
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(f"{arguments.to}: {parameters:,} parameters, {size:,} bytes, after {seen:,} pictures")


if __name__ == "__main__":
    main()
