"""The helpers' losses say what they should: less where patches are nearer to their words."""

import torch

from Training.heads import bearing_loss, colour_loss, looking_loss, placing_loss, reading_loss, shade_loss
from Training.model.configuration import Configuration
from Training.model.llama import Layer
from Training.model.llava_mini import Entering
from Training.tokens import Chat, train_tokenizer
from Training.world.objects import KINDS
from Training.world.questions import named_things
from Training.world.vocabulary import texts


def test_reading_falls_as_patches_come_near_their_words():
    torch.manual_seed(0)
    words, kinds = torch.randn(20, 32), torch.arange(1, 21)
    noise = torch.randn(20, 32)
    losses = [reading_loss(share * words + (1 - share) * noise, kinds, words).item() for share in (0.0, 0.5, 1.0)]
    assert losses[0] > losses[1] > losses[2]
    assert losses[2] < 0.1


def test_no_shown_patch_costs_nothing_and_still_has_a_gradient():
    projected = torch.randn(0, 32, requires_grad=True)
    loss = reading_loss(projected, torch.empty(0, dtype=torch.long), torch.randn(20, 32))
    loss.backward()
    assert loss.item() == 0 and projected.grad is not None


def _looking(query_scale: float, shown: bool) -> float:
    """The loss of a question about a kind that patch 1 shows, and looks like, or none shows, and all look like."""
    torch.manual_seed(0)
    config = Configuration(vocab_size=16)
    layer = Layer(config)
    width = config.hidden_size
    # Patch and word are the same vector and both are let through: word and patch meet in the first head.
    torch.nn.init.eye_(layer.self_attn.k_proj.weight)
    torch.nn.init.eye_(layer.self_attn.q_proj.weight)
    layer.self_attn.q_proj.weight.data *= query_scale
    embeddings = torch.randn(1, 6, width)
    embeddings[0, 1 if shown else slice(0, 4)] = embeddings[0, 5]
    places = torch.arange(6)[None]
    entering = Entering(embeddings, torch.zeros_like(places), torch.zeros_like(places))
    sought = torch.zeros(1, 2, 5, dtype=torch.bool)
    sought[0, 1, 3 if shown else 4] = True
    patches = torch.tensor([[0, 3, 0, 0]])
    return looking_loss(layer, config, entering, sought, patches).item()


def test_looking_at_what_shows_the_word_costs_least():
    blind, keen = _looking(0.0, shown=True), _looking(1.0, shown=True)
    assert abs(blind - torch.log(torch.tensor(6.0)).item()) < 1e-3  # One of six positions.
    assert keen < 0.5 * blind


def test_looking_at_a_patch_that_does_not_show_the_word_costs_more():
    assert _looking(1.0, shown=False) > _looking(0.0, shown=False)


def test_the_words_of_questions_are_found_in_prompts():
    chat = Chat(train_tokenizer(texts(pictures=60)))
    named, shows = chat.shown_by(named_things())
    for kind in KINDS[::40]:
        ids = chat.question(f"How many {kind.plural} are there?")
        rows = [row for row in named[ids].tolist() if row >= 0]
        assert len(rows) == 1 and shows[rows[0]].nonzero().flatten().tolist() == [kind.index + 1]
    ids = chat.question("Describe this picture in one sentence.")
    assert (named[ids] < 0).all()


def test_colours_that_nobody_knows_cost_nothing_and_still_have_a_gradient():
    logits = torch.randn(3, 11, requires_grad=True)
    loss = colour_loss(logits, torch.full((3,), -100))
    loss.backward()
    assert loss.item() == 0 and logits.grad is not None
    assert colour_loss(logits, torch.tensor([1, -100, 2])).item() > 0


def _placing(x: int, y: int, column: int, row: int) -> float:
    """The loss of a word whose thing patch (x, y) of four by four shows, and that says `column` and `row`."""
    shown = torch.zeros(1, 16, dtype=torch.bool)
    if x >= 0:
        shown[0, y * 4 + x] = True
    logits = torch.zeros(1, 2, 4)
    logits[0, 0, column] = logits[0, 1, row] = 9.0
    return placing_loss(logits, shown).item()


def test_words_are_to_say_the_thirds_that_their_things_are_in():
    left, middle, right, no = range(4)
    assert _placing(0, 3, left, right) < 0.01
    assert _placing(3, 1, right, middle) < 0.01
    assert _placing(0, 3, right, left) > 5
    assert _placing(-1, -1, no, no) < 0.01
    assert _placing(0, 0, no, no) > 5


def test_no_word_that_names_anything_has_no_place_and_still_a_gradient():
    logits = torch.randn(0, 2, 4, requires_grad=True)
    loss = placing_loss(logits, torch.zeros(0, 16, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0 and logits.grad is not None


def test_places_are_the_words_that_answers_have():
    chat = Chat(train_tokenizer(texts(pictures=60)))
    for answer, line, place in (("On the left.", 0, 0), ("At the bottom.", 1, 2), ("In the middle.", 1, 1), ("No.", 0, 3)):
        assert chat.places[line][place] in chat.answer(answer)


def test_patches_are_to_say_the_third_that_they_are_in():
    logits = torch.zeros(2, 64, 2, 3)
    third = torch.tensor([0, 0, 0, 1, 1, 2, 2, 2])
    for patch in range(64):
        logits[:, patch, 0, third[patch % 8]] = logits[:, patch, 1, third[patch // 8]] = 9.0
    assert bearing_loss(logits).item() < 0.01
    assert bearing_loss(logits.flip(1)).item() > 5


def test_patches_are_to_say_their_colours():
    shares = torch.tensor([[[0.75, 0.25], [0.0, 1.0]]])
    right = (shares + 1e-4).log()
    assert shade_loss(right, shares).item() < shade_loss(torch.zeros(1, 2, 2), shares).item()
    assert shade_loss(right.flip(-1), shares).item() > 1
