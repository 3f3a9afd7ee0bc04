"""The model for photographs in training."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .. import checkpoint
from ..export import load_exported
from ..learner import initialise
from ..model.configuration import Configuration
from ..model.llava_mini import LLaVAMini
from ..packing import NOTHING
from ..tokens import Chat

_PRESENT_WEIGHT = 0.03  # Of what tower and token say of every concept, beside the words of answers.


_CONVOLUTIONS = tuple(f"model.model.vision_tower.{part}." for part in ("stem", "blocks", "head"))


class Speaker(nn.Module):
    """The model in training: all but the trunk, whose features are given. Beside its words, the tower's features and
    the compressed tokens are asked for every concept's probability, which teaches them faster than words do."""

    def __init__(self, config: Configuration, head: nn.Linear, concepts: int):
        super().__init__()
        self.model = LLaVAMini(config)
        self.seen = nn.Linear(config.vision.hidden_size, concepts)
        self.held = nn.Linear(config.hidden_size, concepts)
        initialise(self)
        tower = self.model.model.vision_tower
        tower.head.load_state_dict(head.state_dict())
        tower.head.requires_grad_(False)

    def start_present(self, share: Tensor) -> None:
        """Lets what is told of the concepts begin with how many pictures show each."""
        for told in (self.seen, self.held):
            nn.init.zeros_(told.weight)
            with torch.no_grad():
                told.bias.copy_(torch.logit(share.clamp(1e-3, 1 - 1e-3)))

    def start_neck(self, classifier: Tensor, mean: Tensor) -> None:
        """Lets the neck begin with the directions by which the published classifier tells its classes apart; `mean` is
        that of the last convolution's values."""
        neck = self.model.model.vision_tower.neck
        directions = torch.linalg.svd(classifier - classifier.mean(0), full_matrices=False)[2][: len(neck.weight)]
        with torch.no_grad():
            neck.weight.copy_(directions)
            neck.bias.copy_(-directions @ mean)

    def loss(self, features: Tensor, present: Tensor, prompts, answers, labels: Tensor, marks: Tensor, shared: int):
        """Cross-entropy of every answer's words and of the concepts, and the share of captions exactly right.

        `features` are [batch, frames, places, channels], `present` probabilities [batch, frames, concepts].
        """
        fused = self.model.fuse(features, prompts, shared)
        hidden = self.model.hidden(fused, answers)
        hidden = torch.cat([hidden[:, :shared], hidden[:, shared + fused.tokens.shape[1] :]], 1)
        asked = labels != NOTHING
        logits = self.model.lm_head(hidden[asked]).float()
        loss = F.cross_entropy(logits, labels[asked])
        right = torch.ones_like(asked)
        right[asked] = logits.argmax(-1) == labels[asked]
        exact = (right | ~marks).all(1).float().mean()
        told = (self.seen(fused.features.mean(1)), self.held(fused.tokens.flatten(0, 1)))
        apart = [
            F.binary_cross_entropy_with_logits(logits.float(), present.flatten(0, 1), reduction="sum") / len(logits)
            for logits in told
        ]
        measures = {"exact": exact.item(), "answers": right[asked].float().mean().item(), "tower": apart[0].item()}
        return loss + _PRESENT_WEIGHT * sum(apart), measures | {"token": apart[1].item()}


def go_on_from(speaker: Speaker, chat: Chat, words: list[str], folder: Path) -> None:
    """Takes over what another run has learnt, or an exported model; words and concepts by their spelling, as there may
    have been others. The tower's convolutions stay those that the features are of."""
    learnt, known, concepts_known = _learnt(folder)
    vocabulary = _common(chat.tokenizer.get_vocab(), known.tokenizer.get_vocab())
    concepts = _common(*({word: row for row, word in enumerate(listed)} for listed in (words, concepts_known)))
    for name, parameter in speaker.named_parameters():
        if (value := learnt.get(name)) is None or name.startswith(_CONVOLUTIONS):
            continue
        with torch.no_grad():
            if "embed_tokens" in name or "lm_head" in name:
                parameter[vocabulary[0]] = value[vocabulary[1]]
            elif name.startswith(("seen.", "held.")):
                parameter[concepts[0]] = value[concepts[1]]
            else:
                parameter.copy_(value)


def _learnt(folder: Path) -> tuple[dict[str, Tensor], Chat, list[str]]:
    """The weights of a run's folder or of an exported one, its words and its concepts."""
    if (folder / "config.json").exists():
        model, chat = load_exported(folder)
        return {f"model.{name}": tensor for name, tensor in model.state_dict().items()}, chat, []
    if (state := checkpoint.load(folder / "speaker.pt")) is None:
        raise FileNotFoundError(f"{folder} has neither speaker.pt nor config.json: --first names a run or a model")
    said = checkpoint.load(folder / "presence-0.pt")["words"]
    return state["speaker"], Chat.load(folder / "tokenizer.json"), said


def _common(own: dict[str, int], theirs: dict[str, int]) -> tuple[Tensor, Tensor]:
    """The rows of what both have: one's own, theirs."""
    both = [(row, theirs[word]) for word, row in own.items() if word in theirs]
    mine, other = torch.tensor(both, dtype=torch.long).reshape(-1, 2).T
    return mine, other


class Trained(nn.Module):
    """The parameters that move, for the optimisers."""

    def __init__(self, speaker: Speaker):
        super().__init__()
        self._moving = [(n, p) for n, p in speaker.named_parameters() if p.requires_grad]

    def named_parameters(self, *_, **__):
        yield from self._moving

    def parameters(self, recurse: bool = True):
        yield from (parameter for _, parameter in self._moving)
