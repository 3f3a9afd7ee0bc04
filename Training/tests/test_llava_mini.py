"""Packing prompts, caching keys and joining frames change nothing that the model computes."""

import torch

from Training.learner import initialise
from Training.model.configuration import Configuration
from Training.model.llava_mini import LLaVAMini, Text
from Training.packing import NOTHING, pack
from Training.tokens import Chat, train_tokenizer
from Training.world.questions import Exchange

CHAT = Chat(train_tokenizer(["system\n\nuser\n\nassistant\n\nWhat is it? A dog. How many? Two of them."], pieces=300))
CONFIG = Configuration(vocab_size=CHAT.tokenizer.get_vocab_size())
ASKED = [Exchange("what", "What is it?", "A dog."), Exchange("number", "How many?", "Two of them.")]


def _model(config: Configuration = CONFIG) -> LLaVAMini:
    torch.manual_seed(0)
    model = LLaVAMini(config)
    initialise(model)
    for parameter in model.parameters():  # Zero branches would hide mistakes.
        if parameter.ndim > 1 and not parameter.any():
            torch.nn.init.normal_(parameter, std=0.05)
    return model.eval()


def _prompt(exchange: Exchange) -> Text:
    return pack(CHAT, [[exchange]])[0]


def _answer_logits(model: LLaVAMini, images: torch.Tensor, exchanges: list[Exchange]) -> torch.Tensor:
    """Logits at every position that predicts, in the order of prompts and then answers."""
    shared = len(CHAT.prefix)
    prompts, answers, labels, _ = pack(CHAT, [exchanges])
    fused = model.fuse(images, prompts, shared)
    hidden = model.hidden(fused, answers)
    hidden = torch.cat([hidden[:, :shared], hidden[:, shared + fused.tokens.shape[1] :]], 1)
    return model.lm_head(hidden[labels != NOTHING])


def test_packed_prompts_are_answered_as_single_ones():
    model, images = _model(), torch.randn(1, 1, 3, 112, 112)
    together = _answer_logits(model, images, ASKED)
    alone = [_answer_logits(model, images, [exchange]) for exchange in ASKED]
    expected = torch.cat([alone[0][:1], alone[1][:1], alone[0][1:], alone[1][1:]])
    torch.testing.assert_close(together, expected, atol=1e-4, rtol=1e-4)


def test_padding_changes_nothing():
    model, images = _model(), torch.randn(2, 1, 3, 112, 112)
    shared = len(CHAT.prefix)
    prompts, answers, labels, _ = pack(CHAT, [ASKED[:1], ASKED])
    fused = model.fuse(images, prompts, shared)
    hidden = model.hidden(fused, answers)
    hidden = torch.cat([hidden[:, :shared], hidden[:, shared + 1 :]], 1)
    padded = model.lm_head(hidden[:1][labels[:1] != NOTHING])
    torch.testing.assert_close(padded, _answer_logits(model, images[:1], ASKED[:1]), atol=1e-4, rtol=1e-4)


def test_generation_follows_the_teacher_forced_logits():
    model, images = _model(), torch.randn(3, 2, 3, 112, 112)
    prompt = _prompt(ASKED[0])
    rows = Text(*(t.expand(3, -1) for t in (prompt.ids, prompt.segments, prompt.positions)))
    written = model.generate(images, rows, len(CHAT.prefix), ends=set(), limit=6)
    for row, ids in enumerate(written):
        place = int(prompt.positions.max()) + 1
        said = Text(torch.tensor([ids]), torch.ones(1, 6, dtype=torch.long), torch.arange(place, place + 6)[None])
        fused = model.fuse(images[row : row + 1], prompt, len(CHAT.prefix))
        hidden = model.hidden(fused, said)[0, -7:-1]
        assert model.lm_head(hidden).argmax(-1).tolist() == ids


def test_a_clip_of_one_frame_is_a_picture_and_frames_have_an_order():
    model, prompt = _model(), _prompt(ASKED[0])
    images = torch.randn(1, 3, 3, 112, 112)
    forward = model.fuse(images, prompt, len(CHAT.prefix))
    backward = model.fuse(images.flip(1), prompt, len(CHAT.prefix))
    torch.testing.assert_close(forward.tokens.flip(1), backward.tokens, atol=1e-5, rtol=1e-5)
    first = model.fuse(images[:, :1], prompt, len(CHAT.prefix))
    torch.testing.assert_close(first.tokens, forward.tokens[:, :1], atol=1e-5, rtol=1e-5)


def test_the_compared_variants_run():
    for changes in ({"prefusion_layer_num": 0}, {"prefusion_layer_num": 0, "compressor_size": 0}):
        config = Configuration(vocab_size=CONFIG.vocab_size, **changes)
        logits = _answer_logits(_model(config), torch.randn(1, 1, 3, 112, 112), ASKED)
        assert torch.isfinite(logits).all()
