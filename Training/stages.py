"""The two stages of training.

The paper's first stage aligns a ready CLIP tower with a ready language model through captions; its second trains all
on instructions, with compression and pre-fusion. Here neither part is ready, and captions are a poor teacher of sight
(see `SightHeads`), so the first stage teaches the tower from the renderer's own knowledge, and aligns the projected
patches with the words for what they show, at a third of a whole model's cost per picture. The second is the paper's:
the whole model learns to answer. The tower keeps its own lesson beside the new one; captions would teach it little.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from . import checkpoint, parallel
from .data import SightMaker, loader
from .learner import Learner, Measures
from .log import Log
from .model.configuration import Configuration
from .optimise import Optimisers
from .packing import TalkMaker
from .tokens import Chat

SIGHT_SEED, SPEECH_SEED = 1, 2  # Of the stages' series of pictures.
HELD_OUT_SEED = 1001  # Of the pictures that the log's "held out" lines are measured on.
_SAVE_EVERY, _TEST_EVERY = 90, 300  # Seconds.


@dataclass(frozen=True)
class Options:
    """How to train.

    - batch: pictures a step, those of all processes together;
    - rate: the highest learning rate;
    - workers: processes that render, for each that trains;
    - device: where the model runs;
    - compile: whether to have torch compile the layers, which needs a C++ compiler.
    """

    batch: int
    rate: float
    workers: int
    device: str
    compile: bool = False


def train_sight(config: Configuration, folder: Path, pictures: int, options: Options) -> None:
    """The first stage, until `pictures` have been seen, going on from the folder's checkpoint if there is one."""
    if (state := checkpoint.load(folder / "sight.pt")) and state["seen"] >= pictures:
        return  # Perhaps another variant's, whose further layers this one does not have.
    learner = _learner(config, folder, SIGHT_SEED, options)
    run = _Run("see", learner, folder, "sight.pt", options, taught="-")
    # The rate rises and stays: the second stage brings it down.
    run.go_on(
        SightMaker(SIGHT_SEED), learner.see, SightMaker(HELD_OUT_SEED), pictures, lambda seen: seen / pictures / 2
    )


def train_speech(config: Configuration, folder: Path, pictures: int, options: Options) -> None:
    """The second stage, likewise; it begins with what the first has learnt."""
    learner = _learner(config, folder, SPEECH_SEED, options)
    if first := checkpoint.load(folder / "sight.pt"):
        learner.load_state_dict(_known(first["learner"], learner), strict=False)
    chat = Chat.load(folder / "tokenizer.json")
    shared = len(chat.prefix)
    held_out = TalkMaker(HELD_OUT_SEED, chat)
    maker = TalkMaker(SPEECH_SEED, chat, clips_from=pictures // 4)
    run = _Run("speak", learner, folder, "speech.pt", options, taught="vision_tower")
    run.go_on(maker, lambda batch: learner.speak(batch, shared), held_out, pictures, lambda seen: seen / pictures)


def _learner(config: Configuration, folder: Path, seed: int, options: Options) -> Learner:
    torch.manual_seed(seed)
    return Learner(config, Chat.load(folder / "tokenizer.json")).to(options.device)


def _known(state: dict[str, torch.Tensor], learner: Learner) -> dict[str, torch.Tensor]:
    """What this learner has as well. All variants have what the first stage trains."""
    own = {name: tensor.shape for name, tensor in learner.state_dict().items()}
    return {name: tensor for name, tensor in state.items() if own.get(name) == tensor.shape}


class _Every:
    """Says when it is time again."""

    def __init__(self, seconds: float):
        self._seconds, self._last = seconds, time.monotonic()

    def due(self, anyway: bool) -> bool:
        """Whether the time since it was last due has passed, or it is wanted anyway."""
        if due := anyway or time.monotonic() - self._last > self._seconds:
            self._last = time.monotonic()
        return due


class _Run:
    """One stage's loop: steps, checkpoints, log."""

    def __init__(self, name: str, learner: Learner, folder: Path, file: str, options: Options, taught: str):
        self._name, self._learner, self._options = name, learner, options
        self._optimisers = Optimisers(learner, options.rate, taught)
        self._parameters = list(learner.parameters())
        self._path, self._log, self._seen = folder / file, Log(folder / "log.jsonl", name), 0
        self._saving, self._testing = _Every(_SAVE_EVERY), _Every(_TEST_EVERY)
        if state := checkpoint.load(self._path):
            learner.load_state_dict(state["learner"])
            self._optimisers.load_state_dict(state["optimisers"])
            self._seen = state["seen"]
        if options.compile:
            learner.compile_layers()

    def go_on(
        self,
        maker: Callable,
        loss_of: Callable[..., tuple[torch.Tensor, Measures]],
        held_out: Callable,
        pictures: int,
        share_of: Callable[[int], float],
    ) -> None:
        """Steps until `pictures` have been seen.

        `maker` makes the batches and `held_out` the one that is only measured; `share_of` says how far the learning
        rate's course is after so many pictures.
        """
        if self._seen >= pictures:
            return
        test, options = held_out(range(self._options.batch * 2)), self._options
        for batch in loader(maker, self._seen, options.batch, options.workers):
            with torch.autocast(options.device, torch.bfloat16):
                loss, measures = loss_of(batch)
            loss.backward()
            parallel.average_gradients(self._parameters)
            self._optimisers.step(share_of(self._seen))
            self._seen += options.batch
            done = self._seen >= pictures
            if parallel.rank() == 0:
                self._log.add(self._seen, loss.item(), measures)
                if self._saving.due(done):
                    self._save()
                if self._testing.due(done):
                    self._test(loss_of, test)
            if done:
                break
        parallel.wait()  # The next stage reads what the first process has just written.

    def _save(self) -> None:
        state = {"learner": self._learner.state_dict(), "optimisers": self._optimisers.state_dict(), "seen": self._seen}
        checkpoint.save(self._path, state)

    def _test(self, loss_of: Callable[..., tuple[torch.Tensor, Measures]], test: object) -> None:
        # Not worth a compilation of its own.
        eager = torch.compiler.set_stance("force_eager")
        with eager, torch.no_grad(), torch.autocast(self._options.device, torch.bfloat16):
            _, measures = loss_of(test)
        self._log.write({"seen": self._seen, "held_out": True} | {k: round(v, 4) for k, v in measures.items()})
