"""The kinds of scene: how each is drawn, where objects stand in it and what it is called."""

from . import abstract, countryside, indoors, paper, skies, town, unknown, water  # noqa: F401 - each registers its own
from .registry import BACKDROPS, Backdrop

__all__ = ["BACKDROPS", "Backdrop"]
