"""Makes further tiny CLIP folders with what Hugging Face's implementation computes from them.

    python Training/oracle/make_clip.py Tests/Fixtures/clip-oracle/tiny-clip FOLDER [NAME...]
    VIGNETTE_CLIP_ORACLES=FOLDER/wide-float32:... swift test --filter CLIPOracleTests

Texts, pictures and vocabulary are those of the first folder, weights are random with a fixed seed. Takes torch and
transformers (made with 2.15 and 4.57). Nothing is fetched.
"""

import argparse
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizerFast

END = "<|endoftext|>"


@dataclass
class Variant:
    """What differs from the fixture."""

    text: dict[str, Any]
    vision: dict[str, Any]
    projection: int
    weights: torch.dtype = torch.float32
    # Files of the tokenizer that are left out.
    without: tuple[str, ...] = ()
    # Most bytes of a file of weights; everything in one for None.
    shard: str | None = None
    # Kept as a pickle instead of safetensors.
    is_pickle: bool = False
    processor: dict[str, Any] = field(default_factory=dict)
    # Merges that are kept; all for None.
    merges: int | None = None


VARIANTS = {
    # Other widths, as many heads as fit, gelu as in OpenCLIP's models, a real end of text.
    "wide-float32": Variant(
        text={"hidden_size": 48, "intermediate_size": 160, "num_hidden_layers": 2,
              "num_attention_heads": 6, "eos_token_id": 49407, "hidden_act": "gelu"},
        vision={"hidden_size": 80, "intermediate_size": 208, "num_hidden_layers": 3,
                "num_attention_heads": 5, "image_size": 64, "patch_size": 16, "hidden_act": "gelu"},
        projection=40, processor={"size": {"shortest_edge": 72},
                                  "crop_size": {"height": 64, "width": 64}}),
    # tokenizer.json alone, bfloat16 in shards, fewer positions, an end that no text has.
    "no-merges-bf16-shards": Variant(
        text={"hidden_size": 40, "intermediate_size": 72, "num_hidden_layers": 4,
              "num_attention_heads": 2, "eos_token_id": 7, "max_position_embeddings": 40},
        vision={"hidden_size": 24, "intermediate_size": 100, "num_hidden_layers": 1,
                "num_attention_heads": 3, "image_size": 42, "patch_size": 14},
        projection=64, weights=torch.bfloat16, without=("vocab.json", "merges.txt"),
        shard="900KB",
        processor={"size": {"shortest_edge": 42}, "crop_size": {"height": 42, "width": 42}}),
    # vocab.json and merges.txt alone, float32 in torch's format, other means than CLIP's.
    "no-tokenizer-json": Variant(
        text={"hidden_size": 16, "intermediate_size": 64, "num_hidden_layers": 1,
              "num_attention_heads": 1, "eos_token_id": 49407, "layer_norm_eps": 1e-6},
        vision={"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
                "num_attention_heads": 4, "image_size": 32, "patch_size": 8,
                "layer_norm_eps": 1e-6},
        projection=12, without=("tokenizer.json",), is_pickle=True,
        processor={"size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32},
                   "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}),
    # A vocabulary of a few hundred tokens, whose end of text is elsewhere.
    "small-vocabulary-f16": Variant(
        text={"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
              "num_attention_heads": 4, "eos_token_id": 2},
        vision={"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2,
                "num_attention_heads": 3, "image_size": 56, "patch_size": 14},
        projection=24, weights=torch.float16, without=("merges.txt", "vocab.json"), merges=300,
        processor={"size": {"shortest_edge": 56}, "crop_size": {"height": 56, "width": 56}}),
}


def write_tokenizer(source: Path, folder: Path, variant: Variant) -> CLIPTokenizerFast:
    """Writes the tokenizer's files, all but those that are left out, and loads what was written."""
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(source / name, folder)
    whole = json.loads((source / "tokenizer.json").read_text())
    merges = (source / "merges.txt").read_text().splitlines()
    vocabulary = json.loads((source / "vocab.json").read_text())
    if variant.merges is not None:
        # Tokens in their order: bytes, bytes at the end of a word, what the kept merges make, the two special ones.
        first = [token for token, number in vocabulary.items() if number < 512 + variant.merges]
        first.sort(key=vocabulary.__getitem__)
        vocabulary = {token: i for i, token in enumerate([*first, "<|startoftext|>", END])}
        merges = merges[: 1 + variant.merges]
        whole["model"]["vocab"] = vocabulary
        whole["model"]["merges"] = whole["model"]["merges"][: variant.merges]
        for token in whole["added_tokens"]:
            token["id"] = vocabulary[token["content"]]
        special = whole["post_processor"]
        text = json.dumps(special).replace("49406", str(vocabulary["<|startoftext|>"])).replace(
            "49407", str(vocabulary[END]))
        whole["post_processor"] = json.loads(text)
        configuration = json.loads((folder / "tokenizer_config.json").read_text())
        configuration["added_tokens_decoder"] = {
            str(vocabulary[token["content"]]): token
            for token in configuration["added_tokens_decoder"].values()}
        (folder / "tokenizer_config.json").write_text(json.dumps(configuration))
    (folder / "tokenizer.json").write_text(json.dumps(whole, ensure_ascii=False))
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False))
    (folder / "merges.txt").write_text("\n".join(merges) + "\n")
    for name in variant.without:
        (folder / name).unlink()
    return CLIPTokenizerFast.from_pretrained(folder)


