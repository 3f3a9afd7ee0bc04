"""Several processes that train one model together, each on its share of every batch.

Torch's threads share a matrix product of this model's size badly: two make it 1.3 times as fast as one. Two processes
of a thread each lose nothing but the exchange of gradients, once a step.
"""

import ctypes
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing
from torch import nn

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def run(processes: int, work: Callable[..., None], *arguments: object) -> None:
    """Calls `work(*arguments)` in so many processes that know of each other, or simply here where one is enough."""
    if processes == 1:
        return work(*arguments)
    with tempfile.TemporaryDirectory() as folder:
        meeting = Path(folder, "meeting")
        torch.multiprocessing.spawn(_joined, (processes, meeting, work, arguments), processes)


def _end_with_parent() -> None:
    """Has the kernel end this process when the one that began it is gone, killed or not."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _joined(rank: int, processes: int, meeting: Path, work: Callable[..., None], arguments: tuple) -> None:
    _end_with_parent()
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")  # They are all on this machine.
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=processes)
    try:
        work(*arguments)
    finally:
        dist.destroy_process_group()


def rank() -> int:
    """This process's number; the one with 0 writes checkpoints and log."""
    return dist.get_rank() if dist.is_initialized() else 0


def processes() -> int:
    """How many processes train."""
    return dist.get_world_size() if dist.is_initialized() else 1


def wait() -> None:
    """Returns when every process has come here."""
    if dist.is_initialized():
        dist.barrier()


def share(numbers: range) -> range:
    """This process's share of a batch: every so-many-th picture."""
    return numbers[rank() :: processes()]


def average_gradients(parameters: list[nn.Parameter]) -> None:
    """Replaces gradients by their mean over all processes. All must have gradients for the same parameters."""
    if processes() == 1:
        return
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat)
    flat /= processes()
    for gradient, mean in zip(gradients, flat.split([gradient.numel() for gradient in gradients])):
        gradient.copy_(mean.view_as(gradient))
