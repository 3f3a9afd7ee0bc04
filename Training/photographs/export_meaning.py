"""Writes the text tower into a vision tower's folder, where Hugging Face's `CLIPModel` has it."""

import json
from dataclasses import asdict
from pathlib import Path

from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from ..model.clip_text import Meaning, TextConfiguration
from .clip_tokens import START

WEIGHTS = "model.safetensors"
_OWN = ("text_model.", "text_projection.", "visual_projection.", "logit_")


def put(file: Path, start: str | tuple[str, ...], weights: dict[str, Tensor]) -> None:
    """Replaces those of a file's weights whose names begin so, in float16."""
    kept = {name: tensor for name, tensor in load_file(file).items() if not name.startswith(start)}
    kept |= {name: tensor.detach().half().contiguous() for name, tensor in weights.items()}
    partial = file.with_suffix(".partial")
    save_file(kept, partial, {"format": "pt"})
    partial.chmod(0o644)
    partial.replace(file)


def write(model: Meaning, config: TextConfiguration, tokenizer: Tokenizer, tower: Path) -> None:
    """Adds texts' weights, both projections and `text_config` to the tower's files, and puts the tokenizer there."""
    put(tower / WEIGHTS, _OWN, model.state_dict())
    values = json.loads((tower / "config.json").read_text())
    if model.visual_projection.in_features == 2 * values["hidden_dim"]:
        values["pooling"] = "mean_max"
    values["projection_dim"] = config.projection_dim
    values["text_config"] = {
        "model_type": "clip_text_model", "bos_token_id": tokenizer.token_to_id(START),
        "pad_token_id": config.eos_token_id, **asdict(config),
    }  # fmt: skip
    (tower / "config.json").write_text(json.dumps(values, indent=2) + "\n")
    tokenizer.save(str(tower / "tokenizer.json"))


def load(tower: Path) -> Meaning:
    """The text tower and the projections of a tower's folder, in float32."""
    values = json.loads((tower / "config.json").read_text())
    known = {name: value for name, value in values["text_config"].items() if name in TextConfiguration.__annotations__}
    channels = values["hidden_dim"] * (2 if values.get("pooling") == "mean_max" else 1)
    model = Meaning(TextConfiguration(**known), channels)
    state = {n: t.float() for n, t in load_file(tower / WEIGHTS).items() if n.startswith(_OWN)}
    model.load_state_dict(state)
    return model.eval()
