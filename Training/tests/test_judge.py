"""What the language model is taught to say: classifiers, the published one, folders; what is worth saying."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from Training.photographs import judge
from Training.photographs.archive import Archive, half
from Training.photographs.compose import Certainty
from Training.photographs.concepts import Evidence
from Training.photographs.worth import worth_of

from .photographs import CLASSES, write_archive

_EVIDENCE = Evidence(CLASSES)
_PLACE = {word: number for number, word in enumerate(_EVIDENCE.words)}


def _sure_of(monkeypatch, name: str, probability: float) -> None:
    """A published classifier that gives a class this probability, whatever it sees."""
    classes = CLASSES["imagenet"]
    bias = torch.full((len(classes),), float(np.log((1 - probability) / (len(classes) - 1))))
    bias[classes.index(name)] = float(np.log(probability))
    monkeypatch.setattr(judge, "published_classifier", lambda: {"weight": torch.zeros(len(bias), 4), "bias": bias})


@pytest.mark.parametrize(("probability", "expected"), [(0.9, 0.9), (0.3, 0.2)])
def test_the_published_classifier_is_believed_where_it_is_sure(monkeypatch, probability, expected):
    _sure_of(monkeypatch, "ladle", probability)
    made = np.full((1, len(_PLACE)), 0.2, np.float32)
    judge._believe(made, torch.zeros(1, 8), _EVIDENCE)
    assert made[0, _PLACE["ladle"]] == pytest.approx(expected, abs=1e-3)
    assert (np.delete(made[0], _PLACE["ladle"]) < 0.201).all()


def test_a_general_word_is_not_believed_of_the_published_classifier(monkeypatch):
    _sure_of(monkeypatch, "convertible", 0.9)
    made = np.full((1, len(_PLACE)), 0.2, np.float32)
    judge._believe(made, torch.zeros(1, 8), _EVIDENCE)
    assert made[0, _PLACE["car"]] > 0.89 and made[0, _PLACE["vehicle"]] == pytest.approx(0.2)


def test_a_folder_settles_what_is_possible_and_denies_other_animals():
    wnid = CLASSES["imagenet_wnids"][CLASSES["imagenet"].index("green mamba")]
    line = {"name": "a.jpg", "source": "imagenet", "wnid": wnid}
    pack = SimpleNamespace(
        cache=SimpleNamespace(names=["a.jpg"]), archive=SimpleNamespace(training=[line]), evidence=_EVIDENCE
    )
    made = np.full((1, len(_PLACE)), 0.4, np.float32)
    judge._settle(made, pack)
    assert made[0, _PLACE["snake"]] == pytest.approx(0.9) and made[0, _PLACE["dog"]] == pytest.approx(0.1)
    assert made[0, _PLACE["table"]] == pytest.approx(0.4)
    made[:] = 0.05
    judge._settle(made, pack)
    assert made[0, _PLACE["snake"]] == pytest.approx(0.05)


def test_a_picture_and_its_mirror_image_are_judged_alike():
    made = np.array([[[0.2], [0.4]], [[0.4], [0.0]]], np.float16)  # The second one's mirror image is not there yet.
    joined = judge._joined_views(made)
    assert joined[:, 0, 0] == pytest.approx([0.3, 0.3], abs=1e-3)
    assert joined[:, 1, 0] == pytest.approx([0.4, 0.0], abs=1e-3)


def test_what_people_name_is_worth_more_than_what_merely_stands_there(tmp_path: Path):
    names = [name for n in range(40) if half(name := f"flickr8k-{n}.jpg") == 0]
    nouns = {"dog": 5, "sky": 1}
    write_archive(
        tmp_path,
        [{"name": name, "source": "flickr8k"} for name in names],
        [{"name": name, "source": "flickr8k", "nouns": nouns} for name in names],
    )
    worth = worth_of(Archive(tmp_path), _EVIDENCE.words)
    assert worth["dog"] > 0.8 and worth["sky"] < 0.2 and worth["cat"] == 0.5
    certainty = Certainty(tag=0.8, thrift=1.0, worth=worth)
    assert certainty.of_tag("dog") < certainty.of_tag("cat") < certainty.of_tag("sky") < 0.8


def test_every_classifier_is_calibrated_by_drawings_too_and_judges_what_it_has_not_seen(monkeypatch, tmp_path: Path):
    calibrated = []

    def calibration(models, archive, evidence, names, whole, drawn, words):
        calibrated.append(drawn)
        return judge.presence.Calibration(1.0, torch.zeros(2))

    def classifiers(data, heard, groups, folds, epochs):
        return [lambda values, fold=fold: torch.full((len(values), 2), float(fold)) for fold in range(folds)]

    monkeypatch.setattr(judge, "lessons", lambda *_: None)
    monkeypatch.setattr(judge, "heard", lambda _: None)
    monkeypatch.setattr(judge.presence, "crossed", classifiers)
    monkeypatch.setattr(judge.presence, "calibrated", calibration)
    monkeypatch.setattr(judge.presence, "save", lambda *_: None)
    pack = SimpleNamespace(
        cache=SimpleNamespace(names=["a", "b", "c", "d"]), archive=SimpleNamespace(truth={}), drawn=["map"],
        evidence=SimpleNamespace(words=["dog", "other"]),
    )  # fmt: skip
    made = judge._classified(pack, [torch.zeros(4, 8)], torch.zeros(1, 8), tmp_path, epochs=1)
    assert [drawn.shown for drawn in calibrated] == [["map"]] * judge._FOLDS
    assert made[0, :, 0] == pytest.approx([0.5, 1 / (1 + np.exp(-1.0))] * 2, abs=1e-3)
