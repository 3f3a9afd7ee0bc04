"""Checkpoints in the safetensors format, read into float32 and written rounded."""

import json
import pathlib

import numpy as np

Tensors = dict[str, np.ndarray]


def read_file(path: pathlib.Path) -> Tensors:
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    data = memoryview(content)[start:]
    return {name: decoded(info, data) for name, info in header.items()}


def decoded(info: dict, numbers: bytes) -> np.ndarray:
    data = numbers[slice(*info["data_offsets"])]
    if info["dtype"] == "BF16":
        # A bfloat16 is the upper half of a float32.
        bits = np.frombuffer(data, "<u2").astype(np.uint32) << 16
        values = bits.view(np.float32)
    else:
        values = np.frombuffer(data, {"F16": "<f2", "F32": "<f4"}[info["dtype"]])
    return values.astype(np.float32).reshape(info["shape"])


def read_folder(folder: pathlib.Path) -> Tensors:
    """All tensors of `model.safetensors`, or of the shards that the index lists."""
    single = folder / "model.safetensors"
    if single.exists():
        return read_file(single)
    index = json.loads((folder / "model.safetensors.index.json").read_text())
    shards = sorted(set(index["weight_map"].values()))
    return {name: value for shard in shards for name, value in read_file(folder / shard).items()}


def encoded(values: np.ndarray, element_type: str) -> bytes:
    values = np.ascontiguousarray(values, np.float32)
    if element_type == "bfloat16":
        bits = values.view(np.uint32).astype(np.uint64)
        # To the nearest, ties to even.
        return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype("<u2").tobytes()
    return values.astype({"float16": "<f2", "float32": "<f4"}[element_type]).tobytes()


def write_file(path: pathlib.Path, tensors: Tensors, element_type: str) -> int:
    """Writes a file; how many bytes of numbers it holds.

    By hand, as numpy has no bfloat16: the header's length, the header, the numbers.
    """
    short = {"bfloat16": "BF16", "float16": "F16", "float32": "F32"}[element_type]
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in sorted(tensors.items()):
        numbers = encoded(value, element_type)
        header[name] = {
            "dtype": short,
            "shape": list(value.shape),
            "data_offsets": [len(data), len(data) + len(numbers)],
        }
        data += numbers
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return len(data)


def write_shards(folder: pathlib.Path, tensors: Tensors, element_type: str, count: int) -> None:
    """Writes shards of about as many tensors each, and their index."""
    names = sorted(tensors)
    weight_map, total = {}, 0
    for shard in range(count):
        file = f"model-{shard + 1:05}-of-{count:05}.safetensors"
        own = names[len(names) * shard // count:len(names) * (shard + 1) // count]
        total += write_file(folder / file, {name: tensors[name] for name in own}, element_type)
        weight_map |= dict.fromkeys(own, file)
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")
