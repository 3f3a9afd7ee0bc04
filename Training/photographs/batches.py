"""Batches of pictures and clips with what is said of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..packing import pack
from ..tokens import Chat
from .compose import Certainty, Found, Pixels, found
from .material import Pack, people_in
from .texts import cut, exchanges

_DRAWN = 0.05  # Share of pictures that are no photographs.
_RARE, _OFTENEST = 600, 4.0  # Pictures of a concept that fewer show than this are drawn more often, up to so often.
# Shares of batches with tags, with a question beside caption and tags, and with other prompts than the default ones.
_TAGGED, _ASKED, _VARIED = 0.92, 0.4, 0.25
_WINDOW = 8  # Batches among whose pictures those with equally much to say are put together.
# One batch in so many is of clips, of so many frames at most; so many have a cut.
_CLIPS_EVERY, _LONGEST_CLIP, _CUT = 10, 4, 0.3


@dataclass
class Batches:
    """Batches from any picture of an endless series on, the same whenever they are asked for. An epoch is as many
    pictures as there are; those that show what few do are drawn more often."""

    pack: Pack
    made: np.ndarray
    chat: Chat
    certainty: Certainty

    def __post_init__(self):
        self._labels = {line["name"]: line for line in self.pack.archive.training}
        names = self.pack.cache.names
        self._rows = [n for n in range(self.pack.cache.count(0)) if names[n] in self._labels]
        self._drawings = self.pack.drawings.opened(0)
        self._opened = [self.pack.cache.opened(view) for view in range(self.pack.views)]
        # Views may have grown since they were judged.
        self._counts = [int((view > 0).any(1).sum()) for view in self.made[: self.pack.views]]
        certain = np.array([self.certainty.of_tag(word) for word in self.pack.evidence.words], np.float16)
        likely = self.made[0, self._rows] >= certain
        self._words = dict(zip(self._rows, likely.sum(1).tolist()))
        often = np.sqrt(_RARE / np.maximum(1, likely.sum(0)))
        self._weights = np.clip((likely * often).max(1), 1, _OFTENEST).tolist()

    def __call__(self, start: int, size: int) -> Iterator[tuple[int, Tensor, Tensor, tuple]]:
        """How many pictures or clips, their features and probabilities (see `Speaker.loss`), and what is said."""
        seen, order, epoch = start, [], -1
        while True:
            if seen // len(self._rows) != epoch:
                epoch = seen // len(self._rows)
                order = self._order(random.Random(f"epoch {epoch}"), size)
            place = seen % len(self._rows)
            chosen = order[place : place + size]
            rng = random.Random(f"batch {seen}")
            # What is asked is up to the batch, so that few answers are padded to the longest.
            self._asked = {
                "questions": int(rng.random() < _ASKED),
                "tagged": rng.random() < _TAGGED,
                "varied": rng.random() < _VARIED,
            }
            if (seen // size) % _CLIPS_EVERY == _CLIPS_EVERY - 1:
                frames = rng.randint(2, _LONGEST_CLIP)
                made = [self._clip(row, frames, rng) for row in chosen[::frames]]
            else:
                made = [self._still(row, rng) for row in chosen]
            features, present, entries = zip(*made)
            yield len(chosen), *(torch.from_numpy(np.stack(x)) for x in (features, present)), pack(self.chat, entries)
            seen += len(chosen)

    def _order(self, rng: random.Random, size: int) -> list[int]:
        """The rows of an epoch; batches are of pictures with about equally many words."""
        drawn = rng.choices(self._rows, self._weights, k=len(self._rows))
        order = []
        for first in range(0, len(drawn), _WINDOW * size):
            part = sorted(drawn[first : first + _WINDOW * size], key=lambda row: self._words[row])
            batches = [part[place : place + size] for place in range(0, len(part), size)]
            rng.shuffle(batches)
            order += [row for batch in batches for row in batch]
        return order

    def _views(self, row: int) -> list[int]:
        return [view for view in range(self.pack.views) if row < self._counts[view]]

    def _frame(self, row: int, view: int) -> tuple[np.ndarray, np.ndarray]:
        return np.asarray(self._opened[view][row], np.float32), self.made[view, row].astype(np.float32)

    def _drawing(self, rng: random.Random) -> tuple[np.ndarray, np.ndarray, list]:
        number, words = rng.randrange(len(self.pack.drawn)), self.pack.evidence.words
        present = np.zeros(len(words), np.float32)
        present[words.index(self.pack.drawn[number])], present[-1] = 0.98, 0.5
        what, probabilities = self._found({}, present)
        features = np.asarray(self._drawings[number], np.float32)
        return features[None], present[None], self._exchanges(what, probabilities, rng)

    def _still(self, row: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray, list]:
        if rng.random() < _DRAWN:
            return self._drawing(rng)
        features, present = self._frame(row, rng.choice(self._views(row)))
        what, probabilities = self._found(self._line(row), present)
        return features[None], present[None], self._exchanges(what, probabilities, rng)

    def _exchanges(self, what: Found, probabilities: dict[str, float], rng: random.Random) -> list:
        return exchanges(what, probabilities, self.pack.kinds, rng, **self._asked)

    def _clip(self, row: int, frames: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray, list]:
        """A pan over a picture, which its views make, or a cut from one picture to another."""
        if rng.random() < _CUT:
            other, turn = rng.choice(self._rows), rng.randint(1, frames - 1)
            both = [self._frame(one, rng.choice(self._views(one))) for one in (row, other)]
            shown = [both[0]] * turn + [both[1]] * (frames - turn)
            said = cut(*(self._found(self._line(n), present)[0] for n, (_, present) in zip((row, other), both)))
        else:
            views = rng.choices(self._views(row), k=frames)
            shown = [self._frame(row, view) for view in views]
            mean = np.mean([present for _, present in shown], 0)
            what, probabilities = self._found(self._line(row), mean)
            said = self._exchanges(what, probabilities, rng)
        return np.stack([features for features, _ in shown]), np.stack([present for _, present in shown]), said

    def _line(self, row: int) -> dict:
        return self._labels[self.pack.cache.names[row]]

    def _found(self, line: dict, present: np.ndarray) -> tuple[Found, dict[str, float]]:
        probabilities = dict(zip(self.pack.evidence.words, present.astype(float).tolist()))
        what = found(probabilities, self.pack.kinds, self.certainty, Pixels.of(line), people_in(line, self.pack))
        return what, probabilities
