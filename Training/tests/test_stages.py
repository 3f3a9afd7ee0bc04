"""Training goes on where it was stopped, and hands its learning from stage to stage."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from Training import checkpoint
from Training.export import trained_model
from Training.model.configuration import Configuration, VisionConfiguration
from Training.stages import Options, train_sight, train_speech
from Training.tokens import Chat, train_tokenizer
from Training.world.vocabulary import texts

OPTIONS = Options(batch=4, rate=1e-3, workers=0, device="cpu")
_SMALL = VisionConfiguration(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    train_tokenizer(texts(pictures=60)).save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def _config(folder: Path) -> Configuration:
    size = Chat.load(folder / "tokenizer.json").size
    layers = {"num_hidden_layers": 1, "prefusion_layer_num": 1, "num_attention_heads": 2, "num_key_value_heads": 1}
    return Configuration(vocab_size=size, hidden_size=32, intermediate_size=64, vision=_SMALL, **layers)


def _tower(state: dict) -> dict[str, torch.Tensor]:
    return {name: tensor for name, tensor in state["learner"].items() if "vision_tower" in name}


def test_stages_resume_and_hand_over(folder: Path):
    config = _config(folder)
    train_sight(config, folder, 4, OPTIONS)
    train_sight(config, folder, 12, OPTIONS)
    sight = checkpoint.load(folder / "sight.pt")
    assert sight["seen"] == 12
    train_sight(config, folder, 12, OPTIONS)  # Done already: nothing moves.
    assert all(
        torch.equal(a, b) for a, b in zip(_tower(sight).values(), _tower(checkpoint.load(folder / "sight.pt")).values())
    )
    train_speech(config, folder, 8, OPTIONS)
    train_speech(config, folder, 16, OPTIONS)
    speech = checkpoint.load(folder / "speech.pt")
    assert speech["seen"] == 16
    drift = max((a - b).abs().max().item() for a, b in zip(_tower(sight).values(), _tower(speech).values()))
    assert 0 < drift < 0.2, "the second stage begins with the first one's tower"
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert {line["stage"] for line in lines if line.get("held_out")} == {"see", "speak"}


def test_an_interrupted_run_ends_as_an_uninterrupted_one(folder: Path, tmp_path_factory):
    config, other = _config(folder), tmp_path_factory.mktemp("other")
    (other / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    train_sight(config, other, 12, OPTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("Training.stages._SAVE_EVERY", -1.0)
        patch.setattr("Training.stages.Log.add", _killed_at(8))
        with pytest.raises(KeyboardInterrupt):
            train_sight(config, folder, 12, OPTIONS)
    train_sight(config, folder, 12, OPTIONS)
    whole, resumed = (checkpoint.load(place / "sight.pt") for place in (other, folder))
    for name, tensor in whole["learner"].items():
        torch.testing.assert_close(resumed["learner"][name], tensor, atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("variant", ["token", "patches"])
def test_variants_share_a_first_stage(folder: Path, variant: str):
    config = _config(folder)
    train_sight(config, folder, 4, OPTIONS)
    sight = checkpoint.load(folder / "sight.pt")
    size = {"compressor_size": 0} if variant == "patches" else {}
    other = replace(config, prefusion_layer_num=0, num_hidden_layers=2, **size)
    train_sight(other, folder, 4, OPTIONS)  # Done, whoever did it.
    train_speech(other, folder, 4, OPTIONS)
    speech = checkpoint.load(folder / "speech.pt")
    assert speech["seen"] == 4
    drift = max((a - b).abs().max().item() for a, b in zip(_tower(sight).values(), _tower(speech).values()))
    assert drift < 0.2, "the second stage begins with the shared tower"


def _killed_at(seen: int):
    def add(self, count, loss, measures):
        if count >= seen:
            raise KeyboardInterrupt

    return add


def test_a_folder_without_a_model_says_what_to_do(folder: Path):
    (folder / "configuration.json").write_text(json.dumps({"vocab_size": 8, "vision": {}}))
    with pytest.raises(FileNotFoundError, match=r"Training\.train"):
        trained_model(folder)
