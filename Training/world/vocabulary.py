"""Every wording of the world, as material for the tokenizer."""

from random import Random

from . import clips, questions
from .backdrops import BACKDROPS
from .light import LIGHTS
from .objects import KINDS, NUMBERS
from .palette import COLOURS
from .render import picture

_SEED = 0  # A series of its own.


def texts(pictures: int = 1500) -> list[str]:
    """Prompts and answers about pictures and clips of the world, and every form of every name."""
    found = [
        "system\n\nuser\n\nassistant\n\n",
        *questions.CAPTION_PROMPTS,
        *questions.SCENE_FIRST_PROMPTS,
        *questions.DETAIL_PROMPTS,
        *questions.TAG_PROMPTS,
    ]
    for kind in KINDS:
        found += [
            f"{kind.name} {kind.name}, {kind.plural}",
            kind.article,
            kind.article.capitalize(),
            kind.plural.capitalize(),
        ]
    words = [*COLOURS, *NUMBERS.values(), *BACKDROPS, *LIGHTS]
    found += [f"{word} {word} {word.capitalize()}." for word in words]
    for number in range(pictures):
        scene, rng = picture(_SEED, number).scene, Random(number)
        asked = [questions.caption(scene), questions.tags(scene), questions.other_caption(scene, rng)]
        asked += [questions.question(scene, rng) for _ in range(3)]
        found += [text for exchange in asked for text in (exchange.prompt, exchange.answer)]
    for number in range(pictures // 3):
        clip, rng = clips.draw_clip(Random(f"{_SEED}/{number}")), Random(number)
        asked = [clips.caption(clip), clips.tags(clip), clips.question(clip, rng)]
        found += [text for exchange in asked for text in (exchange.prompt, exchange.answer)]
    return found
