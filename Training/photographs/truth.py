"""How true captions and tags of photographs are, against what people and folders said of them.

Captions of people name what they find worth naming. A true word that nobody named counts as unsupported, so precision
is a lower bound, and so is all that is computed from it. Words for light and abstention are neither right nor wrong;
colours are counted apart. Most of these pictures show people outdoors: read the lines "besides people".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

_FILE = Path(__file__).with_name("words.txt")
_VERBISH = re.compile(r"(ing|ly)$")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def _sections(path: Path) -> dict[str, list[str]]:
    """The file's lines by section; an indented line goes on with the one before it."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text().splitlines():
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        elif line.startswith("  "):
            lines[-1] += " " + line.strip()
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


def _keyed(lines: list[str]) -> dict[str, list[str]]:
    return {key: words.split() for key, _, words in (line.partition(":") for line in lines)}


class Words:
    """What is known of words: which support which, which are silent, where they are said."""

    def __init__(self, path: Path = _FILE):
        sections = _sections(path)
        united = lambda name: frozenset(" ".join(sections[name]).split())  # noqa: E731
        self.colours, self.silent, self.stuff = united("colours"), united("silent"), united("stuff")
        self.outdoors, self.indoors = united("outdoors"), united("indoors")
        self.scenes = _keyed(sections["scenes"])
        self.outdoor_scenes = frozenset(" ".join(sections["outdoor scenes"]).split(", "))
        self._irregular = dict(pair.split("=") for pair in " ".join(sections["irregular"]).split())
        self.kinds = {
            key: {self.lemma(w) for w in words} | set(words) for key, words in _keyed(sections["kinds"]).items()
        }
        self._same = [set(line.split()) for line in sections["same"]]
        self.people = {"person", "people"} | {self.lemma(w) for w in self.kinds["person"]}

    def lemma(self, word: str) -> str:
        """The singular, simply."""
        if word in self._irregular:
            return self._irregular[word]
        if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
            return word
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        return word[:-2] if word.endswith(("ches", "shes", "xes", "sses", "oes")) else word[:-1]

    @cached_property
    def support(self) -> dict[str, set[str]]:
        """Which words support a word, itself left out where it has no equals."""
        support: dict[str, set[str]] = defaultdict(set)
        for word, kinds in self.kinds.items():
            support[word] |= kinds
        for group in self._same:
            for word in group:
                support[word] |= group
        for word in list(support):
            for group in self._same:
                if word in group:  # One step more: "bike" is supported by what supports "bicycle".
                    for other in group:
                        support[word] |= {self.lemma(kind) for kind in self.kinds.get(other, ())}
        return dict(support)

    def supported(self, word: str, truth: set[str]) -> bool:
        """Whether a word is among those of the truth, or supported by one."""
        return word in truth or bool(self.support.get(word, set()) & truth)

    def content(self, text: str) -> tuple[set[str], set[str]]:
        """The lemmas of a text's content words, and its colours."""
        lemmas = [self.lemma(w) for w in _WORD.findall(text.lower().replace("living room", "living-room"))]
        said = {w for w in lemmas if w not in self.silent and w not in self.colours and len(w) > 1}
        return said, {w for w in lemmas if w in self.colours}

    def place(self, text: str) -> str | None:
        """`out` or `in`, as a text says or its words show."""
        text = text.lower()
        out, inside = (bool(re.search(rf"\b{a}doors?\b|\b{a}side\b", text)) for a in ("out", "in"))
        if out != inside:
            return "out" if out else "in"
        words = self.content(text)[0]
        return _larger(len(words & self.outdoors), len(words & self.indoors))

    def true_place(self, truth: dict) -> str | None:
        """Where a picture was taken, as far as its truth shows."""
        if scene := truth.get("scene"):
            return None if scene == "industrial" else "out" if scene in self.outdoor_scenes else "in"
        words = Counter(truth.get("nouns", {})) + Counter(truth.get("words", {}))
        out, inside = (sum(n for w, n in words.items() if w in known) for known in (self.outdoors, self.indoors))
        return "out" if out >= inside + 3 else "in" if inside >= out + 2 else None


def _larger(out: int, inside: int) -> str | None:
    return None if out == inside else "out" if out > inside else "in"


