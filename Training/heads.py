"""Training's helpers, thrown away afterwards: linear heads that make each stage of the model say what it holds."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .model.configuration import Configuration
from .model.llama import Layer, Rotation
from .model.llava_mini import Entering, visibility
from .world.backdrops import BACKDROPS
from .world.light import LIGHTS
from .world.objects import KINDS
from .world.render import IGNORED

# Most patches show no object; they are weighed down so that those which do are learnt first.
_BARE_PATCH_WEIGHT = 0.25


class SightHeads(nn.Module):
    """What each patch's features say it shows, and what all of them together say of the scene and its light.

    Captions alone tell the vision tower little: one number's worth of error for a whole picture. The renderer knows
    which object every pixel belongs to, and telling the tower so makes it learn objects many times faster.
    """

    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.objects = nn.Linear(width, len(KINDS) + 1)
        self.scenes = nn.Linear(width, len(BACKDROPS))
        self.lights = nn.Linear(width, len(LIGHTS))

    def forward(
        self, features: Tensor, patches: Tensor, scenes: Tensor, lights: Tensor
    ) -> tuple[Tensor, dict[str, float]]:
        """Loss and measures, from features [batch, patches, width] and labels [batch, patches], [batch], [batch]."""
        features = self.norm(features)
        logits = self.objects(features).float()
        weight = logits.new_ones(logits.shape[-1])
        weight[0] = _BARE_PATCH_WEIGHT
        objects = F.cross_entropy(logits.flatten(0, 1), patches.flatten(), weight, ignore_index=IGNORED)
        mean = features.mean(1)
        scene_logits, light_logits = self.scenes(mean).float(), self.lights(mean).float()
        loss = objects + 0.3 * F.cross_entropy(scene_logits, scenes) + 0.15 * F.cross_entropy(light_logits, lights)
        shown = patches > 0
        return loss, {
            "patches": (logits.argmax(-1) == patches)[shown].float().mean().item(),
            "bare": (logits.argmax(-1) == patches)[patches == 0].float().mean().item(),
            "scenes": (scene_logits.argmax(-1) == scenes).float().mean().item(),
            "lights": (light_logits.argmax(-1) == lights).float().mean().item(),
        }


def spelling_loss(logits: Tensor, kinds: Tensor, names: Tensor) -> Tensor:
    """How far the projected patches that show an object are from saying its name.

    `logits` [shown patches, vocabulary] are what the language model's own output makes of the projected patches that
    show the objects `kinds` [shown patches], counted from 1, and `names` [kinds] are the tokens of the names. This is the paper's alignment of vision and language put directly: text
    that attends to a patch takes a word away with it. Without it the model long learns to write sentences about
    objects that it does not look at.
    """
    if not len(kinds):
        return logits.float().sum()  # 0, with a gradient: every process has one for the same parameters.
    return F.cross_entropy(logits.float(), names[kinds - 1])


def reading_loss(projected: Tensor, kinds: Tensor, embeddings: Tensor, scale: float = 14.0) -> Tensor:
    """How far the projected patches that show an object are from the word for it as a question brings it in.

    `projected` [shown patches, width], `kinds` [shown patches] counted from 1, `embeddings` [kinds, width] of the
    names. What answers "Is there a dog?" is attention from a word to the patches that show it, which is easy to learn
    once both are nearly the same vector; spelling alone aligns patches with the words that go out, not with those that
    come in. `scale` is how sharply their cosines are told apart.
    """
    if not len(kinds):
        return projected.float().sum()  # 0, with a gradient, as above.
    cosines = F.normalize(projected.float(), dim=-1) @ F.normalize(embeddings.float(), dim=-1).T
    return F.cross_entropy(scale * cosines, kinds - 1)


def colour_loss(logits: Tensor, colours: Tensor) -> Tensor:
    """How far all patches together are from saying the picture's main colour.

    `logits` [pictures, colours] are what the language model's output makes of the mean of the projected patches, for
    the words of the colours alone; `colours` [pictures] are their numbers, −100 where none is known. A question about
    the colour can then be answered by looking at everything alike.
    """
    if (colours < 0).all():
        return logits.float().sum() * 0  # A gradient for every process, as above.
    return F.cross_entropy(logits.float(), colours)


def shade_loss(logits: Tensor, shares: Tensor) -> Tensor:
    """How far each projected patch is from saying the colours that it shows.

    `logits` [pictures, patches, colours] are made as `colour_loss`'s, of each patch; `shares` are of the same shape and
    sum to 1 over the colours. A picture's main colour is what most patches say; told patch by patch it is learnt from
    64 examples and not one.
    """
    return -(shares * logits.float().log_softmax(-1)).sum(-1).mean()


def looking_loss(layer: Layer, config: Configuration, entering: Entering, sought: Tensor, patches: Tensor) -> Tensor:
    """How little a word that names something looks at the patches that show it.

    `layer` is pre-fusion's first, and its first head is the one that is taught; `sought` [batch × frames, text, labels]
    says which patch labels show what a token of the text names, and is False throughout where it names nothing;
    `patches` [batch × frames, patches] are the labels. Where no patch shows it, the word is to look at no patch at all,
    so that what it brings back tells presence from absence. Answers alone teach this so slowly that a model long
    guesses whether there is a dog in the picture that it has just captioned with one.
    """
    frames, places = sought.any(-1).nonzero(as_tuple=True)
    if not len(frames):
        return entering.embeddings.float().sum() * 0
    width, count = config.head_dim, patches.shape[1]
    columns = places + entering.positions.shape[1] - sought.shape[1]
    normed = layer.input_layernorm(entering.embeddings)
    keys = F.linear(normed, layer.self_attn.k_proj.weight[:width])[:, None]
    queries = F.linear(normed[frames, columns], layer.self_attn.q_proj.weight[:width])[:, None, None]
    positions, segments = entering.positions[frames, columns], entering.segments[frames, columns]
    keys = Rotation(entering.positions, config)(keys)[:, 0].float()
    queries = Rotation(positions[:, None], config)(queries)[:, 0, 0].float()
    scores = (keys[frames] @ queries[:, :, None])[..., 0] / width**0.5
    mask = visibility((segments[:, None], positions[:, None]), (entering.segments[frames], entering.positions[frames]))
    shares = (scores + mask[:, 0, 0]).log_softmax(-1)
    shown = sought[frames, places].gather(1, patches[frames].clamp(min=0))
    wanted = torch.zeros_like(shares, dtype=torch.bool)
    wanted[:, :count] = shown
    wanted[:, count:] = ~shown.any(1, keepdim=True)
    return -shares.masked_fill(~wanted, -1e4).logsumexp(-1).mean()


def bearing_loss(logits: Tensor) -> Tensor:
    """How far projected patches are from saying where they are.

    `logits` [pictures, patches, 2, 3] are what the language model's output makes of the projected patches, for left,
    middle and right, and for top, middle and bottom. What a word fetches from the patches that show its thing is then
    their place as well; without it words learn whether it is there, and nothing more.
    """
    edge = int(logits.shape[1] ** 0.5)
    step = torch.arange(logits.shape[1], device=logits.device)
    thirds = (torch.stack([step % edge, step // edge], 1) * 2 + 1) * 3 // (2 * edge)
    return F.cross_entropy(logits.float().flatten(0, 2), thirds.repeat(len(logits), 1, 1).flatten())


def placing_loss(logits: Tensor, shown: Tensor) -> Tensor:
    """How far a word that names something is, after pre-fusion, from saying where it is.

    `logits` [words, 2, 4] are what the language model's output makes of the fused word, for left, middle, right and no,
    and for top, middle, bottom and no; `shown` [words, patches] are the patches that show what the word names. Its
    place is the third of the picture that their mean lies in, "no" where there are none. What is asked about a thing
    can then be read off the word for it.
    """
    if not len(shown):
        return logits.float().sum()  # 0, with a gradient, as above.
    edge = int(shown.shape[1] ** 0.5)
    grid = shown.unflatten(1, (edge, edge)).float()
    middles = (torch.arange(edge, device=shown.device) + 0.5) / edge
    count = grid.sum((1, 2)).clamp(min=1)
    x, y = (grid.sum(1) @ middles) / count, (grid.sum(2) @ middles) / count
    thirds = (torch.stack([x, y], 1) * 3).long().masked_fill(~shown.any(1, keepdim=True), 3)
    return F.cross_entropy(logits.float().flatten(0, 1), thirds.flatten())


class TokenHead(nn.Module):
    """What each compressed token, after pre-fusion, says the thirds of its picture show.

    For a still the question's own words can fetch what they need from the patches, and the token would be left with
    little to do. A clip has nothing but its tokens to tell its seconds apart, and the catalogue compares pictures by
    them, so the token is made to hold what is there and where.
    """

    def __init__(self, width: int, thirds: int):
        super().__init__()
        self.norm, self.thirds = nn.LayerNorm(width), thirds
        self.contents = nn.Linear(width, thirds * len(KINDS))
        nn.init.constant_(self.contents.bias, -5.0)

    def forward(self, tokens: Tensor, contents: Tensor) -> Tensor:
        """The loss from tokens [frames, width] and contents, bool [frames, thirds, kinds]."""
        logits = self.contents(self.norm(tokens)).float()
        target = contents.flatten(1).float()
        return F.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(1).mean()