def write_model(folder: Path, variant: Variant, tokenizer: CLIPTokenizerFast) -> CLIPModel:
    """Writes random weights and loads what was written, in float32."""
    torch.manual_seed(11)
    text = {"vocab_size": len(tokenizer), "projection_dim": variant.projection, **variant.text}
    vision = {"projection_dim": variant.projection, **variant.vision}
    model = CLIPModel(
        CLIPConfig(text_config=text, vision_config=vision, projection_dim=variant.projection))
    with torch.no_grad():
        for name, value in model.named_parameters():
            # Large enough that nothing is nearly the same for all inputs.
            if value.dim() > 1:
                value.normal_(std=0.4 if "embedding" in name else value.shape[-1] ** -0.5 * 1.5)
            elif "norm" in name and name.endswith("weight"):
                value.uniform_(0.7, 1.3)
            elif value.dim() == 1:
                value.normal_(std=0.1)
    model = model.to(variant.weights)
    if variant.is_pickle:
        model.config.save_pretrained(folder)
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    else:
        model.save_pretrained(folder, max_shard_size=variant.shard or "5GB")
    return CLIPModel.from_pretrained(folder, attn_implementation="eager").float().eval()


@torch.no_grad()
def run(
    folder: Path, source: Path, model: CLIPModel, tokenizer: CLIPTokenizerFast, variant: Variant
) -> None:
    """Computes all values of the fixture's texts and pictures."""
    golden = json.loads((source / "golden.json").read_text())
    processor = CLIPImageProcessor(**variant.processor)
    processor.save_pretrained(folder)
    end = tokenizer.convert_tokens_to_ids(END)
    most = model.config.text_config.max_position_embeddings
    values: dict[str, torch.Tensor] = {}
    texts = []
    for number, text in enumerate(item["text"] for item in golden["texts"]):
        ids = tokenizer(text, truncation=True, max_length=most)["input_ids"]
        texts.append({"text": text, "ids": ids})
        hidden = model.text_model(torch.tensor([ids])).last_hidden_state[0]
        values[f"text_hidden.{number}"] = hidden
        # At the first end of text, whatever the configuration calls the end.
        values[f"text.{number}"] = model.text_projection(hidden[ids.index(end)])
    for picture in golden["pictures"]:
        name = picture["image"]
        shutil.copy(source / name, folder)
        pixels = processor(Image.open(folder / name), return_tensors="pt")["pixel_values"]
        answer = model.vision_model(pixels)
        values[f"pixel_values.{name}"] = pixels[0]
        values[f"last_hidden.{name}"] = answer.last_hidden_state[0]
        values[f"image.{name}"] = model.visual_projection(answer.pooler_output)[0]
    images = torch.stack([values[f"image.{p['image']}"] for p in golden["pictures"]])
    words = torch.stack([values[f"text.{i}"] for i in range(len(texts))])
    values["cosine"] = torch.nn.functional.normalize(images, dim=-1) @ torch.nn.functional.normalize(
        words, dim=-1).T
    save_file(
        {name: value.contiguous().float() for name, value in values.items()},
        str(folder / "golden.safetensors"))
    answer = {"made_with": {"torch": torch.__version__}, "texts": texts,
              "pictures": golden["pictures"]}
    (folder / "golden.json").write_text(json.dumps(answer, ensure_ascii=False, indent=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(VARIANTS))
    arguments = parser.parse_args()
    for name in arguments.names:
        folder = arguments.folder / name
        folder.mkdir(parents=True)
        variant = VARIANTS[name]
        tokenizer = write_tokenizer(arguments.source, folder, variant)
        model = write_model(folder, variant, tokenizer)
        run(folder, arguments.source, model, tokenizer, variant)
        print(folder)


if __name__ == "__main__":
    main()
