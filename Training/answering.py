"""Asks a model about pictures, many at a time."""

from collections import defaultdict

import numpy as np
import torch

from .data import normalised
from .model.llava_mini import LLaVAMini, Text
from .tokens import Chat

LONGEST_ANSWER = 64  # Tokens.


def prompt_rows(chat: Chat, questions: list[list[int]]) -> Text:
    """Prompts of equal length, one a row."""
    shared, length = len(chat.prefix), len(questions[0])
    ids = torch.tensor([chat.prefix + question for question in questions])
    segments = torch.tensor([0] * shared + [1] * length).expand_as(ids)
    return Text(ids, segments, torch.arange(shared + length).expand_as(ids))


def ask(model: LLaVAMini, chat: Chat, pictures: list[np.ndarray], prompts: list[str], batch: int = 64) -> list[str]:
    """The greedy answers to a prompt about each picture [112, 112, 3] or clip [frames, 112, 112, 3], in float32."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    questions = [chat.question(prompt) for prompt in prompts]
    for number, (picture, question) in enumerate(zip(pictures, questions, strict=True)):
        groups[(len(picture) if picture.ndim == 4 else 1, len(question))].append(number)
    answers = [""] * len(pictures)
    for (frames, _), numbers in groups.items():
        size = max(1, batch // frames)
        for start in range(0, len(numbers), size):
            rows = numbers[start : start + size]
            pixels = torch.from_numpy(
                np.stack([pictures[row].reshape(frames, *pictures[row].shape[-3:]) for row in rows])
            )
            images = normalised(pixels.flatten(0, 1)).unflatten(0, (len(rows), frames))
            prompt = prompt_rows(chat, [questions[row] for row in rows])
            written = model.generate(images, prompt, len(chat.prefix), chat.ends, LONGEST_ANSWER)
            for row, ids in zip(rows, written):
                answers[row] = chat.text(ids)
    return answers
