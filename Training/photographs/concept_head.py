"""The list of what is present as a part of the exported model: the engine's tags come from it.

Classifiers of what is present (`presence.py`) and their calibration become one head on the tower's pooled values: what
standardised these, and the line from logits to probabilities, is folded into its weights; several classifiers are one
with all their hidden units. `concepts.json` beside the weights says how each concept is spelt, how likely it has to be,
and which others it stands above or speaks for.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from .compose import IMPLIED_BY, TAG_FOR, Certainty, general_words
from .concepts import MADE, OUTDOORS, Evidence
from .export_meaning import WEIGHTS, put
from .presence import HEARD, Calibration, Presence, log_odds

_PREFIX = "model.concept_head."
_FILE = "concepts.json"
INDOORS = "indoors"
SURE = 0.6  # From this probability on the published classifier is believed.
# How likely it must be that a picture is no photograph. Of the half of the photographs with known truth that sets
# thresholds none is taken for a drawing from here on; they would lose all other tags.
_MADE = 0.5
# General words it does not settle: their many classes add up to certainty in pictures that show none of them.
_BELIEVED = ("animal", "thing", "mass", "place")


@dataclass(frozen=True)
class Entry:
    """A concept in `concepts.json`. Elsewhere in it a concept goes by the first of its words."""

    words: tuple[str, ...]  # How it is spelt; the first unless the language model's own tags use another of them.
    certainty: float  # How likely it must be to be a tag.
    classes: tuple[int, ...] = ()  # ImageNet's that show it.
    believed: bool = False  # Is the classifier of these believed where it is sure?
    place: bool = False  # Places come last.
    only: bool = False  # Of what a picture is that is no photograph the likeliest is the only tag.
    unless: tuple[str, ...] = ()  # Concepts beside which this one is not said.


@dataclass(frozen=True)
class Listed:
    """The whole list, in the order of the head's outputs; both tables are gone through in order."""

    entries: tuple[Entry, ...]
    general: tuple[tuple[str, tuple[str, ...]], ...]  # A word is at least as likely as the likeliest of these.
    implied: tuple[tuple[str, tuple[str, ...]], ...]  # A word is no tag where one of these still is.


def listed(evidence: Evidence, certainty: Certainty) -> Listed:
    """All concepts, and being outdoors and indoors."""
    kinds = {concept.word: concept.kind for concept in evidence.concepts}
    entries, shows = [], evidence.shows()
    for row, concept in enumerate(evidence.concepts):
        word = concept.word
        words = dict.fromkeys((_spelt(word), word, *(["people"] if word == "person" else [])))
        sure = certainty.person if word == "person" else certainty.of_tag(word)
        entries.append(
            Entry(
                tuple(words),
                round(_MADE if concept.kind == MADE else sure, 4),
                tuple(shows[row].nonzero()[0].tolist()),
                concept.kind in _BELIEVED,
                concept.kind == "place",
                concept.kind == MADE,
                ("person",) if word == "clothing" else (),
            )
        )
    entries += [Entry((word,), certainty.where, place=True) for word in (OUTDOORS, INDOORS)]
    tables = [
        tuple((_spelt(word), tuple(_spelt(w) for w in others if w in kinds)) for word, others in table.items())
        for table in (general_words(kinds), IMPLIED_BY)
    ]
    return Listed(tuple(entries), *tables)


def _spelt(word: str) -> str:
    """A concept's word as a tag."""
    return TAG_FOR.get(word, word)


