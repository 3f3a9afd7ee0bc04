"""LLaVA-Mini as its authors run it, in PyTorch with random weights: how long each stage takes on this machine.

`python Benchmarks/peer_torch.py` (torch; 18.6 GB of memory in bfloat16 at the released shape; `--layers 2` to try it)

As in the authors' implementation, every prompt goes the whole way: the picture is encoded for each of them, all rows
run through all of pre-fusion, and nothing is shared between prompts but the weights.
"""

import argparse
import json
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTH, WIDE, HEADS, KEY_HEADS, VOCABULARY = 4096, 14336, 32, 8, 128256
SEEN_WIDTH, SEEN_WIDE, SEEN_HEADS, PATCHES, SEEN_LAYERS = 1024, 4096, 16, 576, 23
HEAD = WIDTH // HEADS


def linear(inputs: int, outputs: int, bias: bool = False) -> nn.Linear:
    return nn.Linear(inputs, outputs, bias)


class RMSNorm(nn.Module):
    """Computed in float32, as Llama does."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-5)).to(x.dtype) * self.weight


class SeeingLayer(nn.Module):
    """A layer of CLIP's vision tower."""

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(SEEN_WIDTH), nn.LayerNorm(SEEN_WIDTH)
        self.q, self.k, self.v, self.out = (linear(SEEN_WIDTH, SEEN_WIDTH, True) for _ in range(4))
        self.expand, self.contract = linear(SEEN_WIDTH, SEEN_WIDE, True), linear(SEEN_WIDE, SEEN_WIDTH, True)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm1(x)
        q, k, v = (part(y).unflatten(-1, (SEEN_HEADS, -1)).transpose(1, 2) for part in (self.q, self.k, self.v))
        x = x + self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        y = self.expand(self.norm2(x))
        return x + self.contract(y * torch.sigmoid(1.702 * y))


class VisionTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, SEEN_WIDTH, 14, 14, bias=False)
        self.positions = nn.Parameter(torch.zeros(PATCHES + 1, SEEN_WIDTH))
        self.first = nn.Parameter(torch.zeros(1, 1, SEEN_WIDTH))
        self.norm = nn.LayerNorm(SEEN_WIDTH)
        self.layers = nn.ModuleList(SeeingLayer() for _ in range(SEEN_LAYERS))

    def forward(self, pixels: Tensor) -> Tensor:
        x = self.patches(pixels).flatten(2).transpose(1, 2)
        x = self.norm(torch.cat([self.first.expand(len(x), -1, -1), x], 1) + self.positions)
        for layer in self.layers:
            x = layer(x)
        return x[:, 1:]


class Compressor(nn.Module):
    """One learned query over all patches."""

    def __init__(self):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(1, 1, SEEN_WIDTH))
        self.place = nn.Parameter(torch.zeros(1, 1, SEEN_WIDTH))
        self.norm = nn.LayerNorm(SEEN_WIDTH)
        self.attention = nn.MultiheadAttention(SEEN_WIDTH, 8, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x)
        return self.attention(self.query + self.place, x + self.place, x, need_weights=False)[0]


def turned(x: Tensor, positions: Tensor) -> Tensor:
    """Rotary positions, the half-split pairing: x [batch, heads, rows, HEAD]."""
    steps = 500000.0 ** (-torch.arange(0, HEAD, 2, dtype=torch.float32) / HEAD)
    angles = positions[:, None] * steps
    cosine, sine = (torch.cat([f, f], -1).to(x.dtype) for f in (angles.cos(), angles.sin()))
    low, high = x.chunk(2, -1)
    return x * cosine + torch.cat([-high, low], -1) * sine


