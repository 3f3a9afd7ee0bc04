"""The list of what is present as a part of the exported model."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from Training.photographs import concept_head, presence
from Training.photographs.compose import Certainty
from Training.photographs.concept_head import ConceptHead, Entry, listed, tags
from Training.photographs.concepts import Evidence

from .photographs import CLASSES

_EVIDENCE = Evidence(CLASSES)
_LISTED = listed(_EVIDENCE, Certainty())
_BY_WORD = {entry.words[0]: entry for entry in _LISTED.entries}


def _classifier(seed: int) -> presence.Presence:
    torch.manual_seed(seed)
    model = presence.Presence(16, torch.from_numpy(_EVIDENCE.shows()), hidden=6)
    model.mean.copy_(torch.rand(16))
    model.deviation.copy_(torch.rand(16) + 0.1)
    torch.nn.init.normal_(model.bent.weight)
    torch.nn.init.normal_(model.trust)
    return model.eval()


def _calibration() -> presence.Calibration:
    return presence.Calibration(0.7, torch.linspace(-1, 1, len(_EVIDENCE.words)))


def test_the_folded_head_says_what_classifiers_and_calibration_do():
    models, values = [_classifier(1), _classifier(2)], 2 * torch.rand(9, 16)
    models[1].classifier.load_state_dict(models[0].classifier.state_dict())  # All hear the same one.
    with torch.inference_mode():
        expected = _calibration().probabilities(sum(model(values) for model in models) / 2)
        found = concept_head.folded(models, _calibration(), _LISTED.entries)(values)
    assert torch.allclose(found[:, : len(_EVIDENCE.words)], expected, atol=1e-5)
    assert torch.allclose(found[:, -1], 1 - expected[:, -1], atol=1e-5)


def test_the_published_classifier_is_believed_where_it_is_sure():
    head = ConceptHead(16, 2, (Entry(("dog",), 0.5, (1,), True), Entry(("animal",), 0.5, (1,))), 3)
    for parameter in head.parameters():
        torch.nn.init.zeros_(parameter)
    head.classifier.bias.data = torch.tensor([0.0, 4.0, 0.0])
    head.straight.bias.data[:] = -3
    with torch.inference_mode():
        dog, animal = head(torch.zeros(1, 16))[0].tolist()
    assert dog > 0.95 and animal == pytest.approx(0.047, abs=1e-3)


def test_a_written_head_is_read_back(tmp_path: Path):
    save_file({"model.norm.weight": torch.ones(3).half()}, tmp_path / "model.safetensors")
    (tmp_path / "vision_tower").mkdir()
    (tmp_path / "vision_tower" / "config.json").write_text(json.dumps({"model_type": "efficientnet_lite"}))
    head = concept_head.folded([_classifier(1)], _calibration(), _LISTED.entries)
    for _ in range(2):  # Writing again replaces what was there.
        concept_head.write(head, _LISTED, tmp_path)
    read, listed = concept_head.load(tmp_path)
    assert listed == _LISTED and "model.norm.weight" in load_file(tmp_path / "model.safetensors")
    values = torch.rand(4, 16)
    with torch.inference_mode():
        assert torch.allclose(read(values), head(values), atol=5e-3)
    assert json.loads((tmp_path / "vision_tower" / "config.json").read_text())["pooling"] == "mean_max"


def test_a_tower_without_a_list_has_none(tmp_path: Path):
    assert concept_head.load(tmp_path) is None


def test_the_tables_name_concepts_that_there_are():
    assert len(_BY_WORD) == len(_LISTED.entries) == len(_EVIDENCE.words) + 1
    for word, others in _LISTED.general + _LISTED.implied:
        assert {word, *others} <= set(_BY_WORD)
    assert all(set(entry.unless) <= set(_BY_WORD) for entry in _LISTED.entries)


def _said(likely: dict[str, float], own: list[str] = []) -> list[str]:  # noqa: B006
    return tags([likely.get(entry.words[0], 0.0) for entry in _LISTED.entries], _LISTED, own)


@pytest.mark.parametrize(("likely", "own", "expected"), [
    ({"dog": 0.9, "ball": 0.95}, [], ["ball", "dog", "animal"]),
    ({"dog": 0.9, "outdoors": 0.99, "trees": 0.95}, ["brown"], ["dog", "animal", "outdoors", "trees", "brown"]),
    ({"person": 0.9, "clothing": 0.9}, ["people", "cat"], ["people"]),
    ({"duck": 0.95, "bird": 0.9}, [], ["duck", "animal"]),
    ({"chart": 0.9, "document": 0.8, "dog": 0.9, "indoors": 0.95}, [], ["chart"]),
    ({"grass": 0.9, "field": 0.95}, [], ["grass"]),
    ({"dog": 0.1}, ["dark"], ["dark"]),
])  # fmt: skip
def test_tags_are_what_is_likely_enough(likely, own, expected):
    assert _said(likely, own) == expected
