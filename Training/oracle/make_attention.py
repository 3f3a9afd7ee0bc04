"""Writes what every token of an oracle's folder attends to, for `AttentionOracleTests`.

    python Training/oracle/make_attention.py OUT FOLDER...           # numpy and Pillow
    python Training/oracle/make_attention.py --torch OUT FOLDER...   # Training/model in PyTorch, where it can load the folder

Of each case about a still OUT/FOLDER.safetensors holds, averaged over the heads: `CASE.compressor` [C², patches],
`CASE.pre-fusion` [layers, tokens, tokens] of patches, compressed tokens and text, and `CASE.mini` and `CASE.llava`
[layers, tokens, tokens] of the language model's, which reads the golden answer as well.
"""

import argparse
import json
import math
import pathlib
import sys

import numpy as np
from PIL import Image

import llava_mini
import storage
from processor import Processor

TOWER = "model.vision_tower.vision_tower."


class Numpy:
    """The oracle in numpy, with every attention kept."""

    def __init__(self, config, vision, weights):
        self.model = llava_mini.LLaVAMini(config, vision, weights)
        self.plain = llava_mini.attend

    def recorded(self, run):
        """What `run` returns, and the attention [heads, queries, keys] of each call on the way."""
        kept = []

        def attend(*arguments):
            joined, weights = self.plain(*arguments)
            kept.append(weights.mean(0))
            return joined, weights

        llava_mini.attend = attend
        try:
            return run(), kept
        finally:
            llava_mini.attend = self.plain

    def attention(self, pixels, ids, answer):
        model, place = self.model, ids.index(llava_mini.IMAGE)
        image = model.encode(pixels)
        (tokens, text), fusing = self.recorded(lambda: model.fuse(image, ids))
        words = model.embed(answer)
        patches = image.sequence[:len(image.sequence) - len(tokens)]
        plain = model.embed(ids)
        inputs = {
            "mini": [text[:place], tokens, text[place + 1:], words],
            "llava": [plain[:place], patches, plain[place + 1:], words],
        }
        found = {"compressor": image.attention, "pre-fusion": fusing}
        for mode, parts in inputs.items():
            found[mode] = self.recorded(lambda: model.logits(np.concatenate(parts)))[1]
        return found


class Torch:
    """`Training/model` in PyTorch, in float32, with every attention kept."""

    def __init__(self, config, vision, weights):
        sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
        import torch
        from Training.export import _TOWER, _vision
        from Training.model import compressor, llama
        from Training.model import llava_mini as whole
        from Training.model.configuration import Configuration

        known = {key: config[key] for key in Configuration.__dataclass_fields__ if key in config}
        self.model = whole.LLaVAMini(Configuration(**known, vision=_vision(vision)))
        named = {
            _TOWER + name.removeprefix("vision_model.") if name.startswith("vision_model.") else name: value
            for name, value in weights.items()
        }
        wanted = self.model.state_dict()
        self.model.load_state_dict({name: torch.tensor(named[name]) for name in wanted})
        self.model.eval()
        self.modules = (compressor, llama)

        class Scaled(llama.Rotation):
            """Llama 3.1's slowed turns, which Training's models do without."""

            def __init__(self, positions, configuration):
                turns = llava_mini.rotary_frequencies(config, configuration.head_dim // 2)
                angles = positions[:, None, :, None].float() * torch.tensor(turns, dtype=torch.float32)
                self.cos, self.sin = angles.cos(), angles.sin()

        self.rotation, whole.Rotation = Scaled, Scaled

    def attention(self, pixels, ids, answer):
        import torch
        from Training.model.llava_mini import Text, visibility

        kept = []

        def attend(query, key, value, mask=None):
            logits = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
            weights = (logits if mask is None else logits + mask).softmax(-1)
            kept.append(weights.mean(1)[0].numpy())
            return weights @ value

        place = ids.index(llava_mini.IMAGE)
        text = [token for token in ids if token != llava_mini.IMAGE]

        def packed(ids, first):
            # What stands behind the image is moved on by its tokens, and is told by its segment.
            positions = first + torch.arange(len(ids))[None]
            return Text(torch.tensor([ids]), (positions >= place).long(), positions)

        plain = [module.attend for module in self.modules]
        for module in self.modules:
            module.attend = attend
        try:
            with torch.no_grad():
                model, config = self.model.model, self.model.config
                layers = config.prefusion_layer_num
                # The last layer leaves out the patches' queries: a layer behind it is the last one then.
                model.prefusion_layers.append(model.prefusion_layers[-1])
                self.model.fuse(torch.tensor(pixels)[None], packed(text, 0), place)
                del model.prefusion_layers[-1]
                found = {"compressor": kept[0], "pre-fusion": kept[1:1 + layers]}
                kept.clear()
                fused = self.model.fuse(torch.tensor(pixels)[None], packed(text, 0), place)
                kept.clear()
                self.model.hidden(fused, packed(answer, len(text)))
                found["mini"] = list(kept)
                kept.clear()
                words = model.embed_tokens(torch.tensor([text + answer]))
                x = torch.cat([words[:, :place], fused.patches, words[:, place:]], 1)
                positions = torch.arange(x.shape[1])[None]
                seen = (torch.zeros_like(positions), positions)
                self.model._language(x, self.rotation(positions, config), visibility(seen, seen), None)
                found["llava"] = list(kept)
                return found
        finally:
            for module, function in zip(self.modules, plain):
                module.attend = function


def without(attention, row):
    """[layers, tokens, tokens] without a token that nobody attends to."""
    stacked = np.stack(attention)
    if stacked.shape[1] <= row:
        return stacked
    return np.delete(np.delete(stacked, row, 1), row, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", action="store_true")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for folder in arguments.folders:
        config = json.loads((folder / "config.json").read_text())
        tower = folder / config["mm_vision_tower"]
        weights = storage.read_folder(folder)
        inside = {name.removeprefix(TOWER): value for name, value in weights.items() if name.startswith(TOWER)}
        weights |= inside or storage.read_folder(tower)
        vision = json.loads((tower / "config.json").read_text())
        processor = Processor(
            json.loads((tower / "preprocessor_config.json").read_text()), config["image_aspect_ratio"] == "pad")
        engine = (Torch if arguments.torch else Numpy)(config, vision, weights)
        tensors = {}
        for case in json.loads((folder / "golden.json").read_text())["cases"]:
            # Training's side has neither high resolution nor an entry that counts as padding.
            plain = case["mode"] == "standard" and 0 not in case["input_ids"]
            if case["mode"] == "video" or arguments.torch and not plain:
                continue
            picture = Image.open(folder / case["image"]).convert("RGB")
            pixels = (
                processor.still(picture) if case["mode"] == "standard"
                else processor.high_resolution(picture, int(case["mode"][2])))
            ids = case["input_ids"]
            found = engine.attention(pixels, ids, case["greedy_ids"])
            if not arguments.torch:
                # The image's place in the text, which nobody attends to; Training's text has none.
                image = found["pre-fusion"][0].shape[0] - len(ids)
                found["pre-fusion"] = without(found["pre-fusion"], image + ids.index(llava_mini.IMAGE))
            for name, value in found.items():
                tensors[f"{case['name']}.{name}"] = np.stack(value) if isinstance(value, list) else value
        storage.write_file(arguments.out / f"{folder.name}.safetensors", tensors, "float32")
        print(f"{folder.name}: {len(tensors)} tensors")


if __name__ == "__main__":
    main()
