"""What a picture and its caption cost each of the compared models.

`python -m Training.flops .training/run/tokenizer.json`
Counted as 2 × multiply-adds of the matrix products, for encoding and prefill (one picture, the default prompt).
"""

import argparse
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from .answering import prompt_rows
from .model.llava_mini import LLaVAMini, Text
from .tokens import Chat
from .train import VARIANTS, configuration
from .world.questions import CAPTION_PROMPTS


def prefill_flops(model: LLaVAMini, chat: Chat, frames: int = 1) -> tuple[int, int]:
    """FLOPs of all up to the language model, and of the language model, for one picture or clip."""
    prompt = prompt_rows(chat, [chat.question(CAPTION_PROMPTS[0])])
    edge = model.config.vision.image_size
    nothing = torch.zeros(1, 0, dtype=torch.long)
    with torch.no_grad():
        with FlopCounterMode(display=False) as before:
            fused = model.fuse(torch.zeros(1, frames, 3, edge, edge), prompt, len(chat.prefix))
        with FlopCounterMode(display=False) as after:
            model.lm_head(model.hidden(fused, Text(nothing, nothing, nothing))[:, -1])
    return before.get_total_flops(), after.get_total_flops()


def main() -> None:
    """Prints a line for each variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokenizer", type=Path)
    arguments = parser.parse_args()
    chat = Chat.load(arguments.tokenizer)
    print("| model | image and fusion | language model | a clip of 10 frames |\n| --- | ---: | ---: | ---: |")
    for variant in VARIANTS:
        model = LLaVAMini(configuration(variant, chat.size)).eval()
        before, after = prefill_flops(model, chat)
        costs = (before, after, sum(prefill_flops(model, chat, 10)))
        print(f"| {variant} | " + " | ".join(f"{cost / 1e6:.0f} M" for cost in costs) + " |")


if __name__ == "__main__":
    main()
