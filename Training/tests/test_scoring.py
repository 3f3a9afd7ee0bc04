"""The evaluation counts what it says it counts."""

import numpy as np
import pytest

from Training.scoring import Scores, right_colour, score_caption, score_clip, score_tags
from Training.world import captions, clips
from Training.world.palette import COLOURS
from Training.world.render import picture


def _scene(arrangement: str):
    return next(p.scene for n in range(200) if (p := picture(6, n)).scene.arrangement == arrangement)


@pytest.mark.parametrize("arrangement", ["alone", "several", "beside", "above", "row", "square", "none"])
def test_the_truth_scores_in_full(arrangement: str):
    scores, scene = Scores(), _scene(arrangement)
    score_caption(scores, scene, captions.caption(scene))
    score_tags(scores, scene, ", ".join(captions.tags(scene)))
    for line, value, _ in scores.table():
        assert value == (0.0 if "invented" in line else 1.0), line


def test_a_wrong_object_costs_the_object_alone():
    scores, scene = Scores(), _scene("alone")
    said = captions.caption(scene).replace(scene.groups[0].kind.name, "zebra")
    score_caption(scores, scene, said)
    assert scores.share("scene kind") == 1 and scores.f1("objects F1, 1–2 objects") == 0
    assert scores.asked["number"] == 0


def test_f1_is_taken_over_all_pictures_together():
    scores = Scores()
    scores.compare("line", {"dog", "cat"}, {"dog"})
    scores.compare("line", set(), {"cow"})
    assert scores.f1("line") == pytest.approx(2 * 1 / (2 + 2))


def test_an_invented_object_is_noticed():
    scores = Scores()
    score_caption(scores, _scene("none"), "A dog on a table.")
    assert scores.share("object invented where there is none") == 1


def test_a_clip_told_the_wrong_way_round_is_wrong():
    clip = next(c for n in range(80) if (c := clips.clip_frames(7, n, 4)[2]).motion == "moves from left to right")
    scores = Scores()
    score_clip(scores, clip, clips.caption(clip).answer.replace("from left to right", "from right to left"))
    assert scores.share("clip: what") == 1 and scores.share("clip: how it moves") == 0


def test_a_colour_counts_if_it_covers_nearly_the_most():
    shares = np.zeros(len(COLOURS))
    shares[COLOURS.index("red")], shares[COLOURS.index("blue")], shares[COLOURS.index("green")] = 0.45, 0.4, 0.15
    assert right_colour("Red.", shares) and right_colour("Blue.", shares)
    assert not right_colour("Green.", shares) and not right_colour("It is nice.", shares)
