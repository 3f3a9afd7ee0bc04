"""Batches come in order and the same whatever makes them; checkpoints survive a kill."""

from pathlib import Path

import numpy as np
import torch

from Training import checkpoint
from Training.data import Series, SightMaker, loader, normalised
from Training.optimise import schedule
from Training.outside import KINDS, outside_picture
from Training.packing import contents


def test_workers_change_nothing():
    alone = iter(loader(SightMaker(9), 4, 2, workers=0))
    together = iter(loader(SightMaker(9), 4, 2, workers=2))
    for _ in range(3):
        first, second = next(alone), next(together)
        assert torch.equal(first.pixels, second.pixels) and torch.equal(first.patches, second.patches)


def test_a_series_goes_on_where_it_stopped():
    numbers = [list(batch) for batch, _ in zip(Series(list, 0, 3), range(4))]
    assert [list(batch) for batch, _ in zip(Series(list, 6, 3), range(2))] == numbers[2:]


def test_pixels_are_normalised_as_clip_does():
    black = normalised(torch.zeros(1, 2, 2, 3, dtype=torch.uint8))
    assert black.shape == (1, 3, 2, 2)
    torch.testing.assert_close(black[0, :, 0, 0], torch.tensor([-1.7923, -1.7521, -1.4802]), atol=1e-3, rtol=0)


def test_a_checkpoint_half_written_leaves_the_old_one(tmp_path: Path):
    path = tmp_path / "state.pt"
    assert checkpoint.load(path) is None
    checkpoint.save(path, {"seen": 1})
    path.with_suffix(".partial").write_bytes(b"half")  # What a kill in the middle of the next save leaves.
    assert checkpoint.load(path) == {"seen": 1}
    checkpoint.save(path, {"seen": 2})
    assert checkpoint.load(path) == {"seen": 2} and [p.name for p in tmp_path.iterdir()] == ["state.pt"]


def test_the_rate_rises_stays_and_falls():
    rates = [schedule(share / 100) for share in range(101)]
    assert rates[0] < 0.1 and rates[30] == 1 and rates[-1] < 0.05
    assert rates[2:] == sorted(rates[2:], reverse=True)


def test_contents_say_which_third_shows_what():
    patches = np.zeros((2, 64), np.int16)
    patches[0, 8], patches[1, 15] = 5, 7
    found = contents(patches)
    assert found[0, 0, 4] and found[1, 2, 6] and found.sum() == 2


def test_outside_pictures_repeat_and_differ():
    for index in range(len(KINDS)):
        (first, kind), (second, _) = outside_picture(1, index), outside_picture(1, index)
        assert kind == KINDS[index] and first.shape == (112, 112, 3) and np.array_equal(first, second)
        assert not np.array_equal(first, outside_picture(2, index)[0])
