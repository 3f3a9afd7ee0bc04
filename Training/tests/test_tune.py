"""The upper part of the tower: the same as the trunk's blocks, tuned, and gone on with after a kill."""

import argparse
from pathlib import Path

import numpy as np
import pytest
import torch

from Training import checkpoint
from Training.model.efficientnet import EfficientNetConfiguration, Trunk
from Training.photographs import tune
from Training.photographs.concepts import Evidence
from Training.photographs.features import Cache
from Training.photographs.raised import Raised
from Training.photographs.upper import Upper, pooled

from .photographs import CLASSES

_TINY = EfficientNetConfiguration(
    image_size=32, stem_channels=4, hidden_dim=12, in_channels=(4, 6, 6), out_channels=(6, 6, 8),
    kernel_sizes=(3, 5, 3), strides=(2, 2, 1), expand_ratios=(2, 3, 3), num_block_repeats=(1, 2, 1),
)  # fmt: skip


def _upper() -> tuple[Trunk, Upper]:
    torch.manual_seed(3)
    trunk = Trunk(_TINY)
    return trunk, Upper(trunk, torch.nn.Linear(8, 12), _TINY)


def test_the_upper_part_is_what_the_blocks_of_the_trunk_are():
    trunk, upper = _upper()
    pixels = torch.randn(2, 3, 32, 32)
    planes = trunk.lower(pixels)
    assert planes.shape[1:] == _TINY.planes
    assert torch.allclose(upper.trunk(planes), trunk(pixels), atol=1e-5)


def test_raised_features_go_on_where_they_were_left(tmp_path: Path):
    _, upper = _upper()
    planes = Cache(tmp_path / "planes", [f"{n}.jpg" for n in range(40)], *_TINY.planes)
    planes.opened(0)[:] = np.random.default_rng(1).random((40, *_TINY.planes))
    raised = Raised(tmp_path / "raised", planes.names, _TINY)
    for there in (10, 40):
        planes.set_count(0, there)
        raised.fill(planes, 0, upper)
        assert raised.trunk.count(0) == len(raised.values(0)) == there
    with torch.inference_mode():
        expected = pooled(upper(torch.from_numpy(planes.opened(0).astype(np.float32))))
    assert torch.allclose(raised.values(0).float(), expected, atol=2e-2)


class _Lessons:
    """Pictures of one concept, which raises the first channel."""

    def __init__(self):
        self.evidence, self.nouns = Evidence(CLASSES), {"dog": 0}
        self.places = list(range(64))
        rng = np.random.default_rng(2)
        self._planes = torch.from_numpy(rng.random((64, *_TINY.planes)).astype(np.float32))
        self._shown = torch.arange(64) % 2
        self._planes[:, :, 0] += 2 * self._shown[:, None]

    def planes(self, chosen: list[int]) -> torch.Tensor:
        return self._planes[chosen]

    def before(self, chosen: list[int]) -> torch.Tensor:
        return self._planes[chosen].mean((1, 2))[:, None].expand(-1, 12)

    def told(self, chosen: list[int]) -> list[torch.Tensor]:
        values = torch.zeros(len(chosen), len(self.evidence.words))
        values[:, 1] = self._shown[chosen].float()
        nouns = self._shown[chosen].float()[:, None]
        return [values, torch.ones_like(values), nouns, torch.ones_like(nouns)]


@pytest.fixture
def tiny(monkeypatch):
    torch.manual_seed(5)
    classifier = {"weight": 0.1 * torch.randn(5, 12), "bias": torch.zeros(5)}
    monkeypatch.setattr(tune, "published_classifier", lambda: classifier)
    monkeypatch.setattr(tune, "fresh", lambda config: _upper()[1])


def _options(examples: int) -> argparse.Namespace:
    return argparse.Namespace(examples=examples, batch=16, rate=1e-3)


def test_tuning_goes_on_after_a_kill_as_if_there_had_been_none(tiny, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(tune, "_SAVE_EVERY", -1)
    tune.tune(_Lessons(), _TINY, tmp_path / "whole.pt", _options(96))
    killed = _Lessons()

    def planes(chosen, left=[3]):  # noqa: B006
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return _Lessons.planes(killed, chosen)

    killed.planes = planes
    with pytest.raises(KeyboardInterrupt):
        tune.tune(killed, _TINY, tmp_path / "killed.pt", _options(96))
    tune.tune(_Lessons(), _TINY, tmp_path / "killed.pt", _options(96))
    whole, again = (checkpoint.load(tmp_path / f"{name}.pt") for name in ("whole", "killed"))
    assert whole["seen"] == again["seen"] == 96
    names = [name for name in whole["mean"] if not name.endswith("spread")]
    # What is left out by chance differs, and nothing else.
    assert all(torch.allclose(whole["mean"][name], again["mean"][name], atol=2e-2) for name in names)


def test_what_is_tuned_learns_what_labels_say(tiny, tmp_path: Path):
    tune.tune(_Lessons(), _TINY, tmp_path / "upper.pt", _options(1600))
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    losses = [float(line.split('"concepts": ')[1].split(",")[0]) for line in lines]
    assert losses[-1] < 0.5 * losses[0]
