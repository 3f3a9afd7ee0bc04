"""Processes that train together stay together."""

import os
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from Training import parallel


def _average(folder: Path) -> None:
    first, second, unused = (nn.Parameter(torch.zeros(size)) for size in ((2, 3), (4,), (5,)))
    first.grad = torch.full((2, 3), float(parallel.rank()))
    second.grad = torch.arange(4.0) * parallel.rank()
    parallel.average_gradients([first, unused, second])
    state = {"first": first.grad, "second": second.grad, "numbers": list(parallel.share(range(8, 14)))}
    torch.save(state, folder / f"{parallel.rank()}.pt")
    parallel.wait()
    assert (folder / f"{1 - parallel.rank()}.pt").exists()


def _fail() -> None:
    raise ValueError(f"process {parallel.rank()}")


def test_gradients_are_averaged_and_batches_shared(tmp_path: Path):
    parallel.run(2, _average, tmp_path)
    one, other = (torch.load(tmp_path / f"{rank}.pt") for rank in range(2))
    for state in (one, other):
        torch.testing.assert_close(state["first"], torch.full((2, 3), 0.5))
        torch.testing.assert_close(state["second"], torch.arange(4.0) / 2)
    assert sorted(one["numbers"] + other["numbers"]) == list(range(8, 14))


def _sleep(folder: Path) -> None:
    (folder / str(parallel.rank())).write_text(str(os.getpid()))
    parallel.wait()
    time.sleep(60)


def test_a_kill_of_the_first_ends_all(tmp_path: Path):
    first = torch.multiprocessing.get_context("spawn").Process(target=parallel.run, args=(2, _sleep, tmp_path))
    first.start()
    files = [tmp_path / str(rank) for rank in range(2)]
    while not all(file.exists() and file.read_text() for file in files):
        time.sleep(0.1)
    first.kill()
    first.join()
    deadline = time.monotonic() + 30
    while any(_is_alive(int(file.read_text())) for file in files) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_is_alive(int(file.read_text())) for file in files)


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
    except OSError:
        return False


def test_one_process_is_this_one():
    assert parallel.processes() == 1
    assert parallel.share(range(5)) == range(5)
    with pytest.raises(ValueError, match="process 0"):
        parallel.run(1, _fail)


def test_a_failure_of_one_ends_all():
    with pytest.raises(torch.multiprocessing.ProcessRaisedException, match="ValueError"):
        parallel.run(2, _fail)
