"""The bundled model over a folder of JPEG files in a plain PyTorch loop: `python -m Benchmarks.peer_scan FOLDER`.

What one would write first: Pillow decodes, the model is asked for a caption and for tags, the next file follows. The
peer of `vignette scan`, which does the same files with the same model and keeps the answers besides.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from Training.answering import LONGEST_ANSWER, prompt_rows
from Training.data import normalised
from Training.export import load_exported
from Training.world.render import MEAN_COLOUR

CAPTION = "Describe this picture in one sentence."
TAGS = "List what can be seen in this picture as single words, separated by commas."


def pixels(path: Path, edge: int, draft: bool) -> np.ndarray:
    """The picture as the model takes it: upright, on a square of the mean colour, [edge, edge, 3]."""
    with Image.open(path) as image:
        if draft:  # libjpeg's scaled decoding, which few think of.
            image.draft("RGB", (2 * edge, 2 * edge))
        upright = ImageOps.exif_transpose(image.convert("RGB"))
    side = max(upright.size)
    square = Image.new("RGB", (side, side), MEAN_COLOUR)
    square.paste(upright, ((side - upright.width) // 2, (side - upright.height) // 2))
    return np.asarray(square.resize((edge, edge), Image.Resampling.BICUBIC))


def scan(paths: list[Path], model_folder: Path, batch: int, draft: bool) -> dict[str, float]:
    """Seconds of decoding and of the model, and pictures a second."""
    model, chat = load_exported(model_folder)
    edge = model.config.vision.image_size
    prompts = [chat.question(text) for text in (CAPTION, TAGS)]
    decoding, modelling, start = 0.0, 0.0, time.perf_counter()
    for first in range(0, len(paths), batch):
        begun = time.perf_counter()
        pictures = np.stack([pixels(path, edge, draft) for path in paths[first : first + batch]])
        decoded = time.perf_counter()
        images = normalised(torch.from_numpy(pictures)).unsqueeze(1)
        for question in prompts:
            rows = prompt_rows(chat, [question] * len(pictures))
            for ids in model.generate(images, rows, len(chat.prefix), chat.ends, LONGEST_ANSWER):
                chat.text(ids)
        decoding += decoded - begun
        modelling += time.perf_counter() - decoded
    rate = len(paths) / (time.perf_counter() - start)
    return {"pictures": len(paths), "pictures/s": rate, "decoding s": decoding, "model s": modelling}


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, default=Path("Models/demo"))
    parser.add_argument("--batch", type=int, default=1, help="pictures that go through the model together")
    parser.add_argument("--draft", action="store_true", help="decode scaled down")
    parser.add_argument("--limit", type=int, help="files to take")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    paths = sorted(arguments.folder.rglob("*.jpg"))[: arguments.limit]
    if not paths:
        parser.error(f"{arguments.folder} holds no .jpg")
    found = scan(paths, arguments.model, arguments.batch, arguments.draft)
    if arguments.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:12} {value:10.2f}")


if __name__ == "__main__":
    main()
