"""Trains the classifiers that the exported model lists what is present by: `python -m Training.photographs.listing`.

Those of `judge.py` have each seen half of the pictures, so that what the language model is taught is not remembered.
These see all of them, on the features of the tuned tower; the pictures with known truth, by one half of which they are
calibrated, are new to them anyway. `--to DIR` writes them into an exported model.
"""

import argparse
from pathlib import Path

import torch

from ..model.efficientnet import EfficientNetConfiguration
from . import presence
from .archive import Archive, half, json_lines
from .concept_head import ConceptHead, Listed, folded, listed, tags, write
from .judge import heard, lessons
from .material import Pack, pack_of
from .raised import PUBLISHED, TUNED, drawings, photographs
from .train import add_certainties, certainty_of
from .truth import Words, report, score

_CONFIG = EfficientNetConfiguration()


def taught(pack: Pack, which: str, arguments: argparse.Namespace) -> tuple[ConceptHead, Listed]:
    """The head and its list; the classifiers are kept in the folder."""
    folder, said = arguments.folder, pack.evidence.words
    of_photographs = photographs(folder, which, pack.archive, _CONFIG)
    views = [of_photographs.values(view) for view in range(pack.views)]
    drawn = drawings(folder, which, arguments.drawings, _CONFIG).values(0)
    data = lessons(pack, views, drawn)
    models = []
    for seed in range(arguments.seeds):
        path = folder / f"listing-{which}-{seed}.pt"
        if (kept := presence.load(path)) is None:
            model = presence.train(
                data, heard(pack.evidence), epochs=arguments.epochs, seed=seed, hidden=arguments.hidden
            )
            presence.save(path, model, presence.Calibration(1.0, torch.zeros(len(said))), said)
            kept = presence.load(path)
        models.append(kept[0])
    own, names = presence.Drawn(drawn, pack.drawn), pack.cache.names
    calibration = presence.calibrated(models, pack.archive, pack.evidence, names, views[0], own, Words())
    concepts = listed(pack.evidence, certainty_of(arguments, pack))
    return folded(models, calibration, concepts.entries), concepts


def answers(head: ConceptHead, concepts: Listed, pack: Pack, which: str, folder: Path, said: list[dict]) -> list:
    """Captions and other tags of the language model's answers, with the tags of the list."""
    values = photographs(folder, which, pack.archive, _CONFIG).values(0)
    rows = {name: row for row, name in enumerate(pack.cache.names)}
    with torch.inference_mode():
        likely = head(values[[rows[one["path"]] for one in said]].float()).tolist()
    return [{**one, "tags": tags(p, concepts, one["tags"])} for p, one in zip(likely, said)]


def main() -> None:
    """Trains, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True, help="the folder of tars and labels")
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"))
    parser.add_argument("--features", choices=(PUBLISHED, TUNED), default=TUNED, help="of which tower")
    parser.add_argument("--views", type=int, default=3)
    parser.add_argument("--drawings", type=int, default=512, help="as in Training.photographs.features")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=2, help="how many classifiers become one")
    parser.add_argument("--hidden", type=int, default=64, help="bent units of each")
    add_certainties(parser)
    parser.add_argument("--answers", type=Path, help="the language model's, of answer.py: prints what all is worth")
    parser.add_argument("--to", type=Path, help="an exported model, which gets the head")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive = Archive(arguments.photographs)
    pack = pack_of(archive, arguments.folder, arguments.features, arguments.views, arguments.drawings)
    head, concepts = taught(pack, arguments.features, arguments)
    if arguments.answers:
        said = json_lines(arguments.answers)
        for part in (0, 1):
            some = [one for one in said if half(one["path"]) == part]
            if some:
                joined = answers(head, concepts, pack, arguments.features, arguments.folder, some)
                print(f"half {part}\n{report(score(joined, archive.truth))}", flush=True)
    if arguments.to:
        write(head, concepts, arguments.to)


if __name__ == "__main__":
    main()
