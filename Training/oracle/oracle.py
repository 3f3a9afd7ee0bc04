"""An oracle's folder: a checkpoint, pictures, and what the model makes of them."""

import json
import pathlib

import numpy as np
from PIL import Image
from tokenizers import Tokenizer

import storage
from llava_mini import IMAGE, LLaVAMini
from processor import Processor

TOWER = "model.vision_tower.vision_tower."

SYSTEM = (
    "You are a helpful language and vision assistant. You are able to understand the visual "
    "content that the user provides, and assist the user with a variety of tasks using natural "
    "language."
)
BEFORE_IMAGE = (
    "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n"
    "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"
    f"{SYSTEM}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
)


class Oracle:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        config = json.loads((folder / "config.json").read_text())
        tower = folder / config["mm_vision_tower"]
        weights = storage.read_folder(folder)
        inside = {
            name.removeprefix(TOWER): value
            for name, value in weights.items()
            if name.startswith(TOWER)
        }
        weights |= inside or storage.read_folder(tower)
        vision = json.loads((tower / "config.json").read_text())
        self.model = LLaVAMini(config, vision, weights)
        preprocessor = json.loads((tower / "preprocessor_config.json").read_text())
        self.processor = Processor(preprocessor, config["image_aspect_ratio"] == "pad")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def input_ids(self, question: str) -> list[int]:
        # Both beginnings of the first part stay; the second part loses the one it would get.
        before = self.tokenizer.encode(BEFORE_IMAGE).ids
        after = self.tokenizer.encode(f"\n{question}<|eot_id|>").ids[1:]
        return [*before, IMAGE, *after]

    def text(self, ids: list[int], cleans: bool = True) -> str:
        text = self.tokenizer.decode(ids, skip_special_tokens=True)
        for mark in [".", "?", "!", ","] if cleans else []:
            text = text.replace(f" {mark}", mark)
        if cleans:
            text = text.replace(" ' ", "'")
            for ending in ["n't", "'m", "'s", "'ve", "'re"]:
                text = text.replace(f" {ending}", ending)
        return text

    def pixel_values(self, case: dict) -> np.ndarray:
        if case["mode"] == "video":
            frames = [self.picture(f"frame-{index}.png") for index in range(case["frames"])]
            return np.stack([self.processor.still(frame) for frame in frames])
        picture = self.picture(case["image"])
        if case["mode"] == "standard":
            return self.processor.still(picture)
        return self.processor.high_resolution(picture, int(case["mode"][2]))

    def picture(self, name: str) -> Image.Image:
        return Image.open(self.folder / name).convert("RGB")

    def run(self, case: dict, steps: int) -> tuple[dict, dict[str, np.ndarray]]:
        """The case completed with ids, and its golden tensors."""
        ids = self.input_ids(case["query"])
        pixels = self.pixel_values(case)
        images = pixels if case["mode"] == "video" else pixels[None]
        encoded = [self.model.encode(image) for image in images]
        inputs = self.model.inputs(encoded, ids)
        greedy, gaps, first = self.greedy(inputs, steps)
        tensors = {
            "pixel_values": pixels,
            "clip_last": encoded[-1].features,
            "compressed_last": encoded[-1].compressed[None],
            "compressor_attention_last": encoded[-1].attention[None],
            "inputs_embeds": inputs,
            "logits_last": first[None],
        }
        answer = {
            "input_ids": ids, "greedy_ids": greedy, "greedy_gaps": gaps,
            "greedy_text": self.text(greedy),
        }
        return case | answer, tensors

    def greedy(self, x: np.ndarray, steps: int):
        """Ids, the gap between the two best logits at each, and the first logits."""
        ids, gaps, first = [], [], None
        for _ in range(steps):
            logits = self.model.logits(x)
            first = logits if first is None else first
            second, best = np.sort(logits)[-2:]
            ids.append(int(logits.argmax()))
            gaps.append(float(best - second))
            x = np.concatenate([x, self.model.embed(ids[-1:])])
        return ids, gaps, first
