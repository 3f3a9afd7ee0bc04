"""Makes a `tokenizer.json` of Llama 3's layout and size, and a text to encode with it.

    pip install -r Training/oracle/requirements.txt
    python Benchmarks/make_tokenizer.py FOLDER [--seed N] [--megabytes N]

128,000 tokens of the model and 256 special ones, 280,147 merges, Llama 3's regular expression,
`ignore_merges`. The words are invented; sizes and layout are what counts, and that every merge is
consistent: it joins two tokens that stand earlier to one that is in the vocabulary. Needs the
package `tokenizers`, which checks the result and gives the file its exact layout.
"""

import argparse
import itertools
import json
import pathlib
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors

TOKENS = 128_000
SPECIAL = 256
MERGES = 280_147
PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
ONSETS = [
    "b",
    "c",
    "ch",
    "d",
    "f",
    "g",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "",
]
VOWELS = ["a", "e", "i", "o", "u", "ea", "ie", "ou", "é", "ü"]
CODAS = ["", "", "n", "r", "s", "t", "ll", "nd", "ck", "m"]
OTHERS = ["的", "是", "不", "了", "在", "人", "日", "本", "한", "국", "어", "и", "в", "на", "по", "ру"]


def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable character for every byte."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = itertools.count(0x100)
    return {byte: chr(byte if byte in printable else next(rest)) for byte in range(256)}


ALPHABET = byte_alphabet()


def written(text: str) -> str:
    return "".join(ALPHABET[byte] for byte in text.encode())


def words(generator: random.Random) -> list[str]:
    """More different words than there are tokens, the frequent (early) ones short."""
    result: dict[str, None] = {}
    while len(result) < 200_000:
        length = 1 + min(int(generator.expovariate(0.9)), 4) if result else 1
        if generator.random() < 0.08:
            word = "".join(generator.choices(OTHERS, k=length + 1))
        else:
            word = "".join(
                generator.choice(ONSETS) + generator.choice(VOWELS) + generator.choice(CODAS) for _ in range(length)
            )
        result[word if generator.random() < 0.9 else word.capitalize()] = None
    return list(result)


def vocabulary(known: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Grows every word from the left, byte by byte or by a tail that is a token already."""
    tokens = {character: index for index, character in enumerate(ALPHABET.values())}
    merges: dict[tuple[str, str], None] = {}
    for word in known:
        for text in (" " + word, word):
            symbols = written(text)
            for end in range(2, len(symbols) + 1):
                if len(tokens) >= TOKENS:
                    break
                if symbols[:end] not in tokens:
                    tokens[symbols[:end]] = len(tokens)
                    merges[symbols[: end - 1], symbols[end - 1]] = None
    # The other ways in which tokens make up tokens, as tiktoken's ranks imply them.
    for token in list(tokens):
        for cut in range(1, len(token)):
            if len(merges) >= MERGES:
                return tokens, order(tokens, merges)
            if token[:cut] in tokens and token[cut:] in tokens:
                merges[token[:cut], token[cut:]] = None
    raise SystemExit(f"only {len(merges)} merges, {len(tokens)} tokens: use another seed")


def order(tokens: dict[str, int], merges: dict[tuple[str, str], None]) -> list[tuple[str, str]]:
    return sorted(merges, key=lambda pair: (tokens[pair[0] + pair[1]], len(pair[0])))


def tokenizer(tokens: dict[str, int], merges: list[tuple[str, str]]) -> Tokenizer:
    result = Tokenizer(models.BPE(tokens, merges, ignore_merges=True))
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    result.decoder = decoders.ByteLevel()
    named = [
        "<|begin_of_text|>",
        "<|end_of_text|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|eom_id|>",
        "<|eot_id|>",
    ]
    reserved = [f"<|reserved_special_token_{index}|>" for index in range(SPECIAL - len(named))]
    result.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in named + reserved])
    result.post_processor = processors.TemplateProcessing(
        single="<|begin_of_text|> $A", special_tokens=[("<|begin_of_text|>", TOKENS)]
    )
    return result


def sample(known: list[str], generator: random.Random, size: int) -> str:
    """Running text: frequent words often (Zipf), sentences, numbers, paragraphs, a little noise."""
    weights = list(itertools.accumulate((rank + 3) ** -1.2 for rank in range(len(known))))
    parts: list[str] = []
    length = 0
    for word in generator.choices(known, cum_weights=weights, k=size // 3):
        draw = generator.random()
        if draw < 0.08:
            word += generator.choice([".", ",", "?", "!", "'s", ";", ".\n\n"])
        elif draw < 0.1:
            word = str(generator.randrange(10 ** generator.randint(1, 6)))
        elif draw < 0.105:
            word += generator.choice(["👍🏽", "…", " —", "\t", "   ", "()", "{}", "http://"])
        parts.append(word)
        length += len(word.encode()) + 1
        if length >= size:
            break
    return " ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--megabytes", type=int, default=16, help="length of the text")
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    known = words(generator)
    tokens, merges = vocabulary(known)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    path = arguments.folder / "tokenizer.json"
    made = tokenizer(tokens, merges)
    made.save(str(path))
    # Llama 3's file has its merges in the older, shorter way: "a b".
    document = json.loads(path.read_text())
    document["model"]["merges"] = [" ".join(pair) for pair in document["model"]["merges"]]
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2))
    assert made.get_vocab_size() == TOKENS + SPECIAL and len(merges) == MERGES
    text = sample(known, generator, arguments.megabytes * 1_000_000)
    (arguments.folder / "sample.txt").write_text(text)
    print(
        f"{path}: {path.stat().st_size:,} bytes, {made.get_vocab_size():,} entries, "
        f"{len(document['model']['merges']):,} merges; sample.txt: {len(text.encode()):,} bytes"
    )


if __name__ == "__main__":
    main()
