"""Writes the text tower into a vision tower's folder, where Hugging Face's `CLIPModel` has it."""

import json
from dataclasses import asdict
from pathlib import Path

from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from ..model.clip_text import Meaning, TextConfiguration
from .clip_tokens import START

_WEIGHTS = "model.safetensors"


def write(model: Meaning, config: TextConfiguration, tokenizer: Tokenizer, tower: Path) -> None:
    """Adds texts' weights, both projections and `text_config` to the tower's files, and puts the tokenizer there."""
    weights = {name: t for name, t in load_file(tower / _WEIGHTS).items() if name.startswith("vision_model.")}
    weights |= {name: tensor.detach().half().contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, tower / f"{_WEIGHTS}.partial", {"format": "pt"})
    (tower / f"{_WEIGHTS}.partial").replace(tower / _WEIGHTS)
    values = json.loads((tower / "config.json").read_text())
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
    model = Meaning(TextConfiguration(**known), values["hidden_dim"])
    state = {n: t.float() for n, t in load_file(tower / _WEIGHTS).items() if not n.startswith("vision_model.")}
    model.load_state_dict(state)
    return model.eval()
