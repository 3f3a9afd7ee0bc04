"""Batches of the second stage hold what the model needs to learn from, and nothing else."""

import torch

from Training.packing import NOTHING, TalkMaker, pack
from Training.tokens import Chat, train_tokenizer
from Training.world.questions import Exchange
from Training.world.vocabulary import texts

CHAT = Chat(train_tokenizer(texts(pictures=60)))


def test_labels_are_the_answers():
    exchanges = [
        Exchange("caption", "What do you see?", "A dog in a room."),
        Exchange("tags", "List the tags of this picture.", "dog, room"),
    ]
    prompts, answers, labels, captions = pack(CHAT, [exchanges])
    ahead = prompts.ids.shape[1]
    said = [CHAT.answer(exchange.answer) for exchange in exchanges]
    first = labels[0, :ahead]
    assert first[first != NOTHING].tolist() == [ids[0] for ids in said]
    assert labels[0, ahead:].tolist() == said[0][1:] + said[1][1:]
    assert answers.ids[0].tolist() == said[0][:-1] + said[1][:-1]
    assert captions.sum() == len(said[0]) - 1


def test_positions_follow_the_prompt():
    prompts, answers, _, _ = pack(CHAT, [[Exchange("", "What do you see?", "A dog.")]])
    places = torch.cat([prompts.positions[0], answers.positions[0]])
    assert places.tolist() == list(range(len(places)))
    assert set(prompts.segments[0].tolist()) == {0, 1} and set(answers.segments[0].tolist()) == {1}


def test_a_batch_is_the_same_again_and_clips_have_their_turn():
    maker = TalkMaker(9, CHAT)
    first, second = maker(range(0, 8)), maker(range(0, 8))
    assert (
        first.frames == 1
        and torch.equal(first.labels, second.labels)
        and torch.equal(first.sight.pixels, second.sight.pixels)
    )
    moving = maker(range(16, 24))
    assert moving.frames >= 4 and len(moving.sight.pixels) == len(moving.labels) * moving.frames == len(moving.contents)
    assert TalkMaker(9, CHAT, clips_from=1000)(range(16, 24)).frames == 1


def test_the_default_prompts_cost_few_tokens():
    assert len(CHAT.prefix) == 12
    assert len(CHAT.question("Describe this picture in one sentence.")) == 9
