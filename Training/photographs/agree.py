"""Compares the Swift engine's captions of photographs with PyTorch's.

`python -m Training.photographs.agree MODEL --photographs DIR --program .build/release/vignette`
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from ..answering import LONGEST_ANSWER, prompt_rows
from ..engine import Engine
from ..export import load_exported
from ..model.llava_mini import LLaVAMini
from ..tokens import Chat
from ..world.questions import CAPTION_PROMPTS
from .archive import Archive
from .views import WHOLE, normalised, seen

_BATCH = 16


def captions(model: LLaVAMini, chat: Chat, pictures: list[np.ndarray]) -> list[str]:
    """PyTorch's captions of pictures of the tower's edge, in float32."""
    said = []
    question = chat.question(CAPTION_PROMPTS[0])
    for first in range(0, len(pictures), _BATCH):
        images = torch.from_numpy(normalised(np.stack(pictures[first : first + _BATCH])))[:, None]
        prompt = prompt_rows(chat, [question] * len(images))
        said += [chat.text(i) for i in model.generate(images, prompt, len(chat.prefix), chat.ends, LONGEST_ANSWER)]
    return said


def main() -> None:
    """Prints every disagreement and how many captions agree; fails where not all do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="an exported folder")
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    archive, (model, chat) = Archive(arguments.photographs), load_exported(arguments.model)
    edge = model.config.vision.image_size
    pictures = [seen(archive.picture(name), WHOLE, edge) for name in list(archive.truth)[: arguments.pictures]]
    expected = captions(model, chat, pictures)
    # Of the tower's own edge, so that both begin with the same pixels.
    found = Engine(arguments.program, arguments.model).ask(pictures, [CAPTION_PROMPTS[0]] * len(pictures))
    different = [(number, a, b) for number, (a, b) in enumerate(zip(expected, found)) if a != b]
    for number, a, b in different:
        print(f"picture {number}: PyTorch {a!r}, engine {b!r}")
    print(f"{len(pictures) - len(different)} of {len(pictures)} captions agree")
    raise SystemExit(bool(different))


if __name__ == "__main__":
    main()
