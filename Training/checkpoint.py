"""Checkpoints that a kill at any moment cannot spoil: written beside the old one, then put in its place."""

import os
from pathlib import Path

import torch


def save(path: Path, state: dict) -> None:
    """Writes `state` so that `path` always holds a whole checkpoint, the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    with temporary.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def load(path: Path) -> dict | None:
    """The checkpoint, or nothing where training has not yet written one."""
    if not path.exists():
        return None
    return torch.load(path, map_location="cpu", weights_only=True)
