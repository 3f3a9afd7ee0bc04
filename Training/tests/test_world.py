"""The world: numbers reproduce pictures, names are well formed, and what is said of a picture is what was drawn."""

from random import Random

import numpy as np
import pytest

from Training.world import captions, clips, questions
from Training.world.backdrops import BACKDROPS
from Training.world.objects import CATEGORIES, KINDS, UNKNOWN
from Training.world.palette import COLOURS, colour_shares, main_colours, patch_colours
from Training.world.render import IGNORED, PATCH, patch_labels, picture
from Training.world.scene import Placed


def test_the_world_is_as_large_as_it_claims():
    assert len(BACKDROPS) >= 24
    assert len(KINDS) >= 250
    words = [word for kind in KINDS for word in {kind.name, kind.plural}]
    assert len(words) == len(set(words)), "a word names two kinds"
    assert all(word.isalpha() for word in words)
    drawn = {kind.emoji for kind in KINDS}
    assert not drawn & {*UNKNOWN["training"], *UNKNOWN["evaluation"]}
    assert not set(UNKNOWN["training"]) & set(UNKNOWN["evaluation"])


def test_a_number_gives_the_same_picture_again():
    for number in (0, 5, 11):
        first, second = picture(3, number), picture(3, number)
        assert np.array_equal(first.pixels, second.pixels)
        assert captions.caption(first.scene) == captions.caption(second.scene)


@pytest.mark.parametrize("number", range(60))
def test_texts_are_sentences_that_name_what_is_there(number: int):
    made = picture(4, number)
    text = captions.caption(made.scene)
    assert text[0].isupper() and text.endswith(".") and "  " not in text
    for group in made.scene.groups:
        assert group.kind.counted(group.number) in text.lower()
    assert made.pixels.shape == (112, 112, 3) and made.pixels.dtype == np.uint8
    shown = {int(label) - 1 for label in made.patches if label > 0}
    assert shown <= {group.kind.index for group in made.scene.groups}
    for _ in range(5):
        exchange = questions.question(made.scene, Random(number))
        assert exchange.prompt.endswith(("?", ".")) and exchange.answer.endswith(".")


def test_patches_belong_to_what_covers_them():
    owners = np.zeros((112, 112), np.uint8)
    owners[:14, :14] = 1
    owners[:14, 14:16] = 2
    placed = [Placed(KINDS[7], 0, 0, 1, 0, False), Placed(KINDS[9], 0, 0, 1, 0, False)]
    labels = patch_labels(owners, placed)
    assert labels[0] == 8 and labels[1] == IGNORED and not labels[2:].any()


def test_colours_go_by_their_everyday_names():
    for name, rgb in {
        "red": (210, 30, 30),
        "blue": (40, 80, 210),
        "white": (250, 250, 250),
        "brown": (110, 70, 40),
    }.items():
        assert main_colours(np.full((8, 8, 3), rgb, np.uint8)) == [name]


@pytest.mark.parametrize("number", range(8))
def test_a_clip_shows_what_its_caption_says(number: int):
    frames, patches, clip = clips.clip_frames(5, number, seconds=5)
    assert frames.shape == (5, 112, 112, 3) and patches.shape == (5, 64)
    assert (clip.kind is None) == (clip.later is not None)
    if clip.motion == "moves from left to right":
        columns = [np.nonzero(row > 0)[0] % 8 for row in patches]
        assert columns[0].mean() < columns[-1].mean()
    assert clips.caption(clip).answer.endswith(".")


def test_every_category_is_asked_about():
    assert len(CATEGORIES) == 12


def test_several_strangers_are_still_one_something():
    strangers = [p.scene for p in (picture(4, n) for n in range(400)) if p.scene.arrangement == "stranger"]
    several = next(scene for scene in strangers if scene.number > 1)
    assert "There is something unfamiliar" in captions.description(several)


def test_the_colours_of_patches_are_those_of_their_pixels():
    pixels = picture(3, 5).pixels
    shares = patch_colours(pixels, PATCH)
    assert shares.shape == (64, len(COLOURS)) and abs(shares.sum(1) - 1).max() < 1e-6
    for patch in (0, 9, 63):
        top, left = patch // 8 * PATCH, patch % 8 * PATCH
        square = pixels[top : top + PATCH : 2, left : left + PATCH : 2]
        assert abs(shares[patch] - colour_shares(square)).max() < 1e-6


def test_unknown_pictures_show_nothing_that_has_a_name():
    for number in range(12):
        one = picture(3, number, unknown=True)
        assert not one.scene.groups and not (one.patches > 0).any()
        assert "something unfamiliar" in captions.caption(one.scene).lower()