class Layer(nn.Module):
    """A layer of Llama; pre-fusion is made of the same."""

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = RMSNorm(), RMSNorm()
        self.q, self.k, self.v = linear(WIDTH, WIDTH), linear(WIDTH, KEY_HEADS * HEAD), linear(WIDTH, KEY_HEADS * HEAD)
        self.out = linear(WIDTH, WIDTH)
        self.gate, self.up, self.down = linear(WIDTH, WIDE), linear(WIDTH, WIDE), linear(WIDE, WIDTH)

    def forward(self, x: Tensor, cache: list[Tensor] | None) -> Tensor:
        y = self.norm1(x)
        q, k, v = (part(y).unflatten(-1, (-1, HEAD)).transpose(1, 2) for part in (self.q, self.k, self.v))
        before = cache[0].shape[2] if cache else 0
        places = torch.arange(before, before + x.shape[1])
        q, k = turned(q, places), turned(k, places)
        if cache is not None:
            if cache:
                k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
            cache[:] = [k, v]
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=x.shape[1] > 1, enable_gqa=True)
        x = x + self.out(attended.transpose(1, 2).flatten(2))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class LLaVAMini(nn.Module):
    def __init__(self, layers: int):
        super().__init__()
        self.tower, self.compressor = VisionTower(), Compressor()
        self.projector = nn.Sequential(linear(SEEN_WIDTH, WIDTH, True), nn.GELU(), linear(WIDTH, WIDTH, True))
        self.fusion = nn.ModuleList(Layer() for _ in range(4))
        self.embed = nn.Embedding(VOCABULARY, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.norm, self.head = RMSNorm(), linear(WIDTH, VOCABULARY)

    def fused(self, pixels: Tensor, text: Tensor) -> Tensor:
        """Text and token as they enter the language model: [1, text + 1, width]."""
        seen = self.tower(pixels)
        x = torch.cat([self.projector(seen), self.projector(self.compressor(seen)), self.embed(text)], 1)
        for layer in self.fusion:
            x = layer(x, None)
        return x[:, PATCHES:]

    def read(self, x: Tensor, caches: list[list[Tensor]]) -> Tensor:
        """The next token [1, 1]."""
        for layer, cache in zip(self.layers, caches, strict=True):
            x = layer(x, cache)
        return self.head(self.norm(x[:, -1:])).argmax(-1)

    def answer(self, pixels: Tensor, text: Tensor, tokens: int) -> None:
        caches: list[list[Tensor]] = [[] for _ in self.layers]
        token = self.read(self.fused(pixels, text), caches)
        for _ in range(tokens - 1):
            token = self.read(self.embed(token), caches)


def random_model(layers: int) -> LLaVAMini:
    """Weights of a piece of noise, repeated: drawing eight thousand million numbers would take minutes."""
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("meta"):
        model = LLaVAMini(layers)
    model = model.to_empty(device="cpu").eval().requires_grad_(False)
    noise = torch.randn(65537)
    for name, weight in model.named_parameters():
        flat = weight.view(-1)
        if weight.dim() == 1 and name.endswith("weight"):
            flat.fill_(1)
            continue
        scale = weight[0].numel() ** -0.5 if weight.dim() == 2 else 0.02
        whole = len(flat) // len(noise) * len(noise)
        flat[:whole].view(-1, len(noise)).copy_(noise * scale)
        flat[whole:].copy_(noise[: len(flat) - whole] * scale)
    return model


def seconds(body: Callable[[], object], runs: int) -> float:
    """The quickest of some runs."""
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        body()
        best = min(best, time.perf_counter() - start)
    return best


@torch.inference_mode()
def measure(layers: int, text_tokens: int, steps: int, runs: int) -> dict[str, float]:
    """Seconds of each stage."""
    model = random_model(layers)
    pixels = torch.randn(1, 3, 336, 336)
    text = torch.randint(1, VOCABULARY, (1, text_tokens))
    rows = model.fused(pixels, text)
    found = {
        "vision tower": seconds(lambda: model.tower(pixels), runs),
        "image with pre-fusion": seconds(lambda: model.fused(pixels, text), runs),
        "prefill": seconds(lambda: model.read(rows, [[] for _ in model.layers]), runs),
    }
    caches: list[list[Tensor]] = [[] for _ in model.layers]
    token = model.read(rows, caches)
    found["decoding a token"] = seconds(lambda: model.read(model.embed(token), caches), steps)
    once = found["image with pre-fusion"] + found["prefill"]
    found["a picture, 40 + 20 tokens"] = 2 * once + 58 * found["decoding a token"]
    return found


def main() -> None:
    """Prints a line for each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layers", type=int, default=32, help="of the language model")
    parser.add_argument("--text", type=int, default=90, help="text tokens of a prompt")
    parser.add_argument("--steps", type=int, default=5, help="of decoding")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    found = measure(arguments.layers, arguments.text, arguments.steps, arguments.runs)
    if arguments.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:32} {value:8.3f} s")


if __name__ == "__main__":
    main()
