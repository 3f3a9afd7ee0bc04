"""First stage: the vision tower learns to tell objects, scenes and light apart, patch by patch.

The paper's first stage aligns a ready CLIP tower with a ready language model through captions. Here neither is ready,
and captions are a poor teacher of sight (see `SightHeads`), so the tower is taught from the renderer's own knowledge
first, at a third of a whole model's cost per picture. Alignment then comes with the second stage.
"""

import time
from pathlib import Path

import torch

from . import checkpoint
from .data import SightMaker, loader, normalised
from .heads import SightHeads
from .log import Log
from .model.configuration import Configuration
from .model.vision import VisionTower
from .optimise import Optimisers

SEED = 1  # Of the first stage's series of pictures.


def train_sight(
    config: Configuration, folder: Path, pictures: int, batch: int, rate: float, workers: int, device: str
) -> None:
    """Trains until `pictures` have been seen, going on from the folder's checkpoint if there is one."""
    path = folder / "sight.pt"
    state = checkpoint.load(path)
    seen = state["seen"] if state else 0
    if seen >= pictures:
        return
    torch.manual_seed(SEED)
    tower = VisionTower(config.vision, config.mm_vision_select_layer).to(device)
    initialise(tower)
    modules = torch.nn.ModuleDict({"tower": tower, "heads": SightHeads(config.vision.hidden_size).to(device)})
    optimisers = Optimisers(modules, rate)
    if state:
        modules.load_state_dict(state["modules"])
        optimisers.load_state_dict(state["optimisers"])
    log, saved = Log(folder / "log.jsonl", "see"), time.monotonic()
    for made in loader(SightMaker(SEED), seen, batch, workers):
        with torch.autocast(device, torch.bfloat16):
            features = modules["tower"](normalised(made.pixels, device))
            labels = (made.patches.to(device), made.scenes.to(device), made.lights.to(device))
            loss, measures = modules["heads"](features, *labels)
        loss.backward()
        optimisers.step(seen / pictures / 2)  # The rate rises and stays: the second stage brings it down.
        seen += batch
        log.add(seen, loss.item(), measures)
        done = seen >= pictures
        if done or time.monotonic() - saved > 90:
            state = {"modules": modules.state_dict(), "optimisers": optimisers.state_dict(), "seen": seen}
            checkpoint.save(path, state)
            saved = time.monotonic()
        if done:
            break


def initialise(module: torch.nn.Module) -> None:
    """Small normal weights, zero biases; the last map of each residual branch starts at zero."""
    for name, parameter in module.named_parameters():
        if parameter.ndim < 2:
            if name.endswith("bias"):
                torch.nn.init.zeros_(parameter)
        elif name.endswith(("out_proj.weight", "fc2.weight", "o_proj.weight", "down_proj.weight")):
            torch.nn.init.zeros_(parameter)
        else:
            torch.nn.init.normal_(parameter, std=0.02 if "embed" in name else parameter[0].numel() ** -0.5 * 0.7)
