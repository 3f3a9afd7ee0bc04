"""Second stage: the whole model learns to answer, image by image, with everything that pre-fusion and compression do.

As in the paper's second stage all parts train together on instructions. The tower comes from the first stage and keeps
its own lesson beside the new one: captions alone would teach it little more.
"""

import time
from pathlib import Path

import torch
from torch.nn import functional as F

from . import checkpoint
from .data import loader, normalised
from .heads import SightHeads, TokenHead, spelling_loss
from .log import Log
from .model.configuration import Configuration
from .model.llava_mini import LLaVAMini
from .optimise import Optimisers
from .packing import NOTHING, THIRDS, TalkBatch, TalkMaker
from .see import initialise
from .tokens import Chat

SEED = 2  # Of the second stage's series of pictures.
TEST_SEED = 1001  # Of the pictures that the log's "held out" lines are measured on.
_SPELLING_WEIGHT, _TOKEN_WEIGHT = 0.5, 0.02


class Talker(torch.nn.Module):
    """The model with the heads that train it."""

    def __init__(self, config: Configuration, names: list[int] | None = None):
        """`names` are the tokens of the kinds' names; only training needs them."""
        super().__init__()
        self.register_buffer("names", torch.tensor(names or [0]), persistent=False)
        self.model = LLaVAMini(config)
        self.sight = SightHeads(config.vision.hidden_size)
        self.token = TokenHead(config.hidden_size, THIRDS)
        initialise(self.model)

    def forward(self, batch: TalkBatch, shared: int, device: str) -> tuple[torch.Tensor, dict[str, float]]:
        """The loss of a batch and its measures."""
        move = lambda text: type(text)(text.ids.to(device), text.segments.to(device), text.positions.to(device))  # noqa: E731
        labels, marks = batch.labels.to(device), batch.captions.to(device)
        images = normalised(batch.sight.pixels, device).unflatten(0, (-1, batch.frames))
        fused = self.model.fuse(images, move(batch.prompts), shared)
        hidden = self.model.hidden(fused, move(batch.answers))
        # The image's tokens predict nothing, so labels have no place for them.
        hidden = torch.cat([hidden[:, :shared], hidden[:, shared + fused.tokens.shape[1] :]], 1)
        asked = labels != NOTHING
        logits = self.model.lm_head(hidden[asked]).float()
        words = F.cross_entropy(logits, labels[asked])
        sight, measures = self.sight(
            fused.features, batch.sight.patches.to(device), batch.sight.scenes.to(device), batch.sight.lights.to(device)
        )
        patches = batch.sight.patches.to(device)
        spelling = spelling_loss(self.model.lm_head(self.model.model.norm(fused.patches)), patches, self.names)
        token = words.new_zeros(())
        if self.model.config.compressor_size:
            token = self.token(fused.tokens.flatten(0, 1), batch.contents.to(device))
        right = torch.ones_like(asked)
        right[asked] = logits.argmax(-1) == labels[asked]
        kind = "clip_" if batch.frames > 1 else ""
        measures = {"words": words.item(), "patches": measures["patches"], "token": token.item()}
        measures["spelling"] = spelling.item()
        measures["exact"] = (right | ~marks).all(1).float().mean().item()
        measures["answers"] = right[asked].float().mean().item()
        loss = words + sight + _SPELLING_WEIGHT * spelling + _TOKEN_WEIGHT * token
        return loss, {kind + name: value for name, value in measures.items()}


def train_speech(
    config: Configuration, folder: Path, pictures: int, batch: int, rate: float, workers: int, device: str
) -> None:
    """Trains until `pictures` have been seen, going on from the folder's checkpoint or the first stage's tower."""
    torch.manual_seed(SEED)
    chat = Chat.load(folder / "tokenizer.json")
    talker = Talker(config, chat.names).to(device)
    path, seen = folder / "speech.pt", 0
    state = checkpoint.load(path)
    if state is None and (sight := checkpoint.load(folder / "sight.pt")):
        split = lambda part: {k.removeprefix(part): v for k, v in sight["modules"].items() if k.startswith(part)}  # noqa: E731
        talker.model.model.vision_tower.load_state_dict(split("tower."))
        talker.sight.load_state_dict(split("heads."))
    optimisers = Optimisers(talker, rate, taught="vision_tower")
    if state:
        talker.load_state_dict(state["talker"])
        optimisers.load_state_dict(state["optimisers"])
        seen = state["seen"]
    if seen >= pictures:
        return
    log, shared = Log(folder / "log.jsonl", "speak"), len(chat.prefix)
    held_out = TalkMaker(TEST_SEED, chat)(range(batch * 2))
    saved = tested = time.monotonic()
    for made in loader(TalkMaker(SEED, chat, clips_from=pictures // 4), seen, batch, workers):
        with torch.autocast(device, torch.bfloat16):
            loss, measures = talker(made, shared, device)
        loss.backward()
        optimisers.step(seen / pictures)
        seen += batch
        log.add(seen, loss.item(), measures)
        done = seen >= pictures
        if done or time.monotonic() - saved > 120:
            checkpoint.save(path, {"talker": talker.state_dict(), "optimisers": optimisers.state_dict(), "seen": seen})
            saved = time.monotonic()
        if done or time.monotonic() - tested > 300:
            with torch.no_grad(), torch.autocast(device, torch.bfloat16):
                log.write(
                    {"seen": seen, "held_out": True}
                    | {k: round(v, 4) for k, v in talker(held_out, shared, device)[1].items()}
                )
            tested = time.monotonic()
        if done:
            break
