"""The tokenizer: Llama 3's kind (byte-level BPE, whole words first) with a small vocabulary made for the world.

`ignore_merges` lets a word stand in the vocabulary without the merges that would build it, so that every word of the
world is one token and the vocabulary holds nothing else but bytes and a few common pieces for other people's words.
"""

import json
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch import Tensor

from .world.objects import KINDS
from .world.palette import COLOURS

SYSTEM = (
    "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"
    "You are a helpful language and vision assistant. You are able to understand the visual content that the user "
    "provides, and assist the user with a variety of tasks using natural language."
)
BEGIN, END_OF_TURN, END_OF_TEXT, END_OF_MESSAGE = "<|begin_of_text|>", "<|eot_id|>", "<|end_of_text|>", "<|eom_id|>"
_HEADER = ("<|start_header_id|>", "<|end_header_id|>")
# The system text is the same in every prompt; as one token it costs one position and not fifty.
_SPECIAL = (BEGIN, END_OF_TEXT, "<|finetune_right_pad_id|>", END_OF_MESSAGE, *_HEADER, END_OF_TURN, SYSTEM)
# Llama 3's own expression.
_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def header(role: str) -> str:
    """The beginning of a turn."""
    return f"{_HEADER[0]}{role}{_HEADER[1]}\n\n"


PREFIX = f"{BEGIN}{header('system')}{SYSTEM}{END_OF_TURN}{header('user')}"


def _pre_tokenizer() -> pre_tokenizers.PreTokenizer:
    split = pre_tokenizers.Split(Regex(_PATTERN), "isolated")
    return pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def train_tokenizer(texts: Iterable[str], pieces: int = 640) -> Tokenizer:
    """A tokenizer whose vocabulary has the bytes, `pieces` − 256 merges and every word of `texts`."""
    texts = list(texts)
    pre_tokenizer = _pre_tokenizer()
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizer
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    learner.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=pieces, initial_alphabet=alphabet, show_progress=False)
    )
    words = Counter(word for text in texts for word, _ in pre_tokenizer.pre_tokenize_str(text))
    state = _model_state(learner)
    vocabulary: dict[str, int] = state["vocab"]
    for word in sorted(words):
        vocabulary.setdefault(word, len(vocabulary))
    merges = [tuple(merge) if isinstance(merge, list) else tuple(merge.split(" ")) for merge in state["merges"]]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in _SPECIAL])
    begin = (BEGIN, tokenizer.token_to_id(BEGIN))
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{BEGIN} $A", special_tokens=[begin])
    return tokenizer


def _model_state(tokenizer: Tokenizer) -> dict:
    return json.loads(tokenizer.to_str())["model"]


class Chat:
    """Prompts and answers as token ids, in the chat layout of the released model."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer

    @classmethod
    def load(cls, path: Path) -> "Chat":
        return cls(Tokenizer.from_file(str(path)))

    @property
    def size(self) -> int:
        """How many ids there are."""
        return self.tokenizer.get_vocab_size(with_added_tokens=True)

    @cached_property
    def prefix(self) -> list[int]:
        """What stands before the image. Both begin tokens stay: the tokenizer's own and the written one."""
        return self.tokenizer.encode(PREFIX).ids

    def question(self, prompt: str) -> list[int]:
        """What stands after the image, up to the end of the user's turn."""
        return self.tokenizer.encode(f"\n{prompt}{END_OF_TURN}", add_special_tokens=False).ids

    def answer(self, text: str) -> list[int]:
        """The assistant's turn with its header, which the model writes itself."""
        return self.tokenizer.encode(f"{header('assistant')}{text}{END_OF_TURN}", add_special_tokens=False).ids

    def text(self, ids: list[int]) -> str:
        """The words of a generated answer: special tokens and the header left out."""
        words = self.tokenizer.decode(ids, skip_special_tokens=True)
        return words.removeprefix("assistant").strip()

    @cached_property
    def names(self) -> list[int]:
        """The token of every kind's name, as it stands within a sentence."""
        return [self.tokenizer.encode(f" {kind.name}", add_special_tokens=False).ids[0] for kind in KINDS]

    @cached_property
    def colours(self) -> list[int]:
        """The token of every colour's name, likewise."""
        return [self.tokenizer.encode(f" {colour}", add_special_tokens=False).ids[0] for colour in COLOURS]

    @cached_property
    def places(self) -> list[list[int]]:
        """The tokens of left, middle, right and no, and of top, middle, bottom and no, as answers have them."""
        words = ((" left", " middle", " right", "No"), (" top", " middle", " bottom", "No"))
        return [[self.tokenizer.encode(word, add_special_tokens=False).ids[0] for word in line] for line in words]

    def shown_by(self, words: dict[str, list[int]]) -> tuple[Tensor, Tensor]:
        """For words and the kinds that each stands for: which row every id has [ids] (−1: none), and for each row
        which patch labels show it, bool [rows, 1 + kinds]; label 0 is no object."""
        rows = torch.full((self.size,), -1)
        shows = torch.zeros(len(words), len(KINDS) + 1, dtype=torch.bool)
        for row, (word, kinds) in enumerate(words.items()):
            ids = self.tokenizer.encode(f" {word}", add_special_tokens=False).ids
            if len(ids) == 1:
                rows[ids[0]] = row
            shows[row, [kind + 1 for kind in kinds]] = True
        return rows, shows

    @cached_property
    def ends(self) -> set[int]:
        """The ids that end an answer."""
        return {self.tokenizer.token_to_id(text) for text in (END_OF_TURN, END_OF_MESSAGE, END_OF_TEXT)}
