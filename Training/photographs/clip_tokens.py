"""The text tower's tokenizer, in CLIP's layout: lower-cased text, byte pairs, a mark at the end of every word."""

import json
from collections.abc import Iterable
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import Tensor

START, END, _WORD_END = "<|startoftext|>", "<|endoftext|>", "</w>"
_PIECES = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""


def _prepared(model: models.BPE) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """Learns pairs from texts. Every byte has a token, within a word and at its end, so that any text can be written;
    `size` counts these, the pairs and the two marks of a text."""
    learning = _prepared(models.BPE(end_of_word_suffix=_WORD_END))
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=letters, end_of_word_suffix=_WORD_END, show_progress=False
    )
    learning.train_from_iterator(texts, trainer)
    merges = [tuple(pair) for pair in json.loads(learning.to_str())["model"]["merges"]]
    tokens = [*letters, *(letter + _WORD_END for letter in letters), *("".join(pair) for pair in merges)]
    tokens = list(dict.fromkeys(tokens))[: size - 2]
    known = set(tokens)
    merges = [pair for pair in merges if "".join(pair) in known]
    vocabulary = {token: number for number, token in enumerate([*tokens, START, END])}
    model = models.BPE(vocabulary, merges, unk_token=END, end_of_word_suffix=_WORD_END)
    tokenizer = _prepared(model)
    tokenizer.add_special_tokens([START, END])
    tokenizer.post_processor = processors.RobertaProcessing(
        (END, vocabulary[END]), (START, vocabulary[START]), trim_offsets=False, add_prefix_space=False
    )
    return tokenizer


def padded(tokenizer: Tokenizer, texts: list[str], longest: int) -> Tensor:
    """Ids [texts, length] with the marks, cut to `longest` and padded with the end's."""
    end = tokenizer.token_to_id(END)
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    rows = [row if len(row) <= longest else [*row[: longest - 1], end] for row in rows]
    length = max(map(len, rows))
    return torch.tensor([row + [end] * (length - len(row)) for row in rows])


def load(path: Path) -> Tokenizer:
    """A tokenizer from its file."""
    return Tokenizer.from_file(str(path))
