"""The model with the heads that train it, and what each stage asks of it."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .data import SightBatch, normalised
from .heads import (
    SightHeads,
    TokenHead,
    bearing_loss,
    colour_loss,
    looking_loss,
    placing_loss,
    reading_loss,
    shade_loss,
    spelling_loss,
)
from .model import llama, vision
from .model.configuration import Configuration
from .model.llava_mini import Entering, Fused, LLaVAMini, Text
from .packing import NOTHING, THIRDS, TalkBatch
from .tokens import Chat
from .world.questions import named_things

_SPELLING_WEIGHT, _READING_WEIGHT, _LOOKING_WEIGHT, _PLACING_WEIGHT = 0.5, 0.25, 0.3, 0.3
_COLOUR_WEIGHT, _SHADE_WEIGHT, _BEARING_WEIGHT, _TOKEN_WEIGHT = 0.15, 0.2, 0.15, 0.02
# Short answers are a word or two among the thirty of captions and tags, and as much is learnt from them.
_FIRST_QUESTION, _QUESTION_WEIGHT = 3, 4.0
Measures = dict[str, float]


class Learner(nn.Module):
    """LLaVA-Mini in training. `chat` knows the tokens of the kinds' names; only training needs it."""

    def __init__(self, config: Configuration, chat: Chat | None = None):
        super().__init__()
        words = named_things() if chat else {}
        named, shows = chat.shown_by(words) if chat else (torch.empty(0), torch.empty(0))
        self.register_buffer("names", torch.tensor(chat.names if chat else [0]), persistent=False)
        self.register_buffer("colours", torch.tensor(chat.colours if chat else [0]), persistent=False)
        self.register_buffer("places", torch.tensor(chat.places if chat else [[0] * 4] * 2), persistent=False)
        self.register_buffer("named", named, persistent=False)
        self.register_buffer("shows", shows, persistent=False)
        self.model = LLaVAMini(config)
        self.sight = SightHeads(config.vision.hidden_size)
        self.token = TokenHead(config.hidden_size, THIRDS)
        initialise(self.model)

    def compile_layers(self) -> None:
        """Has torch compile what both stages spend most of their time on, when it is first run."""
        for module in self.modules():
            if isinstance(module, llama.Layer | vision.Layer):
                module.compile()

    def see(self, batch: SightBatch) -> tuple[Tensor, Measures]:
        """The first stage's loss: the tower alone, and the projector to the words."""
        device = self.names.device
        features = self.model.model.vision_tower(normalised(batch.pixels, device))
        return self._sight(features, self.model.model.mm_projector(features), batch)

    def speak(self, batch: TalkBatch, shared: int) -> tuple[Tensor, Measures]:
        """The second stage's loss: answers with teacher forcing, and the first stage's lesson beside them."""
        device = self.names.device
        labels, marks = batch.labels.to(device), batch.captions.to(device)
        images = normalised(batch.sight.pixels, device).unflatten(0, (-1, batch.frames))
        fused = self.model.fuse(images, _moved(batch.prompts, device), shared)
        hidden = self.model.hidden(fused, _moved(batch.answers, device))
        # The image's tokens predict nothing, so labels have no place for them.
        hidden = torch.cat([hidden[:, :shared], hidden[:, shared + fused.tokens.shape[1] :]], 1)
        asked = labels != NOTHING
        logits = self.model.lm_head(hidden[asked]).float()
        short = torch.cat([batch.prompts.segments, batch.answers.segments], 1).to(device) >= _FIRST_QUESTION
        weights = torch.where(short[asked], _QUESTION_WEIGHT, 1.0)
        words = (weights * F.cross_entropy(logits, labels[asked], reduction="none")).sum() / weights.sum()
        sight, measures = self._sight(fused.features, fused.patches, batch.sight)
        looking = placing = words.new_zeros(())
        if fused.entering:
            looking, placing = self._looking(fused.entering, batch), self._placing(fused, batch, shared)
        token = words.new_zeros(())
        if self.model.config.compressor_size:
            token = self.token(fused.tokens.flatten(0, 1), batch.contents.to(device))
        right = torch.ones_like(asked)
        right[asked] = logits.argmax(-1) == labels[asked]
        measures = {
            "words": words.item(),
            "exact": (right | ~marks).all(1).float().mean().item(),
            "answers": right[asked].float().mean().item(),
            "token": token.item(),
            "patches": measures["patches"],
            **{name: measures[name] for name in ("spelling", "reading", "colour", "shade", "bearing")},
            "looking": looking.item(),
            "placing": placing.item(),
            "questions": right[asked & short].float().mean().item(),
        }
        kind = "clip_" if batch.frames > 1 else ""
        loss = words + sight + _LOOKING_WEIGHT * looking + _PLACING_WEIGHT * placing + _TOKEN_WEIGHT * token
        return loss, {kind + name: value for name, value in measures.items()}

    def _sought(self, batch: TalkBatch) -> Tensor:
        """Which patch labels show what each token of the prompts names, bool [batch, text, labels]."""
        rows = self.named[batch.prompts.ids.to(self.named.device)]
        return self.shows[rows.clamp(min=0)] & (rows >= 0)[..., None]

    def _placing(self, fused: Fused, batch: TalkBatch, shared: int) -> Tensor:
        """What fused words say of their things' places. Those of clips are means over frames, and say nothing."""
        sought = self._sought(batch)
        rows, places = (sought.any(-1) & (batch.frames == 1)).nonzero(as_tuple=True)
        text = torch.cat([fused.embeddings[:, :shared], fused.embeddings[:, shared + fused.tokens.shape[1] :]], 1)
        said = self.model.lm_head(self.model.model.norm(text[rows, places]))
        patches = batch.sight.patches.to(sought.device)[rows]
        return placing_loss(said[:, self.places], sought[rows, places].gather(1, patches.clamp(min=0)))

    def _looking(self, entering: Entering, batch: TalkBatch) -> Tensor:
        sought = self._sought(batch).repeat_interleave(batch.frames, 0)
        layer = self.model.model.prefusion_layers[0]
        return looking_loss(layer, self.model.config, entering, sought, batch.sight.patches.to(sought.device))

    def _sight(self, features: Tensor, projected: Tensor, batch: SightBatch) -> tuple[Tensor, Measures]:
        """What patches show, told by the heads and, projected, by the language model's own output matrix."""
        labels = [part.to(features.device) for part in (batch.patches, batch.scenes, batch.lights)]
        loss, measures = self.sight(features, *labels)
        shown = labels[0] > 0
        said = self.model.lm_head(self.model.model.norm(projected[shown]))
        spelling = spelling_loss(said, labels[0][shown], self.names)
        words = self.model.model.embed_tokens.weight[self.names]
        reading = reading_loss(projected[shown], labels[0][shown], words)
        hues = self.model.lm_head.weight[self.colours]
        colour = colour_loss(self.model.model.norm(projected.mean(1)) @ hues.T, batch.colours.to(features.device))
        shade = shade_loss(self.model.model.norm(projected) @ hues.T, batch.shades.to(features.device))
        places = self.model.lm_head.weight[self.places[:, :3]]
        bearing = bearing_loss(torch.einsum("bpw,low->bplo", self.model.model.norm(projected), places))
        loss = loss + _SPELLING_WEIGHT * spelling + _READING_WEIGHT * reading
        loss = loss + _COLOUR_WEIGHT * colour + _SHADE_WEIGHT * shade + _BEARING_WEIGHT * bearing
        parts = {"spelling": spelling, "reading": reading, "colour": colour, "shade": shade, "bearing": bearing}
        return loss, measures | {name: part.item() for name, part in parts.items()}


def _moved(text: Text, device: torch.device) -> Text:
    return Text(text.ids.to(device), text.segments.to(device), text.positions.to(device))


def initialise(module: nn.Module) -> None:
    """Small normal weights, zero biases; the last map of each residual branch starts at zero."""
    for name, parameter in module.named_parameters():
        if parameter.ndim < 2:
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
        elif "layers." in name and name.endswith(
            ("out_proj.weight", "fc2.weight", "o_proj.weight", "down_proj.weight")
        ):
            nn.init.zeros_(parameter)
        else:
            nn.init.normal_(parameter, std=0.02 if "embed" in name else parameter[0].numel() ** -0.5 * 0.7)