class TruthScores:
    """Counts of one source's pictures, and the table's figures from them, in percent."""

    def __init__(self, words: Words):
        self._words, self._n = words, Counter()

    def add(self, truth: dict, caption: str, tags: str) -> None:
        """Counts a picture's caption and tags in."""
        words, n = self._words, self._n
        caption_words, _ = words.content(caption)
        said = caption_words | words.content(tags)[0]
        n["pictures"] += 1
        if where := words.true_place(truth):
            told = words.place(f"{caption}. {tags}")
            n["place known"] += 1
            n["place said"] += told is not None
            n["place right"] += told == where
        if "nouns" in truth:
            self._nouns(truth, caption_words, said)
        if label := truth.get("label"):
            names = {words.lemma(w) for w in re.findall(r"[a-z]+", label.lower())} | set(truth.get("kinds", []))
            n["labelled"] += 1
            general = any(words.support.get(w, set()) & names for w in said - {"person", "people"})
            n["label named"] += bool(said & names) or general
        if scene := truth.get("scene"):
            n["scenes"] += 1
            n["scene named"] += bool(said & {words.lemma(w) for w in words.scenes[scene]})

    def _nouns(self, truth: dict, caption: set[str], said: set[str]) -> None:
        words, n = self._words, self._n
        known = set(truth["nouns"]) | set(truth.get("words", {}))
        true = {w for w in said if words.supported(w, known)}
        wanted = {noun for noun, count in truth["nouns"].items() if count >= 3}
        found = {noun for noun in wanted if self.named(noun, said)}
        invented = {w for w in caption - true if w not in words.stuff and not _VERBISH.search(w)}
        n["judged"] += 1
        n["some true"] += bool(true)
        n["said"] += len(said)
        n["true"] += len(true)
        n["caption said"] += len(caption)
        n["caption true"] += sum(words.supported(w, known) for w in caption)
        n["wanted"] += len(wanted)
        n["found"] += len(found)
        n["invented"] += bool(invented)
        n["other said"] += len(said - words.people)
        n["other true"] += len(true - words.people)
        n["other wanted"] += len(wanted - words.people)
        n["other found"] += len(found - words.people)

    def named(self, noun: str, said: set[str]) -> bool:
        """Whether words that were said name a noun, plainly or by a word for its kind."""
        support, kinds = self._words.support, self._words.kinds
        return any(
            w == noun or noun in support.get(w, ()) or (w in support.get(noun, ()) and w in kinds.get(noun, ()))
            for w in said
        )

    def table(self) -> Iterator[tuple[str, float]]:
        """Every line that has cases, with its figure in percent."""
        for line, part, whole in _LINES:
            if self._n[whole]:
                yield line, 100 * self._n[part] / self._n[whole]

    @property
    def pictures(self) -> int:
        return self._n["pictures"]


_LINES = (
    ("a true content word", "some true", "judged"),
    ("content words true", "true", "said"),
    ("content words of captions true", "caption true", "caption said"),
    ("besides people: precision", "other true", "other said"),
    ("besides people: recall of nouns in 3 of 5", "other found", "other wanted"),
    ("recall of nouns in 3 of 5", "found", "wanted"),
    ("captions that invent an object", "invented", "judged"),
    ("indoors or outdoors right, of those said", "place right", "place said"),
    ("indoors or outdoors said", "place said", "place known"),
    ("class named", "label named", "labelled"),
    ("scene named", "scene named", "scenes"),
)


def score(answers: list[dict], truth: dict[str, dict], words: Words | None = None) -> dict[str, TruthScores]:
    """Scores by source of answers (`path`, `caption`, `tags`: a list or a text) whose pictures are known."""
    words = words or Words()
    scores: dict[str, TruthScores] = {}
    for answer in answers:
        if known := truth.get(Path(answer["path"]).name):
            tags = answer.get("tags") or []
            text = tags if isinstance(tags, str) else ", ".join(tags)
            scores.setdefault(known["source"], TruthScores(words)).add(known, answer.get("caption") or "", text)
    return scores


def report(scores: dict[str, TruthScores]) -> str:
    """The figures in Markdown, a column a source."""
    sources = list(scores)
    tables = {source: dict(scores[source].table()) for source in sources}
    heads = [f"{source} ({scores[source].pictures:,})" for source in sources]
    lines = ["| % | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * len(sources)]
    for line, _, _ in _LINES:
        cells = [f"{tables[s][line]:.1f}" if line in tables[s] else "" for s in sources]
        if any(cells):
            lines.append(f"| {line} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
