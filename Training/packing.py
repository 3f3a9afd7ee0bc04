"""Prompts about one picture packed side by side, with their answers and what is to be predicted where."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .data import SightBatch, sight_batch
from .model.llava_mini import Text
from .tokens import Chat
from .world import clips, questions
from .world.light import LIGHTS
from .world.objects import KINDS
from .world.palette import patch_colours
from .world.questions import Exchange
from .world.render import PATCH, Picture, picture

NOTHING = -100  # Label of a position that predicts nothing.
_UNKNOWN_EVERY = 9
QUESTIONS = 3  # About a picture in training; about a clip, one fewer.
THIRDS = 3  # Columns of a picture that `contents` tells apart.
_LIGHT_INDEX = {name: index for index, name in enumerate(LIGHTS)}


@dataclass
class TalkBatch:
    """Pictures or clips, what is asked about them and what should be answered.

    - sight: the pictures and the renderer's labels, frames of clips one after another;
    - frames: how many frames each entry has;
    - prompts, answers: packed, as `LLaVAMini` takes them;
    - labels: the next token for every position of prompts and answers [batch, prompts + answers];
    - captions: True at the labels of each entry's first exchange, for the share of captions that are exactly right;
    - contents: which kinds of object the thirds of each frame show, bool [batch × frames, thirds, kinds].
    """

    sight: SightBatch
    frames: int
    prompts: Text
    answers: Text
    labels: Tensor
    captions: Tensor
    contents: Tensor


def _text(rows: list[list[tuple[int, int, int]]]) -> Text:
    """Rows of (id, segment, position) to padded tensors."""
    length = max(len(row) for row in rows)
    filled = np.array([row + [(0, -1, 0)] * (length - len(row)) for row in rows], np.int64)
    return Text(*(torch.from_numpy(np.ascontiguousarray(filled[..., i])) for i in range(3)))


def _padded(rows: list[list[int]], length: int, value: int) -> Tensor:
    return torch.tensor([row + [value] * (length - len(row)) for row in rows])


def pack(chat: Chat, entries: list[list[Exchange]]) -> tuple[Text, Text, Tensor, Tensor]:
    """The exchanges of each entry as packed prompts, packed answers, labels and the caption's mask."""
    prompts, answers, prompt_labels, answer_labels, caption_marks = [], [], [], [], []
    shared = len(chat.prefix)
    for exchanges in entries:
        prompt = [(token, 0, place) for place, token in enumerate(chat.prefix)]
        prompt_label, answer, answer_label, marks = [NOTHING] * shared, [], [], []
        for segment, exchange in enumerate(exchanges, start=1):
            asked, said = chat.question(exchange.prompt), chat.answer(exchange.answer)
            prompt += [(token, segment, shared + place) for place, token in enumerate(asked)]
            prompt_label += [NOTHING] * (len(asked) - 1) + [said[0]]
            answer += [(token, segment, shared + len(asked) + place) for place, token in enumerate(said[:-1])]
            answer_label += said[1:]
            marks += [segment == 1] * (len(said) - 1)
        prompts.append(prompt)
        answers.append(answer)
        prompt_labels.append(prompt_label)
        answer_labels.append(answer_label)
        caption_marks.append(marks)
    asked, said = _text(prompts), _text(answers)
    ahead, behind = asked.ids.shape[1], said.ids.shape[1]
    labels = torch.cat([_padded(prompt_labels, ahead, NOTHING), _padded(answer_labels, behind, NOTHING)], 1)
    marks = torch.cat([torch.zeros(len(entries), ahead, dtype=torch.bool), _padded(caption_marks, behind, False)], 1)
    return asked, said, labels, marks


