"""The kinds of object that the world knows, read from `objects.txt`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_FOLDER = Path(__file__).parent
_VOWEL_EXCEPTIONS = {"unicorn": "a", "ufo": "a", "hourglass": "an"}


@dataclass(frozen=True)
class Kind:
    """One kind of object: its place in the table, its names and the emoji that draws it."""

    index: int
    name: str
    plural: str
    category: str
    emoji: str

    @cached_property
    def article(self) -> str:
        """The name with its indefinite article ("an apple"); bare where the name is a plural ("scissors")."""
        if self.is_pair:
            return self.name
        default = "an" if self.name[0] in "aeiou" else "a"
        return f"{_VOWEL_EXCEPTIONS.get(self.name, default)} {self.name}"

    @property
    def is_pair(self) -> bool:
        """Whether the name has no singular of its own ("glasses"), so that several are not counted."""
        return self.name == self.plural and self.category in ("clothes", "tool", "food", "vegetable")

    def counted(self, number: int) -> str:
        """The name with a number in words: "a dog", "three dogs"."""
        return self.article if number == 1 else f"{NUMBERS[number]} {self.plural}"


NUMBERS = {0: "no", 1: "one", 2: "two", 3: "three", 4: "four"}


def _default_plural(name: str) -> str:
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def _read_kinds(path: Path) -> tuple[Kind, ...]:
    kinds: list[Kind] = []
    category = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            category = line.strip("[]")
            continue
        emoji, _, names = line.partition(" ")
        name, _, plural = names.partition("/")
        kinds.append(Kind(len(kinds), name, plural or _default_plural(name), category, emoji))
    return tuple(kinds)


def _read_unknown(path: Path) -> dict[str, list[str]]:
    """Emoji without a name, by the list ("training", "evaluation") that they belong to."""
    lists: dict[str, list[str]] = {}
    current = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = line.strip("[]")
        elif line and not line.startswith("#"):
            lists.setdefault(current, []).extend(line.split())
    return lists


KINDS = _read_kinds(_FOLDER / "objects.txt")
KINDS_BY_WORD = {word: kind for kind in KINDS for word in (kind.name, kind.plural)}
UNKNOWN = _read_unknown(_FOLDER / "unknown.txt")
CATEGORIES = tuple(dict.fromkeys(kind.category for kind in KINDS))
