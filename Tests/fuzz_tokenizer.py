"""Holds Vignette's tokenizer against Hugging Face's `tokenizers` over random texts of all Unicode.

    pip install -r Training/oracle/requirements.txt
    python Tests/fuzz_tokenizer.py TOKENIZER.json FOLDER [--count N] [--seed N]
    VIGNETTE_TOKENIZATION=FOLDER swift test --filter ReferenceTests

The script writes FOLDER/tokenizer.json (a copy) and FOLDER/tokenization.json: the texts with the
library's ids and what those decode to. The test encodes and decodes the same texts.
"""

import argparse
import collections.abc
import json
import pathlib
import random
import shutil

from tokenizers import Tokenizer, __version__

SPACES = [" ", " ", " ", "\n", "\r\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\xa0", "\u2009", "\u2028",
          "\u3000", "\u200b", "\ufeff", "\x1c"]
QUOTED = ["'s", "'S", "'ſ", "'t", "'re", "'RE", "'vE", "'m", "'ll", "'LL", "'lL", "'d", "’s", "'K", "'"]
MARKS = ["\u0301", "\u0302", "\u200d", "\ufe0f", "\u0e33", "\u1160", "\U0001f3fd", "\U000e0041"]
# Scripts with letters, marks and digits of their own; symbols; the youngest blocks; private use.
BLOCKS = [(0x00, 0x7F), (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x3FF),
          (0x400, 0x52F), (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F),
          (0x1100, 0x11FF), (0x2000, 0x206F), (0x2070, 0x218F), (0x2190, 0x2BFF), (0x3000, 0x30FF),
          (0x4E00, 0x9FFF), (0xA640, 0xABFF), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xFB00, 0xFFFF),
          (0x10000, 0x12FFF), (0x16100, 0x1CCFF), (0x1D400, 0x1D7FF), (0x1F000, 0x1FAFF),
          (0x2A6D0, 0x33479), (0xE0000, 0xE01EF), (0x10FF00, 0x10FFFF)]


class Texts:
    """Random texts of several kinds; each kind looks for mistakes of its own."""

    def __init__(self, tokenizer: Tokenizer, seed: int) -> None:
        self.random = random.Random(seed)
        self.special = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
        size = tokenizer.get_vocab_size()
        ids = self.random.sample(range(size), min(size, 5000))
        self.words = [tokenizer.decode([id], skip_special_tokens=False) for id in ids]
        self.kinds: list[collections.abc.Callable[[], str]] = [
            self.any_scalar, self.of_a_block, self.of_blocks, self.word, self.space, self.run,
            self.quoted, self.number, self.fragment]

    def any_scalar(self) -> str:
        return chr(self.random.choice([self.random.randrange(0xD800),
                                       self.random.randrange(0xE000, 0x110000)]))

    def of_a_block(self) -> str:
        first, last = self.random.choice(BLOCKS)
        length = self.random.randint(1, 8)
        return "".join(chr(self.random.randint(first, last)) for _ in range(length))

    def of_blocks(self) -> str:
        return "".join(self.of_a_block()[0] for _ in range(self.random.randint(1, 6)))

    def word(self) -> str:
        return self.random.choice(["", " "]) + self.random.choice(self.words)

    def space(self) -> str:
        return "".join(self.random.choices(SPACES, k=self.random.randint(1, 5)))

    def run(self) -> str:
        piece = self.random.choice([self.any_scalar(), self.random.choice(SPACES), "a", "1", "!"])
        return piece * self.random.randint(1, 40)

    def quoted(self) -> str:
        return self.random.choice(["a", "1", " ", "é", ""]) + self.random.choice(QUOTED)

    def number(self) -> str:
        return "".join(self.random.choices("0123456789٣Ⅷ½²", k=self.random.randint(1, 9)))

    def fragment(self) -> str:
        """A special token, whole or cut off, or a lone mark."""
        token = self.random.choice(self.special or ["<|x|>"])
        whole = self.random.random() < 0.5
        return self.random.choice(
            [token if whole else token[:self.random.randrange(1, len(token) + 1)],
             self.random.choice(MARKS)])

    def text(self) -> str:
        # A few kinds at a time, so that each meets itself as well as the others.
        kinds = self.random.sample(self.kinds, self.random.randint(1, 4))
        return "".join(self.random.choice(kinds)() for _ in range(self.random.randint(0, 10)))


def recorded(tokenizer: Tokenizer, texts: list[str]) -> collections.abc.Iterator[str]:
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    ids = [encoding.ids for encoding in encodings]
    # Cut in the middle, so that characters are cut as well.
    halves = [one[len(one) // 2:] for one in ids]
    for text, one, decoded, half in zip(
            texts, ids, tokenizer.decode_batch(ids), tokenizer.decode_batch(halves), strict=True):
        yield json.dumps({"text": text, "ids": one, "decoded": decoded, "half": half})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokenizer", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    texts = Texts(tokenizer, arguments.seed)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with open(arguments.folder / "tokenization.json", "w") as file:
        file.write(f'{{"tokenizers": "{__version__}", "cases": [\n')
        file.write(",\n".join(recorded(tokenizer, [texts.text() for _ in range(arguments.count)])))
        file.write("\n]}\n")
    shutil.copyfile(arguments.tokenizer, arguments.folder / "tokenizer.json")


if __name__ == "__main__":
    main()