def contents(patches: np.ndarray) -> np.ndarray:
    """From what patches show [frames, 64] to which kinds each third shows, bool [frames, thirds, kinds]."""
    edge = int(patches.shape[1] ** 0.5)
    frame, cell = np.nonzero(patches > 0)
    found = np.zeros((len(patches), THIRDS, len(KINDS)), bool)
    found[frame, cell % edge * THIRDS // edge, patches[frame, cell] - 1] = True
    return found


def _turn(numbers: range) -> int:
    """The number of the batch that `numbers` are, or are a share of."""
    return numbers.start // (len(numbers) * numbers.step)


def _different(draw: Callable[[], Exchange], count: int) -> list[Exchange]:
    """Up to `count` exchanges with different prompts, of as many draws."""
    drawn = [draw() for _ in range(count)]
    return list({exchange.prompt: exchange for exchange in drawn}.values())


class TalkMaker:
    """Makes batches of a series for the second stage: two in three of pictures, the rest of clips."""

    def __init__(self, seed: int, chat: Chat, clips_from: int = 0):
        self.seed, self.chat, self.clips_from = seed, chat, clips_from

    def __call__(self, numbers: range) -> TalkBatch:
        turn = _turn(numbers)
        if turn % 3 == 2 and numbers.start >= self.clips_from:
            return self.clips(numbers, clips.SHORTEST + turn // 3 % (clips.LONGEST - clips.SHORTEST + 1))
        return self.pictures([self._picture(number) for number in numbers], numbers)

    def _picture(self, number: int) -> Picture:
        # Most of what photographs show has no name here.
        return picture(self.seed, number, unknown=number % _UNKNOWN_EVERY == 0)

    def pictures(self, made: list[Picture], numbers: range) -> TalkBatch:
        """A batch of pictures: about each a caption, questions, and tags or a caption in other words.

        Which of these two is up to the batch, and not the picture, so that few answers are padded to the longest.
        """
        tagged = _turn(numbers) % 5 < 3
        entries = []
        for number, one in zip(numbers, made):
            rng = random.Random(f"talk {self.seed}/{number}")
            varied = rng if rng.random() < 0.5 else None
            more = questions.tags(one.scene, varied) if tagged else questions.other_caption(one.scene, rng)
            entries.append([questions.caption(one.scene, varied), more])
            entries[-1] += _different(lambda: questions.question(one.scene, rng), QUESTIONS)
        sight = sight_batch(made)
        return TalkBatch(sight, 1, *pack(self.chat, entries), torch.from_numpy(contents(sight.patches.numpy())))

    def clips(self, numbers: range, seconds: int) -> TalkBatch:
        """A batch of clips of `seconds` frames, so many that it costs about as much as one of pictures."""
        rows = numbers[: max(2, len(numbers) // seconds)]
        made = [clips.clip_frames(self.seed, number, seconds) for number in rows]
        entries = []
        for number, (_, _, clip) in zip(rows, made):
            rng = random.Random(f"talk {self.seed}/{number}")
            varied = rng if rng.random() < 0.5 else None
            entries.append([clips.caption(clip, varied), clips.tags(clip, varied)])
            entries[-1] += _different(lambda: clips.question(clip, rng), QUESTIONS - 1)
        patches = np.concatenate([patches for _, patches, _ in made])
        frames = np.concatenate([frames for frames, _, _ in made])
        sight = SightBatch(
            torch.from_numpy(frames),
            torch.from_numpy(patches.astype(np.int64)),
            # A clip whose scene changes has no one scene; its frames are left out of that loss.
            torch.tensor([-100 if c.later else c.scene.backdrop.index for _, _, c in made for _ in range(seconds)]),
            torch.tensor(
                [-100 if c.later else _LIGHT_INDEX[c.scene.light.name] for _, _, c in made for _ in range(seconds)]
            ),
            torch.full((len(patches),), -100),
            torch.from_numpy(np.stack([patch_colours(frame, PATCH) for frame in frames])),
        )
        return TalkBatch(sight, seconds, *pack(self.chat, entries), torch.from_numpy(contents(patches)))
