"""The text tower: its tokenizer, its model, what it is taught, how it is written and measured."""

import json
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from Training.model.clip_text import Meaning, TextConfiguration
from Training.photographs import clip_tokens, export_meaning
from Training.photographs.aligned import Shown, Space, aligned
from Training.photographs.concepts import Evidence
from Training.photographs.meaning import Batch, Texts, loss_of, strange_word
from Training.photographs.presence import average_precision
from Training.photographs.queries import Queries, Query, meanings
from Training.photographs.retrieval import mean_average_precision

from .photographs import CLASSES

_EVIDENCE = Evidence(CLASSES)
_PLACE = {word: number for number, word in enumerate(_EVIDENCE.words)}

_TEXTS = ["a dog on grass", "a photo of a dog", "two dogs", "the seaside", "a bicycle"] * 3


@pytest.fixture(scope="module")
def tokenizer():
    return clip_tokens.train_tokenizer(_TEXTS, 600)


def _model(tokenizer) -> Meaning:
    torch.manual_seed(2)
    end = tokenizer.token_to_id(clip_tokens.END)
    return Meaning(TextConfiguration(tokenizer.get_vocab_size(), end, 8, 16, 2, 2, 32, 12), 20).eval()


@pytest.mark.parametrize("text", ["A Dog", "naïve café 3½", "日本語 🐕", "it's  two\nlines", ""])
def test_any_text_can_be_written_and_read_back(tokenizer, text):
    ids = tokenizer.encode(text).ids
    assert ids[0] == tokenizer.token_to_id(clip_tokens.START) and ids[-1] == tokenizer.token_to_id(clip_tokens.END)
    assert clip_tokens.END not in tokenizer.encode(text, add_special_tokens=False).tokens
    read = tokenizer.decode(ids).replace("</w>", " ")
    assert "".join(read.split()) == "".join(text.lower().split())


def test_a_word_that_was_learnt_is_one_token(tokenizer):
    assert tokenizer.encode("DOG", add_special_tokens=False).tokens == ["dog</w>"]


def test_a_tokenizer_has_the_size_that_was_asked_for(tokenizer):
    size = tokenizer.get_vocab_size()
    assert size <= 600 and tokenizer.token_to_id(clip_tokens.END) == size - 1


def test_what_stands_behind_the_end_changes_nothing(tokenizer):
    model = _model(tokenizer)
    alone = model.texts(clip_tokens.padded(tokenizer, ["a dog"], 12))
    beside = model.texts(clip_tokens.padded(tokenizer, ["a dog", "a photo of a dog on grass"], 12))
    assert torch.allclose(alone[0], beside[0], atol=1e-6)
    assert torch.allclose(alone.norm(dim=1), torch.ones(1))


def test_a_long_text_is_cut_and_still_ends(tokenizer):
    ids = clip_tokens.padded(tokenizer, ["dog " * 40], 12)
    assert ids.shape == (1, 12) and ids[0, -1] == tokenizer.token_to_id(clip_tokens.END)


def test_a_tower_with_its_texts_is_read_back(tokenizer, tmp_path: Path):
    save_file({"vision_model.stem.bias": torch.ones(3).half()}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "efficientnet_lite", "hidden_dim": 20}))
    model = _model(tokenizer)
    for _ in range(2):  # Writing again replaces what was there.
        export_meaning.write(model, model.config, tokenizer, tmp_path)
    read, ids = export_meaning.load(tmp_path), clip_tokens.padded(tokenizer, _TEXTS[:5], 12)
    assert torch.allclose(read.texts(ids), model.texts(ids), atol=5e-3)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["model_type"] == "efficientnet_lite" and config["text_config"]["hidden_size"] == 16
    assert clip_tokens.load(tmp_path / "tokenizer.json").encode("a dog").ids == tokenizer.encode("a dog").ids


def _seen() -> tuple[torch.Tensor, np.ndarray]:
    """Features that show three things beside what differs in all of them, and which show which."""
    rng = np.random.default_rng(4)
    shown = rng.random((2600, 3)) < (0.25, 0.1, 0.04)
    pooled = 0.3 * rng.random((2600, 40)) + 0.5 * rng.random((2600, 2)) @ rng.normal(size=(2, 40)) + 1
    pooled[:, :3] += shown
    return torch.from_numpy(pooled.astype(np.float32)), shown


def test_a_similarity_says_how_likely_a_picture_shows_what_a_text_says():
    pooled, shown = _seen()
    told = torch.from_numpy(shown)
    space = aligned(pooled, Shown(told.half(), torch.ones_like(told).half()), 4, epochs=60)
    likely = torch.sigmoid(space.scale * (space.pictures(pooled) @ space.directions.T) + space.bias).numpy()
    for concept in range(3):
        assert average_precision(likely[:, concept], shown[:, concept]) > 0.9
        assert abs(likely[:, concept].mean() - shown[:, concept].mean()) < 0.08


def test_what_is_not_known_of_a_picture_teaches_nothing():
    pooled, shown = _seen()
    told, known = torch.from_numpy(shown).half(), torch.ones(shown.shape).half()
    known[:2000] = 0
    hidden = told.clone()
    hidden[:2000] = 1 - hidden[:2000]
    one, other = (aligned(pooled, Shown(likely, known), 4, epochs=2) for likely in (told, hidden))
    assert torch.equal(one.directions, other.directions)


