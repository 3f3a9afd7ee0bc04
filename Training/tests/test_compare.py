"""The compared models are trained, asked and set side by side by one command."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from Training import checkpoint, compare
from Training.answering import ask
from Training.evaluate import LIMITS, TARGETS, Counts
from Training.export import trained_model
from Training.learner import Learner
from Training.tokens import Chat, train_tokenizer
from Training.train import VARIANTS, configuration

_TEXTS = ["system\n\nuser\n\nassistant\n\nDescribe this picture in one sentence.", "A dog on the left in the snow."]


def _folder(path: Path, variant: str) -> Path:
    """A training folder whose model has learnt nothing."""
    torch.manual_seed(0)
    tokenizer = train_tokenizer(_TEXTS, pieces=300)
    path.mkdir()
    tokenizer.save(str(path / "tokenizer.json"))
    config = configuration(variant, tokenizer.get_vocab_size())
    (path / "configuration.json").write_text(json.dumps(asdict(config)))
    checkpoint.save(path / "speech.pt", {"learner": Learner(config).state_dict(), "seen": 96})
    return path


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_answers_from_its_training_folder(tmp_path: Path, variant: str):
    folder = _folder(tmp_path / variant, variant)
    model, _, seen = trained_model(folder)
    chat = Chat.load(folder / "tokenizer.json")
    answers = partial(ask, model, chat)([np.zeros((112, 112, 3), np.uint8)], ["Describe this picture in one sentence."])
    assert seen == 96 and len(answers) == 1


def test_an_evaluation_is_kept_until_the_model_or_the_counts_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, calls = _folder(tmp_path / "token", "token"), []

    class Scores:
        def table(self) -> list[tuple[str, float, int]]:
            return [("scene kind", len(calls) / 10, 1)]

    def measure(answers, counts):
        calls.append(counts)
        return Scores(), []

    monkeypatch.setattr(compare.evaluate, "measure", measure)
    assert compare._measure(folder, Counts(2, 1, 1)) == {"scene kind": 0.1}
    assert compare._measure(folder, Counts(2, 1, 1)) == {"scene kind": 0.1}
    assert compare._measure(folder, Counts(3, 1, 1)) == {"scene kind": 0.2}
    state = checkpoint.load(folder / "speech.pt")
    checkpoint.save(folder / "speech.pt", state | {"seen": 192})
    assert compare._measure(folder, Counts(3, 1, 1)) == {"scene kind": 0.3}


def test_the_table_has_what_all_were_measured_on():
    table = dict.fromkeys((*TARGETS, *LIMITS), 0.5)
    lines = compare.report(
        {"token": table, "patches": {**table, "question: where": 0.1}}, {"token": (1e6, 2e6), "patches": (3e6, 4e6)}
    ).splitlines()
    assert lines[0] == "| | one token | every patch |"
    assert "| scene kind | 50.0% | 50.0% |" in lines
    assert not any("where" in line for line in lines)
    assert lines[-2:] == [
        "| FLOPs to the first word of a picture | 1 M | 3 M |",
        "| FLOPs to the first word of a clip of ten frames | 2 M | 4 M |",
    ]


def test_more_tokens_cost_more():
    costs = {variant: compare._costs(variant, Chat(train_tokenizer(_TEXTS, pieces=300))) for variant in VARIANTS}
    assert costs["token"][0] < costs["prefusion"][0] < costs["patches"][0]
    assert costs["token"][1] < costs["prefusion"][1] < costs["patches"][1]


def test_what_a_finished_model_has_learnt_is_where_another_variant_looks_for_it(tmp_path: Path):
    first = _folder(tmp_path / "first", "prefusion")
    checkpoint.save(first / "sight.pt", {"learner": {}, "seen": 480})
    trained = checkpoint.load(first / "speech.pt")["learner"]
    for variant in VARIANTS:
        compare._begin(variant, tmp_path / variant, first, further=True)
        state = checkpoint.load(tmp_path / variant / "sight.pt")
        config = configuration(variant, Chat.load(tmp_path / variant / "tokenizer.json").size)
        own = Learner(config).state_dict()
        assert state["seen"] == 480
        assert {name: tensor.shape for name, tensor in state["learner"].items() if name in own} == {
            name: tensor.shape for name, tensor in own.items()
        }
        before = "model.model." + ("prefusion_layers" if variant == "prefusion" else "layers")
        last = "model.model.layers." + ("3" if variant == "prefusion" else "5") + ".mlp.up_proj.weight"
        for name, source in (
            (f"{before}.1.self_attn.q_proj.weight", "model.model.prefusion_layers.1.self_attn.q_proj.weight"),
            (last, "model.model.layers.3.mlp.up_proj.weight"),
            ("model.model.vision_tower.encoder.layers.3.mlp.fc1.weight",) * 2,
        ):
            assert torch.equal(state["learner"][name], trained[source])


def test_a_variant_that_has_begun_goes_on(tmp_path: Path):
    first = _folder(tmp_path / "first", "prefusion")
    checkpoint.save(first / "sight.pt", {"learner": {}, "seen": 480})
    compare._begin("token", tmp_path / "token", first, further=False)
    checkpoint.save(first / "sight.pt", {"learner": {}, "seen": 960})
    compare._begin("token", tmp_path / "token", first, further=False)
    assert checkpoint.load(tmp_path / "token" / "sight.pt")["seen"] == 480


def test_nothing_is_compared_from_an_unfinished_training(tmp_path: Path):
    with pytest.raises(SystemExit, match="no finished training"):
        compare._begin("token", tmp_path / "token", tmp_path / "missing", further=True)
