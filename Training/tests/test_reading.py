"""Every caption of the world reads back as what it was written from."""

import pytest

from Training.world import captions
from Training.world.reading import read_caption
from Training.world.render import picture


@pytest.mark.parametrize("number", range(150))
def test_captions_read_back(number: int):
    scene = picture(6, number).scene
    reading = read_caption(captions.caption(scene))
    assert reading.scene == scene.backdrop.name
    assert reading.objects == tuple((group.kind.name, group.number) for group in scene.groups)
    assert read_caption(captions.caption_scene_first(scene)).kinds == reading.kinds


def test_places_are_told_apart():
    left, right = read_caption("A dog on the left in a room."), read_caption("A dog on the right in a room.")
    assert left.places == ("on the left",) and right.places == ("on the right",)
    assert read_caption("A dog to the left of a cat on a road.").places == ("to the left of",)


def test_nonsense_is_read_as_nothing():
    reading = read_caption("the of of 12 ... zzz")
    assert reading.scene == "" and not reading.objects