def test_words_that_mean_nothing_are_no_words_of_ours():
    known = {text for text, _ in meanings()[0]} | set(_PLACE)
    strange = [strange_word(random.Random(n)) for n in range(500)]
    assert len(set(strange)) > 450 and not known & set(strange)


def test_a_text_far_from_its_direction_costs_more():
    space = Space(torch.eye(4), torch.nn.functional.normalize(torch.rand(5, 4), dim=1), 20.0, -3.0)
    batch = Batch(["a", "b"], space.directions[:2], torch.zeros(2, 3), torch.zeros(2, 3), np.arange(3))
    pictures = torch.nn.functional.normalize(torch.rand(3, 4), dim=1)
    right, wrong = (loss_of(found, batch, space, pictures) for found in (space.directions[:2], -space.directions[:2]))
    assert right < wrong


def test_other_words_are_of_concepts_that_there_are():
    words = set(_PLACE)
    trained, kept = meanings()
    for text, concepts in trained + kept:
        assert text and set(part.strip() for part in concepts.split("&")) <= words, text


def test_no_word_is_trained_with_and_kept_back():
    trained, kept = meanings()
    assert len(trained) > 900 and len(kept) > 60
    assert not {text for text, _ in trained} & {text for text, _ in kept}


def test_a_perfect_order_has_a_precision_of_one():
    right = np.array([True, False, True, False])
    assert mean_average_precision({"dog": right}, lambda texts: right[None].astype(float)) == 1


def _queries() -> Queries:
    """Of four pictures: a dog and a ball, a dog, nothing, and one of which people's nouns are not known."""
    names = [f"{number}.jpg" for number in range(4)]
    nouns = [["dog", "fluff"], ["dog", "fluff"], ["fluff"], None]
    lines = [{"name": name} | ({} if known is None else {"nouns": known}) for name, known in zip(names, nouns)]
    pack = SimpleNamespace(
        archive=SimpleNamespace(training=lines, classes=CLASSES),
        cache=SimpleNamespace(names=names),
        evidence=_EVIDENCE,
        kinds={concept.word: concept.kind for concept in _EVIDENCE.concepts},
    )
    made = np.zeros((4, len(_PLACE)), np.float32)
    made[:2, _PLACE["dog"]], made[0, _PLACE["ball"]], made[3, _PLACE["dog"]] = 0.9, 0.8, 0.6
    classes = np.zeros((4, len(CLASSES["imagenet"])), np.float32)
    classes[3, CLASSES["imagenet"].index("beagle")] = 0.7
    return Queries(pack, made, classes, np.arange(4))


def test_several_things_are_shown_where_all_of_them_are():
    queries = _queries()
    both = Query("a dog and a ball", (queries.indices("dog & ball"),))
    assert queries.shown(both, np.arange(4)) == pytest.approx([0.72, 0, 0, 0])


def test_peoples_nouns_count_beside_the_classifiers_and_alone_where_these_know_nothing():
    queries, rows = _queries(), np.arange(4)
    assert queries.shown(Query("fluff", noun="fluff"), rows) == pytest.approx([1, 1, 1, -1])


def test_what_nobody_described_counts_little_for_peoples_words():
    queries, rows, dog = _queries(), np.arange(4), (_PLACE["dog"],)
    counts = queries.counts(Query("dog", (dog,), "dog"), rows)
    assert (counts[:3] == 1).all() and 0 < counts[3] < 0.2
    # Where people's words or the classifiers alone say what is shown, there is nothing to weigh.
    for query in (Query("fluff", noun="fluff"), Query("puppy", (dog,))):
        assert (queries.counts(query, rows) == 1).all()


def test_texts_of_one_batch_say_what_pictures_show():
    queries = _queries()
    texts = Texts(queries, torch.rand(4, 8, generator=torch.Generator().manual_seed(1)), 4, torch.ones(4))
    batch, again = (texts.batch(random.Random(3)) for _ in range(2))
    assert batch.texts == again.texts and batch.shown.shape == batch.known.shape == (len(batch.texts), 4)
    own = [n for n, text in enumerate(batch.texts) if text == "fluff"]
    assert own and all((batch.known[n] > 0).sum() == 3 for n in own)
    assert {bool(direction.any()) for direction in batch.directions} == {True, False}


def test_a_word_of_several_meanings_is_shown_by_any_of_them():
    queries = {query.text: query for query in _queries().all}
    assert len(queries["seaside"].concepts) == 2 and queries["puppy"].concepts == ((_PLACE["dog"],),)
    assert queries["otterhound"].label is not None and queries["man"].noun is None


def test_words_that_are_kept_back_are_in_no_text():
    kept = {text for text, _ in meanings()[1]}
    queries = _queries()
    assert not kept & {query.text for query in queries.all}
    assert not kept & {queries.worded(query, random.Random(n)) for query in queries.all for n in range(8)}


def test_a_composed_text_names_what_its_picture_shows():
    query = _queries().composed(0, random.Random(1))
    assert query is not None and sorted(query.concepts[0]) == sorted((_PLACE["dog"], _PLACE["ball"]))
    assert "dog" in query.text and "ball" in query.text
