"""Counts what a caption, a list of tags or an answer has right."""

from collections import Counter
from dataclasses import dataclass, field

from .world import captions, clips
from .world.clips import Clip
from .world.palette import COLOURS
from .world.reading import read_caption
from .world.scene import Scene


@dataclass
class Scores:
    """Right and asked, by line of the table; for sets of words, found, named and present."""

    right: Counter = field(default_factory=Counter)
    asked: Counter = field(default_factory=Counter)
    sets: dict[str, list[int]] = field(default_factory=dict)

    def count(self, line: str, right: bool) -> None:
        self.asked[line] += 1
        self.right[line] += right

    def compare(self, line: str, named: set[str], present: set[str]) -> None:
        """Counts a set of words for the line's F1."""
        sums = self.sets.setdefault(line, [0, 0, 0])
        for place, words in enumerate((named & present, named, present)):
            sums[place] += len(words)

    def share(self, line: str) -> float:
        return self.right[line] / max(1, self.asked[line])

    def f1(self, line: str) -> float:
        """2 · found / (named + present) over all pictures together."""
        found, named, present = self.sets.get(line, (0, 0, 0))
        return 2 * found / max(1, named + present)

    def table(self) -> list[tuple[str, float, int]]:
        """Every line with its value and how many cases it rests on."""
        shares = [(line, self.share(line), self.asked[line]) for line in self.asked]
        return sorted(shares + [(line, self.f1(line), sums[2]) for line, sums in self.sets.items()])


def score_caption(scores: Scores, scene: Scene, answer: str) -> None:
    """Scene, light, objects, number and place of a caption by the default prompt."""
    truth, said = read_caption(captions.caption(scene)), read_caption(answer)
    scores.count("caption exactly right", answer == captions.caption(scene))
    scores.count("scene kind", said.scene == truth.scene)
    if scene.light.phrase:
        scores.count("light and weather named", scene.light.phrase in answer)
    if not scene.groups:
        scores.count("object invented where there is none", bool(said.kinds))
        return
    size = "1–2 objects" if scene.number <= 2 else "3–4 objects" if scene.number <= 4 else "5–6 objects"
    scores.compare(f"objects F1, {size}", said.kinds, truth.kinds)
    # Number and place are asked of captions that name the right objects; what they get wrong is counted above.
    if said.kinds == truth.kinds:
        scores.count("number", Counter(said.objects) == Counter(truth.objects))
        if truth.places:
            scores.count("place", said.places == truth.places and said.objects == truth.objects)
    if scene.number > 1:
        scores.count("number, of all captions", sum(n for _, n in said.objects) == scene.number)


def score_tags(scores: Scores, scene: Scene, answer: str) -> None:
    scores.compare(
        "tags F1", {word.strip() for word in answer.lower().split(",") if word.strip()}, set(captions.tags(scene))
    )


def score_clip(scores: Scores, clip: Clip, answer: str) -> None:
    """What moves, how it moves and where, of a clip's caption."""
    scores.count("clip caption exactly right", answer == clips.caption(clip).answer)
    if clip.later:
        scores.count("clip: that the scene changes", answer.startswith("The scene changes"))
        return
    what = read_caption(answer).kinds == {clip.kind.name}
    how = clip.motion in answer
    scores.count("clip: what", what)
    scores.count("clip: how it moves", how)
    scores.count("clip: what and how it moves", what and how)
    scores.count("clip: where", read_caption(answer).scene == clip.scene.backdrop.name)


def right_colour(answer: str, shares, slack: float = 0.1) -> bool:
    """Whether an answer names the colour that covers most of a picture, or one that covers at most `slack` less."""
    named = [colour for colour in COLOURS if colour in answer.lower()]
    return bool(named) and shares[COLOURS.index(named[0])] >= shares.max() - slack
