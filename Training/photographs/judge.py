"""How likely each concept is in every picture, by classifiers that have not seen it.

What comes out is what the language model learns to say. Three things are joined: the trained classifiers, which know
what people name; the published classifier, which is believed where it is sure of one of a concept's classes, since of
most of its thousand the pictures to train with hold next to none; and folders, which settle what the classifiers see
but are not sure of.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import presence
from .concepts import Evidence
from .material import Pack
from .published import published_classifier
from .truth import Words

_FOLDS = 2
_SURE = 0.6  # From this probability on the published classifier is believed.
_SEEN, _SETTLED = 0.1, 0.9  # What a folder says and classifiers hold for at least so likely becomes so likely.
_BATCH = 1024


def lessons(pack_: Pack, views: list[Tensor], drawn: Tensor) -> presence.Examples:
    """What there is to train classifiers with: pooled values of photographs' views and of drawings."""
    data = presence.examples(pack_.archive, pack_.evidence, pack_.cache.names, views)
    return presence.joined([data, presence.drawn_examples(pack_.evidence, pack_.drawn, drawn)])


def heard(evidence: Evidence) -> presence.Heard:
    """What the classifiers hear of the published one."""
    return presence.Heard(published_classifier(), torch.from_numpy(evidence.shows()))


def present(pack_: Pack, views: list[Tensor], drawn: Tensor, folder: Path, epochs: int) -> np.ndarray:
    """Probabilities [views, pictures, concepts + 1]; those of pictures with known truth are the mean of all
    classifiers'. Kept in the folder."""
    path = folder / "present.npy"
    if path.exists():
        return np.load(path)
    made = _joined_views(_classified(pack_, views, drawn, folder, epochs))
    for number, view in enumerate(views):
        _believe(made[number, : len(view)], view, pack_.evidence)
        _settle(made[number, : len(view)], pack_)
    np.save(path.with_suffix(".partial.npy"), made)
    path.with_suffix(".partial.npy").replace(path)
    return made


def _classified(pack_: Pack, views: list[Tensor], drawn: Tensor, folder: Path, epochs: int) -> np.ndarray:
    """The calibrated answers of classifiers that are trained on one half of the pictures and judge the other."""
    data = lessons(pack_, views, drawn)
    names = pack_.cache.names
    rows = [n for view in views for n, name in enumerate(names[: len(view)]) if name not in pack_.archive.truth]
    groups = torch.tensor([*rows, *range(len(pack_.drawn))]) % _FOLDS
    words, own = Words(), presence.Drawn(drawn, pack_.drawn)
    made = np.zeros((len(views), len(names), len(pack_.evidence.words)), np.float16)
    judged = np.array([name in pack_.archive.truth for name in names])
    fold_of = np.arange(len(names)) % _FOLDS
    for fold, model in enumerate(presence.crossed(data, heard(pack_.evidence), groups, _FOLDS, epochs=epochs)):
        calibration = presence.calibrated([model], pack_.archive, pack_.evidence, names, views[0], own, words)
        presence.save(folder / f"presence-{fold}.pt", model, calibration, pack_.evidence.words)
        for number, view in enumerate(views):
            for first in range(0, len(view), _BATCH):
                with torch.inference_mode():
                    p = calibration.probabilities(model(view[first : first + _BATCH].float())).numpy()
                part = slice(first, first + len(p))
                unseen = ((fold_of == fold) & ~judged)[part]
                made[number, part][unseen] = p[unseen]
                made[number, part][judged[part]] += p[judged[part]] / _FOLDS
    return made


def _joined_views(made: np.ndarray) -> np.ndarray:
    """A picture and the same mirrored, the first two views, show the same: both get the mean of what is made of them,
    which is nearer the truth than either."""
    both = (made[:2] > 0).any(2).all(0)
    made[:2, both] = made[:2, both].mean(0, dtype=np.float32)
    return made


def _believe(made: np.ndarray, values: Tensor, evidence: Evidence) -> None:
    """Raises what the published classifier is sure of. General words it does not settle: their many classes add up to
    certainty in pictures that show none of them."""
    telling = torch.tensor([c.kind in ("animal", "thing", "mass", "place") for c in evidence.concepts] + [False])
    shows = torch.from_numpy(evidence.shows()) * telling[:, None]
    classifier = published_classifier()
    for first in range(0, len(values), _BATCH):
        mean = values[first : first + _BATCH, : classifier["weight"].shape[1]].float()
        likely = (mean @ classifier["weight"].T + classifier["bias"]).softmax(1) @ shows.T
        sure = torch.where(likely >= _SURE, likely, 0).numpy()
        part = made[first : first + _BATCH]
        np.maximum(part, sure.astype(part.dtype), out=part)


def _settle(made: np.ndarray, pack_: Pack) -> None:
    """Lets the folders of ImageNet's pictures settle what classifiers hold for possible, in pictures to train with."""
    rows = {name: row for row, name in enumerate(pack_.cache.names[: len(made)])}
    for line in pack_.archive.training:
        if "wnid" in line and (row := rows.get(line["name"])) is not None:
            values, weights = pack_.evidence.of(line)
            known = weights == 1
            true, false = known & (values == 1) & (made[row] >= _SEEN), known & (values == 0)
            made[row, true] = np.maximum(made[row, true], _SETTLED)
            made[row, false] = np.minimum(made[row, false], 1 - _SETTLED)
