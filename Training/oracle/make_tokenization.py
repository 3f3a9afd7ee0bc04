"""Writes what the `tokenizers` library makes of many awkward texts, and of every character.

    python Training/oracle/make_tokenization.py TOKENIZER.json FOLDER [--random N]

`tokenization.json`: hand-picked texts, then random mixtures of them (fixed seed), with their ids and
what those decode to. `character-classes.json`: which Unicode scalars its regular expressions count
as letters, numbers and white space, as ranges.
"""

import argparse
import json
import pathlib
import random

from tokenizers import Regex, Tokenizer, __version__
from tokenizers.pre_tokenizers import Split

PARTS = [
    "a", "Hello", "It's", "we'LL", "'S", "'ſ", "’s", "'d'm", "don't", " ", "  ", "   ", "\n", "\r",
    "\r\n", "\n\n", "\t", "\v", "\f", "\x85", "\xa0", "\u2028", "\u200b", "\u3000", "\ufeff", "1",
    "123", "1234567", "٣٤", "Ⅷ", "½", "²", "é", "e\u0301", "\u0301", "\u0301\u0302", "ß", "ﬁ", "İ",
    "ı", "的", "これは", "한국어", "ภาษาไทย", "हिन्दी", "👩‍👩‍👧", "👍🏽", "\U0001f1e9\U0001f1ea", "\u200d",
    "\ufe0f", ".", "...", "!?", "-", "_", "(", "\"", "'", "/", "<", "<|", "|>", "<|eot_id|>",
    "<|begin_of_text|>", "<|eot_id", "<image>", "\0", "\x1c", "\x7f", "\ud7ff", "\ue000", "\ufffd",
    "\uffff", "\U0010ffff", "K", "Å", "ǅ", "𝒜", "𐐀", "꧁", "\u0e33", "\u1160", "\U000e0041",
]


def mixtures(count: int) -> list[str]:
    generator = random.Random(5)
    texts = []
    for _ in range(count):
        parts = generator.choices(PARTS, k=generator.randint(1, 12))
        if generator.random() < 0.3:
            scalar = generator.choice([*range(0xD800), *range(0xE000, 0x110000)])
            parts.insert(generator.randint(0, len(parts)), chr(scalar))
        texts.append("".join(parts))
    return texts


def recorded(tokenizer: Tokenizer, text: str) -> dict:
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    # Cut in the middle, so that characters are cut as well.
    half = ids[len(ids) // 2:]
    return {
        "text": text,
        "ids": ids,
        "decoded": tokenizer.decode(ids, skip_special_tokens=True),
        "half": tokenizer.decode(half, skip_special_tokens=True),
    }


def write_recording(tokenizer: Tokenizer, texts: list[str], path: pathlib.Path) -> None:
    lines = ",\n".join(json.dumps(recorded(tokenizer, text)) for text in texts)
    path.write_text(f'{{"tokenizers": "{__version__}", "cases": [\n{lines}\n]}}\n')


def scalars_matching(pattern: str) -> list[list[int]]:
    """Ranges [first, last] of the Unicode scalars that an expression matches."""
    split = Split(Regex(pattern), "removed")
    ranges: list[list[int]] = []
    for scalar in [*range(0xD800), *range(0xE000, 0x110000)]:
        if split.pre_tokenize_str(chr(scalar)):
            continue
        if ranges and ranges[-1][1] == scalar - 1:
            ranges[-1][1] = scalar
        else:
            ranges.append([scalar, scalar])
    return ranges


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokenizer", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--random", type=int, default=200)
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    texts = PARTS + [f"x {part} y" for part in PARTS] + mixtures(arguments.random)
    write_recording(tokenizer, texts, arguments.folder / "tokenization.json")
    classes = {pattern: scalars_matching(pattern) for pattern in [r"\p{L}", r"\p{N}", r"\s"]}
    (arguments.folder / "character-classes.json").write_text(json.dumps(classes) + "\n")


if __name__ == "__main__":
    main()