class ConceptHead(nn.Module):
    """Pooled values [pictures, 2 × channels] to the probabilities of concepts [pictures, concepts]."""

    def __init__(self, channels: int, hidden: int, entries: tuple[Entry, ...], classes: int = 1000):
        super().__init__()
        count = len(entries)
        self.classifier = nn.Linear(channels // 2, classes)
        self.straight, self.trust = nn.Linear(channels, count), nn.Parameter(torch.ones(count))
        self.hidden, self.bent = nn.Linear(channels + count, hidden), nn.Linear(hidden, count, bias=False)
        shows, believed = torch.zeros(count, classes), torch.tensor([entry.believed for entry in entries])
        for row, entry in enumerate(entries):
            shows[row, list(entry.classes)] = 1
        self.register_buffer("shows", shows, persistent=False)
        self.register_buffer("believed", believed, persistent=False)

    def forward(self, values: Tensor) -> Tensor:
        shown = self.classifier(values[:, : self.classifier.in_features]).softmax(1) @ self.shows.T
        heard = log_odds(shown)
        bent = self.bent(F.gelu(self.hidden(torch.cat([values, heard], 1))))
        likely = torch.sigmoid(self.straight(values) + self.trust * heard + bent)
        return torch.where(self.believed & (shown >= SURE), torch.maximum(likely, shown), likely)


def folded(models: list[Presence], calibration: Calibration, entries: tuple[Entry, ...]) -> ConceptHead:
    """One head of classifiers whose mean logits were calibrated. The last concept is being indoors: not outdoors."""
    classifier, channels = models[0].classifier, models[0].straight.in_features
    hidden = sum(model.hidden.out_features for model in models)
    head = ConceptHead(channels, hidden, entries, classifier.out_features)
    share = calibration.slope / len(models)
    both = lambda rows: torch.cat([rows, -rows[-1:]])  # noqa: E731
    state = {"classifier.weight": classifier.weight.double(), "classifier.bias": classifier.bias.double()}
    straight, bias, trust, seen, heard, start, bent = [], [], [], [], [], [], []
    for model in models:
        mean, deviation = model.mean.double(), model.deviation.double()
        weight = model.straight.weight.double() / deviation
        straight.append(share * both(weight))
        bias.append(share * both(model.straight.bias.double() - weight @ mean))
        trust.append(share * both(model.trust.double()))
        weight = model.hidden.weight.double()
        own = weight[:, :channels] / deviation
        seen.append(own)
        heard.append(torch.cat([HEARD * weight[:, channels:], weight.new_zeros(len(weight), 1)], 1))
        start.append(model.hidden.bias.double() - own @ mean)
        bent.append(share * both(model.bent.weight.double()))
    state["straight.weight"] = sum(straight)
    state["straight.bias"] = sum(bias) + both(calibration.offsets.double())
    state["trust"] = sum(trust)
    state["hidden.weight"] = torch.cat([torch.cat(seen), torch.cat(heard)], 1)
    state["hidden.bias"], state["bent.weight"] = torch.cat(start), torch.cat(bent, 1)
    head.load_state_dict({name: tensor.detach().float() for name, tensor in state.items()})
    return head.eval()


def tags(probabilities: list[float], what: Listed, own: list[str]) -> list[str]:
    """What a picture shows, likeliest first, places last, then those of the language model's own tags that are none of
    the list's words. `probabilities` are the head's [concepts]."""
    entries = {entry.words[0]: entry for entry in what.entries}
    likely = dict(zip(entries, probabilities))
    for word, others in what.general:
        likely[word] = max(likely[word], *(likely[other] for other in others))
    said = [word for word, entry in entries.items() if likely[word] >= entry.certainty]
    said = sorted((word for word in said if entries[word].only), key=lambda word: -likely[word])[:1] or said
    said = [word for word in said if not any(other in said for other in entries[word].unless)]
    for word, others in what.implied:
        if word in said and any(other in said for other in others):
            said.remove(word)
    said.sort(key=lambda word: (entries[word].place, -likely[word]))
    known = {word for entry in entries.values() for word in entry.words}
    names = [next((w for w in entries[word].words if w in own), word) for word in said]
    return names + [word for word in own if word not in known]


def write(head: ConceptHead, what: Listed, model: Path) -> None:
    """Adds the head's weights to an exported model, and its list beside them."""
    put(model / WEIGHTS, _PREFIX, {f"{_PREFIX}{name}": tensor for name, tensor in head.state_dict().items()})
    path = model / "vision_tower" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"pooling": "mean_max"}, indent=2) + "\n")
    concepts = [{k: v for k, v in asdict(entry).items() if v or k == "certainty"} for entry in what.entries]
    tables = {
        "concepts": concepts,
        "general": [{"word": word, "of": others} for word, others in what.general],
        "implied": [{"word": word, "by": others} for word, others in what.implied],
    }
    values = {"num_classes": head.classifier.out_features, "hidden_size": head.hidden.out_features, "sure": SURE}
    parts = [json.dumps(values)[1:-1]]
    for name, rows in tables.items():
        parts.append(f'"{name}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]")
    (model / _FILE).write_text("{" + ",\n".join(parts) + "}\n")


def load(model: Path) -> tuple[ConceptHead, Listed] | None:
    """The head and the list of an exported model, or nothing where it has none."""
    if not (model / _FILE).exists():
        return None
    values, fixed = json.loads((model / _FILE).read_text()), lambda x: tuple(x) if isinstance(x, list) else x
    what = Listed(
        tuple(Entry(**{key: fixed(value) for key, value in concept.items()}) for concept in values["concepts"]),
        tuple((row["word"], tuple(row["of"])) for row in values["general"]),
        tuple((row["word"], tuple(row["by"])) for row in values["implied"]),
    )
    state = load_file(model / WEIGHTS)
    state = {n.removeprefix(_PREFIX): t.float() for n, t in state.items() if n.startswith(_PREFIX)}
    channels = state["straight.weight"].shape[1]
    head = ConceptHead(channels, values["hidden_size"], what.entries, values["num_classes"])
    head.load_state_dict(state)
    return head.eval(), what
