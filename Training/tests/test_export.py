"""An exported folder holds the model: read back, it computes what was exported, up to float16's rounding."""

import json
from pathlib import Path

import pytest
import torch

from Training.export import export, load_exported
from Training.learner import initialise
from Training.model.configuration import Configuration
from Training.model.llava_mini import LLaVAMini
from Training.packing import pack
from Training.tokens import PREFIX, Chat, train_tokenizer
from Training.world.questions import Exchange

_TEXTS = ["system\n\nuser\n\nassistant\n\nDescribe this picture in one sentence.", "A dog on the left in the snow."]


def _chat() -> Chat:
    return Chat(train_tokenizer(_TEXTS, pieces=300))


def test_an_exported_model_reads_back(tmp_path: Path):
    torch.manual_seed(0)
    chat = _chat()
    config = Configuration(vocab_size=chat.tokenizer.get_vocab_size())
    model = LLaVAMini(config)
    initialise(model)
    export(model.eval(), config, chat, tmp_path)
    again, chat_again = load_exported(tmp_path)
    prompt = pack(chat_again, [[Exchange("caption", "Describe this picture in one sentence.", "A dog.")]])[0]
    images = torch.randn(1, 1, 3, 112, 112)
    expected, found = (m.fuse(images, prompt, len(chat.prefix)).embeddings for m in (model, again))
    torch.testing.assert_close(found, expected, atol=2e-2, rtol=2e-2)
    written = json.loads((tmp_path / "config.json").read_text())
    assert written["model_type"] == "llava_mini_llama" and written["image_aspect_ratio"] == "pad"


def test_a_variant_without_compression_is_refused(tmp_path: Path):
    config = Configuration(vocab_size=8, compressor_size=0, prefusion_layer_num=0)
    with pytest.raises(ValueError, match="released layout"):
        export(LLaVAMini(config), config, _chat(), tmp_path)


def test_every_word_is_one_token_and_any_text_survives():
    chat = _chat()
    assert len(chat.question("Describe this picture in one sentence.")) == 9
    assert len(chat.prefix) == 12 and len(set(chat.prefix[:2])) == 1
    for text in ("Grüße, 東京!\n\n  x", "A dog on the left.", "<|eot"):
        ids = chat.tokenizer.encode(text, add_special_tokens=False).ids
        assert chat.tokenizer.decode(ids) == text
    assert chat.text(chat.answer("A dog on the left.")) == "A dog on the left."
    assert PREFIX.count("<|begin_of_text|>") == 1
