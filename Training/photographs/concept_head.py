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

_PREFIX = "concept_head."
_FILE = "concepts.json"
INDOORS = "indoors"
SURE = 0.6  # From this probability on the published classifier is believed.
# General words it does not settle: their many classes add up to certainty in pictures that show none of them.
_BELIEVED = ("animal", "thing", "mass", "place")


@dataclass(frozen=True)
class Entry:
    """A concept in `concepts.json`."""

    words: tuple[str, ...]  # How it is spelt; the first unless the language model's own tags use another of them.
    certainty: float  # How likely it must be to be a tag.
    classes: tuple[int, ...] = ()  # ImageNet's that show it.
    believed: bool = False  # Is the classifier of these believed where it is sure?
    general: tuple[str, ...] = ()  # Concepts that are at least as likely as this one.
    implies: tuple[str, ...] = ()  # Concepts that are not said where this one is.
    unless: tuple[str, ...] = ()  # Concepts beside which this one is not said.
    only: bool = False  # Of what a picture is that is no photograph the likeliest is the only tag.
    place: bool = False  # Places come last.


def spelt(word: str) -> str:
    """A concept's word as a tag."""
    return TAG_FOR.get(word, word)


def entries(evidence: Evidence, certainty: Certainty) -> list[Entry]:
    """All concepts, and being outdoors and indoors, in the order of the head's outputs."""
    kinds = {concept.word: concept.kind for concept in evidence.concepts}
    above: dict[str, list[str]] = {}
    for general, special in general_words(kinds).items():
        for word in special:
            if word in kinds:
                above.setdefault(word, []).append(spelt(general))
    implied: dict[str, list[str]] = {}
    for word, telling in IMPLIED_BY.items():
        for other in telling:
            # Of two words that speak for each other one has to stay: the first of the table goes.
            if spelt(other) not in implied.get(word, []):
                implied.setdefault(other, []).append(spelt(word))
    found = []
    for row, concept in enumerate(evidence.concepts):
        word = concept.word
        words = dict.fromkeys((spelt(word), word, *(["people"] if word == "person" else [])))
        sure = {"person": certainty.person}.get(word, certainty.of_tag(word))
        found.append(
            Entry(
                tuple(words),
                round(certainty.caption if concept.kind == MADE else sure, 4),
                tuple(evidence.shows()[row].nonzero()[0].tolist()),
                concept.kind in _BELIEVED,
                tuple(above.get(word, ())),
                tuple(implied.get(word, ())),
                ("person",) if word == "clothing" else (),
                concept.kind == MADE,
                concept.kind == "place",
            )
        )
    return found + [Entry((word,), certainty.where, place=True) for word in (OUTDOORS, INDOORS)]


class ConceptHead(nn.Module):
    """Pooled values [pictures, 2 × channels] to the probabilities of concepts [pictures, concepts]."""

    def __init__(self, channels: int, hidden: int, listed: list[Entry], classes: int = 1000):
        super().__init__()
        count = len(listed)
        self.classifier = nn.Linear(channels // 2, classes)
        self.straight, self.trust = nn.Linear(channels, count), nn.Parameter(torch.ones(count))
        self.hidden, self.bent = nn.Linear(channels + count, hidden), nn.Linear(hidden, count, bias=False)
        shows, believed = torch.zeros(count, classes), torch.tensor([entry.believed for entry in listed])
        for row, entry in enumerate(listed):
            shows[row, list(entry.classes)] = 1
        self.register_buffer("shows", shows, persistent=False)
        self.register_buffer("believed", believed, persistent=False)

    def forward(self, values: Tensor) -> Tensor:
        shown = self.classifier(values[:, : self.classifier.in_features]).softmax(1) @ self.shows.T
        heard = log_odds(shown)
        bent = self.bent(F.gelu(self.hidden(torch.cat([values, heard], 1))))
        likely = torch.sigmoid(self.straight(values) + self.trust * heard + bent)
        return torch.where(self.believed & (shown >= SURE), torch.maximum(likely, shown), likely)


def folded(models: list[Presence], calibration: Calibration, listed: list[Entry]) -> ConceptHead:
    """One head of classifiers whose mean logits were calibrated. The last concept is being indoors: not outdoors."""
    classifier, channels = models[0].classifier, models[0].straight.in_features
    hidden = sum(model.hidden.out_features for model in models)
    head = ConceptHead(channels, hidden, listed, classifier.out_features)
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


def tags(probabilities: list[float], listed: list[Entry], own: list[str]) -> list[str]:
    """What a picture shows, likeliest first, places last, then those of the language model's own tags that are none of
    the list's words. `probabilities` are the head's [concepts]; in the file concepts go by their first words."""
    by_name = {entry.words[0]: entry for entry in listed}
    likely = dict(zip(by_name, probabilities))
    for name, entry in by_name.items():
        for general in entry.general:
            likely[general] = max(likely[general], likely[name])
    reached = {name: entry for name, entry in by_name.items() if likely[name] >= entry.certainty}
    alone = sorted((name for name, entry in reached.items() if entry.only), key=lambda name: -likely[name])[:1]
    implied = {other for entry in reached.values() for other in entry.implies}
    kept = alone or [
        name
        for name, entry in reached.items()
        if name not in implied and not any(other in reached for other in entry.unless)
    ]
    kept.sort(key=lambda name: (by_name[name].place, -likely[name]))
    known = {word for entry in listed for word in entry.words}
    said = [next((word for word in by_name[name].words if word in own), by_name[name].words[0]) for name in kept]
    return said + [word for word in own if word not in known]


def write(head: ConceptHead, listed: list[Entry], tower: Path) -> None:
    """Adds the head's weights to a tower's folder, and its list beside them."""
    put(tower, _PREFIX, {f"{_PREFIX}{name}": tensor for name, tensor in head.state_dict().items()})
    values = json.loads((tower / "config.json").read_text()) | {"pooling": "mean_max"}
    (tower / "config.json").write_text(json.dumps(values, indent=2) + "\n")
    lines = ",\n".join(json.dumps(asdict(entry), ensure_ascii=False) for entry in listed)
    (tower / _FILE).write_text(f'{{"sure": {SURE}, "concepts": [\n{lines}\n]}}\n')


def load(tower: Path) -> tuple[ConceptHead, list[Entry]] | None:
    """The head and the list of a tower's folder, or nothing where it has none."""
    if not (tower / _FILE).exists():
        return None
    listed = []
    for concept in json.loads((tower / _FILE).read_text())["concepts"]:
        listed.append(Entry(**{key: tuple(v) if isinstance(v, list) else v for key, v in concept.items()}))
    state = load_file(tower / WEIGHTS)
    state = {n.removeprefix(_PREFIX): t.float() for n, t in state.items() if n.startswith(_PREFIX)}
    head = ConceptHead(
        state["straight.weight"].shape[1], len(state["hidden.bias"]), listed, len(state["classifier.bias"])
    )
    head.load_state_dict(state)
    return head.eval(), listed
