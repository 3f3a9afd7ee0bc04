"""Photographs: where they are read from, how they are cut, what their labels say, what is written of them."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from Training.model.efficientnet import EfficientNetConfiguration, Trunk
from Training.photographs import presence
from Training.photographs.archive import Archive, half
from Training.photographs.compose import Certainty, Found, Pixels, caption, found, plural, tags, then, with_article
from Training.photographs.concepts import Evidence, read_concepts
from Training.photographs.drawings import concept_of, drawing
from Training.photographs.features import Cache, fill, planes_of, quick_lower
from Training.photographs.texts import exchanges
from Training.photographs.truth import Words, report, score
from Training.photographs.views import View, drawn, seen

from .photographs import CLASSES, write_archive

_KINDS = {concept.word: concept.kind for concept in read_concepts()}
_TINY = EfficientNetConfiguration(
    image_size=32, stem_channels=4, hidden_dim=12, in_channels=(4,), out_channels=(6,), kernel_sizes=(3,),
    strides=(2,), expand_ratios=(6,), num_block_repeats=(1,),
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    lines = [{"name": f"flickr8k-{n}.jpg", "source": "flickr8k", "nouns": ["dog"]} for n in range(40)]
    truth = [{"name": f"flickr8k-{n}.jpg", "source": "flickr8k", "nouns": {"dog": 4}} for n in range(0, 40, 4)]
    write_archive(tmp_path, lines, truth)
    return Archive(tmp_path)


def test_every_picture_is_read_from_its_place_in_its_tar(archive):
    for line in archive.labels:
        assert archive.picture(line["name"]).size == (line["width"], line["height"])


def test_pictures_with_known_truth_are_not_trained_with(archive):
    assert len(archive.training) == 30
    assert not {line["name"] for line in archive.training} & set(archive.truth)
    assert {half(name) for name in archive.truth} == {0, 1}


def test_a_view_is_the_same_whenever_it_is_asked_for():
    assert drawn("a.jpg", 5) == drawn("a.jpg", 5) != drawn("b.jpg", 5)
    assert drawn("a.jpg", 0) == View() and drawn("a.jpg", 1) == View(mirrored=True)


def test_an_oblong_picture_stands_in_the_middle_of_grey():
    pixels = seen(Image.new("RGB", (64, 32), (255, 0, 0)), View(), 32)
    assert tuple(pixels[0, 16]) == tuple(pixels[31, 16]) == (127, 127, 127)
    assert tuple(pixels[16, 16]) == (255, 0, 0)


def test_a_mirrored_view_is_mirrored():
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[:, :16] = 255
    assert (seen(Image.fromarray(pixels), View(mirrored=True), 32)[:, :10] == 0).all()


def test_the_quick_lower_part_is_the_trunk_s():
    torch.manual_seed(2)
    # A second block, so that the lower part has one.
    config = replace(
        _TINY, in_channels=(4, 6), out_channels=(6, 8), kernel_sizes=(3, 5), strides=(2, 2), expand_ratios=(1, 6),
        num_block_repeats=(1, 1),
    )  # fmt: skip
    trunk = Trunk(config).eval()
    pixels = np.random.default_rng(2).normal(size=(3, 3, 32, 32)).astype(np.float32)
    with torch.inference_mode():
        expected = trunk.lower(torch.from_numpy(pixels))
    assert torch.allclose(quick_lower(trunk, config, 1)(pixels), expected, atol=1e-4 * float(expected.abs().max()))


def test_the_cache_goes_on_where_it_was_left(archive, tmp_path):
    torch.manual_seed(1)
    lower = quick_lower(Trunk(_TINY).eval(), _TINY, 1)
    whole = planes_of(archive, tmp_path / "whole", _TINY)
    pixels = lambda name: seen(archive.picture(name), drawn(name, 0), _TINY.image_size)  # noqa: E731
    fill(whole, lower, 0, pixels)
    broken = planes_of(archive, tmp_path / "broken", _TINY)
    fill(broken, lower, 0, pixels)
    broken.opened(0, "r+")[32:] = 0
    broken.set_count(0, 32)
    fill(broken, lower, 0, pixels)
    assert broken.count(0) == len(archive.labels)
    assert np.array_equal(whole.opened(0), broken.opened(0)) and whole.opened(0).any()


def test_a_cache_of_other_pictures_is_refused(archive, tmp_path):
    planes_of(archive, tmp_path / "cache", _TINY)
    with pytest.raises(ValueError, match="other pictures"):
        Cache(tmp_path / "cache", ["other.jpg"], 4, 4)


def _evidence(line: dict) -> dict[str, tuple[float, float]]:
    evidence = Evidence(CLASSES)
    values, weights = evidence.of(line)
    return {word: (float(v), float(w)) for word, v, w in zip(evidence.words, values, weights)}


def test_nouns_of_people_are_believed_before_boxes():
    told = _evidence({"source": "flickr8k", "nouns": ["dog", "beach"], "boxes": [[17, 0.9, 0, 0, 1, 1]]})
    assert told["dog"] == (1, 1) and told["beach"] == (1, 1) and told["outdoors"] == (1, 1)
    assert told["horse"][0] < 0.5 and told["cat"][0] < 0.1


def test_a_doubtful_box_of_a_horse_is_not_believed():
    assert _evidence({"source": "coco", "boxes": [[17, 0.7, 0, 0, 1, 1]]})["horse"][0] < 0.5
    assert _evidence({"source": "coco", "boxes": [[1, 0.7, 0, 0, 1, 1]]})["bicycle"][0] > 0.5


def test_what_nothing_could_have_shown_is_left_open():
    told = _evidence({"source": "coco", "boxes": []})
    assert told["playground"][1] == 0 and told["outdoors"][1] == 0
    assert told["bicycle"] == (0, pytest.approx(0.6))


def test_a_folder_says_which_scene_it_is_and_which_not():
    told = _evidence({"source": "houses", "folder": "Kitchen"})
    assert told["kitchen"] == (1, 1) and told["bathroom"][0] == 0 and told["outdoors"] == (0, 1)


def test_every_class_that_concepts_name_is_there():
    assert Evidence(CLASSES).of({"source": "coco"})[0].shape == (len(_KINDS) + 1,)


@pytest.mark.parametrize(("what", "expected"), [
    (Found(1, (), (), True, Pixels()), "A person, outdoors."),
    (Found(2, (("dog", "animal"),), ("beach",), True, Pixels()), "Two people and a dog on a beach, outdoors."),
    (Found(4, (("ball", "thing"), ("elephant", "animal"), ("hat", "thing")), (), None, Pixels()),
     "People, a ball and an elephant."),
    (Found(0, (("food", "mass"),), (), False, Pixels()), "Food, indoors."),
    (Found(0, (), ("sea", "sky", "rock"), True, Pixels()), "The sea with sky and rocks, outdoors."),
    (Found(0, (), (), False, Pixels(colours={"brown": 0.7})), "Something unfamiliar, indoors, mostly brown."),
    (Found(0, (), (), None, Pixels(luminance=0.1)), "Something unfamiliar, in the dark."),
    (Found(0, (), ("forest",), True, Pixels(saturation=0.0)), "A forest, outdoors, in black and white."),
])  # fmt: skip
def test_captions_are_plain_sentences(what, expected):
    assert caption(what) == expected


def test_only_what_is_likely_enough_is_said():
    p = {"dog": 0.8, "ball": 0.5, "person": 0.59, "outdoors": 0.95}
    what = found(p, _KINDS, Certainty(0.6, 0.6, 0.6, thrift=1e6), Pixels())
    assert caption(what) == "A dog, outdoors." and tags(what) == ["dog", "animal", "outdoors"]
    said = found(p, _KINDS, Certainty(0.59, 0.4, 0.59, thrift=1e6), Pixels(), people=3)
    assert caption(said) == "Several people and a dog, outdoors."
    assert tags(said) == ["people", "dog", "animal", "ball", "outdoors"]


def test_a_general_word_is_said_where_no_telling_one_is_certain():
    p = {"dog": 0.4, "animal": 0.9, "car": 0.7, "vehicle": 0.5, "clothing": 0.3}
    what = found(p, _KINDS, Certainty(0.66, 0.5, thrift=1e6), Pixels())
    assert caption(what) == "An animal and a car."
    assert tags(what) == ["animal", "car", "vehicle"]


def test_nothing_is_looked_for_in_a_drawing():
    what = found({"drawing": 0.9, "dog": 0.8, "outdoors": 0.99}, _KINDS, Certainty(), Pixels())
    assert caption(what) == "A drawing." and tags(what) == ["drawing"]
    told = _evidence({"source": "drawn", "shows": "map"})
    assert told["map"] == (1, 1) and told["drawing"] == (0, 1) and told["dog"][0] == 0
    assert _evidence({"source": "coco"})["drawing"] == (0, 1)


def test_drawings_are_the_same_whenever_they_are_asked_for():
    (first, what), (again, _) = (drawing(4, 32) for _ in range(2))
    assert np.array_equal(np.asarray(first), np.asarray(again))
    assert what in {"document", "screenshot", "chart", "map"} and concept_of(4) == what


def test_a_clip_of_two_scenes_says_one_and_then_the_other():
    assert then("A dog, outdoors.", "A kitchen, indoors.") == "A dog, outdoors, then a kitchen, indoors."
    assert then("A dog.", "A dog.") == "A dog."


def test_a_word_that_another_implies_is_left_out():
    what = found(
        {"duck": 0.7, "bird": 0.9, "water": 0.8, "lake": 0.7}, _KINDS, Certainty(0.6, 0.6, 0.6, thrift=1e6), Pixels()
    )
    assert tags(what) == ["animal", "duck", "lake"]


@pytest.mark.parametrize(
    ("one", "many"), [("bus", "buses"), ("sheep", "sheep"), ("butterfly", "butterflies"), ("monkey", "monkeys")]
)
def test_plurals_are_right(one, many):
    assert plural(one) == many


def test_every_word_has_its_article():
    assert with_article("umbrella") == "an umbrella" and with_article("dog") == "a dog"


def test_answers_agree_with_what_was_found():
    p = dict.fromkeys(_KINDS, 0.02) | {"dog": 0.9, "person": 0.9, "outdoors": 0.99}
    what = found(p, _KINDS, Certainty(), Pixels(colours={"green": 0.6}), people=2)
    for seed in range(200):
        for one in exchanges(what, p, _KINDS, random.Random(seed), questions=5):
            right = {"people": "Two.", "indoors": "Outdoors.", "main colour": "Green.", "what": "A dog."}
            if one.kind in right:
                assert one.answer == right[one.kind]
            if one.kind == "presence":
                there = "dog" in one.prompt or "animal" in one.prompt
                assert one.answer == ("Yes." if there else "No.")


def test_a_classifier_learns_and_its_probabilities_are_calibrated():
    rng = np.random.default_rng(7)
    x = torch.from_numpy(rng.standard_normal((4000, 8)).astype(np.float32))
    right = torch.sigmoid(3 * x[:, :2]) > torch.from_numpy(rng.random((4000, 2)).astype(np.float32))
    data = presence.Examples(x[:3000].half(), right[:3000].float(), torch.ones(3000, 2))
    model = presence.train(data, presence.Heard(nn.Linear(4, 3).state_dict(), torch.zeros(2, 3)), epochs=20)
    with torch.no_grad():
        logits = 3 * model(x)  # Much too sure of itself.
    line = presence.calibrate(logits[:3500], right[:3500].numpy().astype(np.int8))
    p = line.probabilities(logits[3500:])
    sure = p > 0.7
    assert right[3500:][sure].float().mean() == pytest.approx(float(p[sure].mean()), abs=0.07)
    assert presence.average_precision(p[:, 0].numpy(), right[3500:, 0].numpy()) > 0.8


def test_scores_are_those_that_the_words_deserve():
    truth = {"a.jpg": {"name": "a.jpg", "source": "flickr8k", "nouns": {"man": 5, "beach": 4, "kite": 1}, "words": {}}}
    answers = [{"path": "x/a.jpg", "caption": "A person and a dog on a beach, outdoors.", "tags": ["kite", "bus"]}]
    table = dict(score(answers, truth)["flickr8k"].table())
    assert table["content words true"] == pytest.approx(60)
    assert table["content words of captions true"] == pytest.approx(200 / 3)
    assert table["besides people: precision"] == pytest.approx(50)
    assert table["besides people: recall of nouns in 3 of 5"] == 100
    assert table["captions that invent an object"] == 100
    assert "| a true content word | 100.0 |" in report(score(answers, truth))


def test_general_words_are_supported_by_telling_ones_and_not_the_other_way():
    words = Words()
    assert words.supported("person", {"surfer"}) and not words.supported("surfer", {"person"})
    assert words.supported("bike", {"bicycle"}) and words.lemma("Ponies".lower()) == "pony"
