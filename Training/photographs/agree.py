"""Compares what the Swift engine says of photographs, captions and tags, with what PyTorch does.

`python -m Training.photographs.agree MODEL --photographs DIR --program .build/release/vignette`
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ..answering import LONGEST_ANSWER, prompt_rows
from ..export import load_exported
from ..model.llava_mini import LLaVAMini
from ..tokens import Chat
from ..world.questions import CAPTION_PROMPTS, TAG_PROMPTS
from . import concept_head
from .archive import Archive
from .ask import asked
from .concept_head import ConceptHead, Listed
from .upper import pooled
from .views import WHOLE, normalised, seen

_BATCH = 16


def answers(
    model: LLaVAMini, chat: Chat, listed: tuple[ConceptHead, Listed] | None, pictures: list[np.ndarray]
) -> list[tuple[str, list[str]]]:
    """PyTorch's captions and tags of pictures of the tower's edge, in float32."""
    said, tower = [], model.model.vision_tower
    for first in range(0, len(pictures), _BATCH):
        with torch.inference_mode():
            images = torch.from_numpy(normalised(np.stack(pictures[first : first + _BATCH])))
            trunk = tower.upper(tower.lower(images))
            values = pooled(torch.nn.functional.relu6(tower.head(trunk)))
        texts = []
        for prompt in (CAPTION_PROMPTS[0], TAG_PROMPTS[0]):
            rows = prompt_rows(chat, [chat.question(prompt)] * len(images))
            written = model.generate(trunk[:, None], rows, len(chat.prefix), chat.ends, LONGEST_ANSWER)
            texts.append([chat.text(ids) for ids in written])
        own = [[word.strip() for word in tags.split(",") if word.strip()] for tags in texts[1]]
        if listed:
            with torch.inference_mode():
                likely = listed[0](values).tolist()
            own = [concept_head.tags(p, listed[1], words) for p, words in zip(likely, own)]
        said += zip(texts[0], own)
    return said


def main() -> None:
    """Prints every disagreement and how many answers agree; fails where not all captions do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="an exported folder")
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive, (model, chat) = Archive(arguments.photographs), load_exported(arguments.model)
    edge, names = model.config.vision.image_size, list(archive.truth)[: arguments.pictures]
    pictures = {f"{name}.png": seen(archive.picture(name), WHOLE, edge) for name in names}
    expected = answers(model, chat, concept_head.load(arguments.model), list(pictures.values()))
    # Of the tower's own edge and without loss, so that both begin with the same pixels.
    write = lambda file: Image.fromarray(pictures[file.name]).save(file, compress_level=1)  # noqa: E731
    found = {one["path"]: one for one in asked(arguments.program, arguments.model, list(pictures), write)}
    agreeing = [0, 0]
    for name, (caption, tags) in zip(pictures, expected):
        both = (caption, sorted(tags)), (found[name]["caption"], sorted(found[name]["tags"]))
        for part, (a, b) in enumerate(zip(*both)):
            agreeing[part] += a == b
            if a != b:
                print(f"{name}: PyTorch {a!r}, engine {b!r}")
    print(f"of {len(pictures)} pictures {agreeing[0]} captions agree and {agreeing[1]} lists of tags")
    raise SystemExit(agreeing[0] < len(pictures))


if __name__ == "__main__":
    main()
