"""What a model in training says of the pictures with known truth, from their cached features.

`python -m Training.photographs.answer --photographs DIR --features DIR --folder DIR` writes `answers.jsonl`, which
`Training.photographs.score` reads, of the half that set no threshold, and prints its table. With `--export DIR` it also
writes the model as a folder that the engine loads, with the tower's trunk.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from .. import checkpoint
from ..answering import LONGEST_ANSWER, prompt_rows
from ..export import export, load_exported, read_configuration
from ..model.llava_mini import LLaVAMini
from ..tokens import Chat
from ..world.questions import CAPTION_PROMPTS, TAG_PROMPTS
from .archive import Archive, half
from .features import Cache
from .raised import PUBLISHED, TUNED, photographs
from .tower import load, tower_state
from .truth import report, score

_BATCH = 64
NOTICE = "This small model names what is likely, and can be wrong; `vignette model pull` fetches a larger one."


def trained(folder: Path, features: str) -> tuple[LLaVAMini, Chat, int]:
    """The model of the last checkpoint with the published or the tuned trunk, and how many pictures its head has
    seen."""
    state = checkpoint.load(folder / "speaker.pt")
    if state is None:
        raise FileNotFoundError(f"{folder / 'speaker.pt'} is not there yet: run Training.photographs.train first")
    model = LLaVAMini(read_configuration(folder / "configuration.json"))
    own = {name.removeprefix("model."): t for name, t in state["speaker"].items() if name.startswith("model.")}
    model.load_state_dict(own)
    upper = load(folder / "upper.pt" if features == TUNED else None, model.config.vision)
    model.model.vision_tower.load_state_dict(tower_state(upper), strict=False)
    return model.eval(), Chat.load(folder / "tokenizer.json"), state["seen"]


def headed(head: Path, folder: Path, features: str) -> tuple[LLaVAMini, Chat, int]:
    """An exported model with the tower of the folder in place of its own."""
    model, chat = load_exported(head)
    upper = load(folder / "upper.pt" if features == TUNED else None, model.config.vision)
    model.model.vision_tower.load_state_dict(tower_state(upper), strict=False)
    return model.eval(), chat, 0


def answers(model: LLaVAMini, chat: Chat, cache: Cache, names: list[str]) -> list[dict]:
    """Caption and tags, by the default prompts, of pictures whose features are cached."""
    features, rows = cache.opened(0), {name: row for row, name in enumerate(cache.names[: cache.count(0)])}
    there, said = [name for name in names if name in rows], []
    for first in range(0, len(there), _BATCH):
        part = there[first : first + _BATCH]
        seen = torch.from_numpy(np.stack([np.asarray(features[rows[name]], np.float32) for name in part]))[:, None]
        texts = []
        for prompt in (CAPTION_PROMPTS[0], TAG_PROMPTS[0]):
            asked = prompt_rows(chat, [chat.question(prompt)] * len(part))
            written = model.generate(seen, asked, len(chat.prefix), chat.ends, LONGEST_ANSWER)
            texts.append([chat.text(ids) for ids in written])
        for name, caption, tags in zip(part, *texts):
            said.append({"path": name, "caption": caption, "tags": [w.strip() for w in tags.split(",") if w.strip()]})
    return said


def main() -> None:
    """Writes the answers and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--features", choices=(PUBLISHED, TUNED), default=TUNED, help="of which tower")
    parser.add_argument("--folder", type=Path, default=Path(".training/photographs/run"))
    parser.add_argument("--head", type=Path, help="an exported model whose language head gets the tower")
    parser.add_argument("--export", type=Path, help="also write the model here")
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="of the pictures: 0 set the thresholds")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive = Archive(arguments.photographs)
    if arguments.head:
        model, chat, seen = headed(arguments.head, arguments.folder, arguments.features)
    else:
        model, chat, seen = trained(arguments.folder, arguments.features)
    if arguments.export:
        config = replace(model.config, vocab_size=chat.size)
        export(model, config, chat, arguments.export, NOTICE)
    names = [name for name in archive.truth if half(name) == arguments.half]
    said = answers(
        model, chat, photographs(arguments.folder, arguments.features, archive, model.config.vision).trunk, names
    )
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said)
    (arguments.folder / "answers.jsonl").write_text(lines)
    print(f"after {seen:,} pictures")
    print(report(score(said, archive.truth)))


if __name__ == "__main__":
    main()
