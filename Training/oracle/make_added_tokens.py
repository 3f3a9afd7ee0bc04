"""Writes a small tokenizer of the other kind, and what `tokenizers` makes of texts with it.

    python Training/oracle/make_added_tokens.py FOLDER

GPT-2's layout: `ByteLevel` cuts with its own expression and puts a space first, whole words are not
looked up, and the added tokens overlap and use every flag there is. Writes `tokenizer.json` and
`tokenization.json`.
"""

import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

import make_tokenization

ADDED = [
    AddedToken("<s>", special=True, normalized=False),
    AddedToken("<s>long", special=True, normalized=False),
    AddedToken("<left>", lstrip=True, normalized=False),
    AddedToken("<right>", rstrip=True, normalized=False),
    AddedToken("<both>", lstrip=True, rstrip=True, special=True, normalized=False),
    AddedToken("word", single_word=True, normalized=False),
    AddedToken("later", normalized=True),
    AddedToken("é<s", normalized=True),
    AddedToken("th", normalized=True),
]
PARTS = [token.content for token in ADDED] + [
    "the", "sword", "words", "é", "_", "1", " ", "  ", "\n", "\u3000", "<", "<s", "s>", "\u0301",
    "\u200d", ".", "it's", "\r\n", "later<s>", "😀",
]


def small_tokenizer() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("h", "e"), ("th", "e"), ("Ġ", "the"), ("w", "o"), ("o", "r"), ("r", "d")]
    tokens = alphabet + ["".join(pair) for pair in merges]
    model = models.BPE({token: index for index, token in enumerate(tokens)}, merges)
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_tokens(ADDED)
    return tokenizer


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    tokenizer = small_tokenizer()
    generator = random.Random(6)
    texts = PARTS + ["".join(generator.choices(PARTS, k=generator.randint(2, 8))) for _ in range(300)]
    (folder / "tokenizer.json").write_text(json.dumps(json.loads(tokenizer.to_str())) + "\n")
    make_tokenization.write_recording(tokenizer, texts, folder / "tokenization.json")


if __name__ == "__main__":
    main()
