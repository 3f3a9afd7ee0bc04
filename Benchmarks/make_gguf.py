"""Writes a GGUF file of a language model's shape with random blocks, so that llama.cpp can be timed without weights.

`python Benchmarks/make_gguf.py random-8b-q4_0.gguf` (needs PyPI's `gguf`; 4.5 GB of disk, some 300 MB of memory)
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFWriter, LlamaFileType


@dataclass(frozen=True)
class Shape:
    """The sizes of a Llama."""

    width: int
    wide: int
    layers: int
    heads: int
    key_heads: int
    vocabulary: int
    theta: float


SHAPES = {
    "llama-3.1-8b": Shape(4096, 14336, 32, 32, 8, 128256, 500000.0),
    "vicuna-7b": Shape(4096, 11008, 32, 32, 32, 32000, 10000.0),
}
# The type of a block, the file's type, and the deviation of a block's whole numbers when all are equally likely.
FORMATS = {
    "q4_0": (GGMLQuantizationType.Q4_0, LlamaFileType.MOSTLY_Q4_0, 4.6),
    "q8_0": (GGMLQuantizationType.Q8_0, LlamaFileType.MOSTLY_Q8_0, 73.9),
}


def tensors(shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and shapes [outputs, inputs] in llama.cpp's naming, in the order of the file."""
    keys = shape.width // shape.heads * shape.key_heads
    yield "token_embd.weight", (shape.vocabulary, shape.width)
    for layer in range(shape.layers):
        at = f"blk.{layer}"
        yield f"{at}.attn_norm.weight", (shape.width,)
        yield f"{at}.attn_q.weight", (shape.width, shape.width)
        yield f"{at}.attn_k.weight", (keys, shape.width)
        yield f"{at}.attn_v.weight", (keys, shape.width)
        yield f"{at}.attn_output.weight", (shape.width, shape.width)
        yield f"{at}.ffn_norm.weight", (shape.width,)
        yield f"{at}.ffn_gate.weight", (shape.wide, shape.width)
        yield f"{at}.ffn_up.weight", (shape.wide, shape.width)
        yield f"{at}.ffn_down.weight", (shape.width, shape.wide)
    yield "output_norm.weight", (shape.width,)
    yield "output.weight", (shape.vocabulary, shape.width)


def random_blocks(rows: int, columns: int, kind: str, rng: np.random.Generator) -> np.ndarray:
    """Blocks whose weights have the deviation 1/√columns, which keeps activations in bounds: bytes [rows, …]."""
    block_type, _, deviation = FORMATS[kind]
    numbers, size = GGML_QUANT_SIZES[block_type]
    blocks = rng.integers(0, 256, (rows * columns // numbers, size), dtype=np.uint8)
    # Both formats begin with their scale in half precision.
    blocks[:, :2] = np.frombuffer(np.float16(1 / (deviation * columns**0.5)).tobytes(), np.uint8)
    return blocks.reshape(rows, -1)


def write(path: Path, shape: Shape, kind: str) -> None:
    """Writes the file tensor by tensor."""
    block_type, file_type, _ = FORMATS[kind]
    writer = GGUFWriter(path, "llama")
    writer.add_file_type(file_type)
    writer.add_block_count(shape.layers)
    writer.add_context_length(8192)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.wide)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(shape.theta)
    # Ids go in and ids come out: there are no words.
    writer.add_vocab_size(shape.vocabulary)
    writer.add_tokenizer_model("no_vocab")
    numbers, size = GGML_QUANT_SIZES[block_type]
    for name, dimensions in tensors(shape):
        if len(dimensions) == 1:
            writer.add_tensor_info(name, dimensions, np.dtype(np.float32), 4 * dimensions[0])
        else:
            row = dimensions[1] // numbers * size
            stored = (dimensions[0], row)
            writer.add_tensor_info(name, stored, np.dtype(np.uint8), dimensions[0] * row, block_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    rng = np.random.default_rng(0)
    for _, dimensions in tensors(shape):
        ones = len(dimensions) == 1
        writer.write_tensor_data(np.ones(dimensions, np.float32) if ones else random_blocks(*dimensions, kind, rng))
    writer.close()


def main() -> None:
    """Writes a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--shape", choices=SHAPES, default="llama-3.1-8b")
    parser.add_argument("--format", choices=FORMATS, default="q4_0")
    arguments = parser.parse_args()
    write(arguments.path, SHAPES[arguments.shape], arguments.format)
    print(f"{arguments.path}: {arguments.path.stat().st_size / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
