"""Writes the small `torch.save` files that the tests of the .bin reader take: make_torch.py FOLDER."""

import sys
from collections import OrderedDict
from pathlib import Path

import torch


def counting(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """0, 1, 2, … in a shape."""
    count = torch.Size(shape).numel()
    return torch.arange(count).to(dtype).reshape(shape)


def state() -> OrderedDict:
    """A state dictionary with everything that one of a vision tower may have."""
    state = torch.nn.Linear(2, 2).state_dict()
    state.clear()  # Keeps `_metadata`, which a module's dictionary carries as an attribute.
    matrix = counting((2, 3), torch.float32)
    state["embeddings.position_ids"] = torch.arange(5).reshape(1, 5)
    state["float32"] = matrix
    state["float16"] = counting((2, 3), torch.float16)
    state["bfloat16"] = counting((3, 2), torch.bfloat16)
    state["scalar"] = torch.tensor(1.5)
    state["empty"] = torch.zeros(0, 4)
    state["second row"] = matrix[1]
    state["column of one"] = counting((3, 1), torch.float32).t().t()
    state["parameter"] = torch.nn.Parameter(torch.ones(3))
    return state


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(state(), folder / "state.bin")
    torch.save(dict(state()), folder / "plain-dictionary.bin")
    torch.save({"w": counting((2, 3), torch.float32).t()}, folder / "transposed.bin")
    torch.save({"w": torch.ones(2)}, folder / "legacy.bin", _use_new_zipfile_serialization=False)
    torch.save({"w": torch.ones(2)}, folder / "protocol-4.bin", pickle_protocol=4)
    torch.save({"model": {"w": torch.ones(2)}}, folder / "nested.bin")
    torch.save({"w": torch.nn.Linear(1, 1)}, folder / "module.bin")


if __name__ == "__main__":
    main()
