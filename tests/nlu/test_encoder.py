"""Sentence encoders: ours reads what sentence-transformers writes and gives the same vectors; any
other model takes its place by one line of the configuration."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bot import rasa_import
from bot.components.text.encoder import (
    OWN,
    StaticEncoder,
    TransformerEncoder,
    encoder_files,
    load_encoder,
)
from bot.settings import PROJECT
from knowledge_base.errors import EngineError

TEXTS = (
    "làm giấy khai sinh cho con",
    "lam giay khai sinh cho con",
    "khai sinh",
    "sổ đỏ " * 300,
    "qwxz 123",
    "👶🏽",
    "",
    " ",
)
WORDS = ("khai", "sinh", "làm", "giấy", "cho", "con", "sổ", "đỏ", "lam", "giay")
BREAKING: dict[str, Callable[[Path], object]] = {
    "an empty folder": lambda f: [p.unlink() for p in f.iterdir() if p.is_file()],
    "modules that are no JSON": lambda f: (f / "modules.json").write_text("{"),
    "modules that are no list of modules": lambda f: (f / "modules.json").write_text('["a"]'),
    "no tokenizer": lambda f: (f / "tokenizer.json").unlink(),
    "a broken tokenizer": lambda f: (f / "tokenizer.json").write_text("{}"),
    "no weights": lambda f: (f / "model.safetensors").unlink(),
    "weights cut short": lambda f: cut(f / "model.safetensors"),
}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.fixture(scope="module")
def static(st: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny static embedding as sentence-transformers saves it."""
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, **ids(1)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    modules = [StaticEmbedding(tokenizer, embedding_dim=8), Normalize()]
    return saved(st(modules=modules, device="cpu"), tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module")
def transformer(st: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny transformer, untrained."""
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    special = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    tokenizer = BertTokenizerFast(
        vocab={word: at for at, word in enumerate((*special, *WORDS))}, strip_accents=False
    )
    tokenizer.save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(special) + len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder)
    module = Transformer(str(folder), max_seq_length=32)
    modules = [module, Pooling(16, "mean")]
    return saved(st(modules=modules, device="cpu"), tmp_path_factory.mktemp("transformer"))


def ids(first: int) -> dict[str, int]:
    return {word: at for at, word in enumerate(WORDS, first)}


def saved(model: Any, folder: Path) -> Path:
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.mark.parametrize("kind", ["own", "static", "transformer"])
def test_vectors_are_those_of_sentence_transformers(
    kind: str, st: Any, request: pytest.FixtureRequest
) -> None:
    folder = PROJECT / OWN if kind == "own" else request.getfixturevalue(kind)
    encoder = load_encoder(str(folder))
    assert isinstance(encoder, TransformerEncoder if kind == "transformer" else StaticEncoder)
    theirs = st(str(folder), device="cpu").encode(list(TEXTS), show_progress_bar=False)
    lengths = np.linalg.norm(theirs, axis=1, keepdims=True)
    ours = encoder.encode(TEXTS)
    assert ours.shape == theirs.shape
    assert ours == pytest.approx(theirs / np.where(lengths > 0, lengths, 1), abs=1e-5)
    assert len({tuple(row) for row in ours.round(4)}) > 3, "texts are told apart"


def test_the_projects_own_needs_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    vectors = load_encoder(OWN).encode(TEXTS)
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[:4] == pytest.approx(1, abs=1e-5)
    assert lengths[TEXTS.index("")] == 0
    assert load_encoder(OWN).encode([]).shape == (0, vectors.shape[1])


def test_the_projects_own_knows_texts_that_mean_the_same() -> None:
    same, bare, other = load_encoder(OWN).encode(
        ["làm giấy khai sinh cho con", "lam giay khai sinh cho con", "thủ tục cấp sổ đỏ"]
    )
    assert same @ bare > 0.6 > same @ other


def test_another_model_needs_the_extra_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EngineError, match=r"the extra 'encoder' in pyproject.toml") as told:
        load_encoder("some-author/some-model")
    assert "some-author/some-model" in str(told.value)
    assert OWN in str(told.value)


@pytest.mark.parametrize("what", BREAKING)
def test_a_broken_folder_is_told(what: str, static: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(static, folder)
    BREAKING[what](folder)
    with pytest.raises(EngineError) as told:
        load_encoder(str(folder))
    assert str(folder) in str(told.value)


def test_the_files_of_an_encoder_make_the_model_stale(static: Path) -> None:
    assert {path.name for path in encoder_files(str(static))} >= {"modules.json", "tokenizer.json"}
    assert encoder_files("some-author/some-model") == []


DATA = """
version: "3.1"
nlu:
- intent: start
  metadata: {procedure: birth}
  examples: |
    - làm khai sinh cho con
    - làm giấy khai sinh
- intent: fee
  examples: |
    - bao nhiêu tiền
    - có tốn tiền không
- intent: out_of_scope
  examples: |
    - mua vé số
    - trời có mưa không
"""
STEPS = (
    "training_augmenter.TrainingAugmenter",
    "vietnamese_normaliser.VietnameseNormaliser",
    "ngram_featurizer.NgramFeaturizer",
    "sentence_encoder.SentenceEncoder",
    "linear_intent_classifier.LinearIntentClassifier",
    "procedure_linker.ProcedureLinker",
    "nearest_question.NearestQuestion",
    "scope_guard.ScopeGuard",
)


def test_one_line_of_the_configuration_puts_a_transformer_in_its_place(
    transformer: Path, tmp_path: Path, rasa: None
) -> None:
    from rasa.model_training import train_nlu

    from bot.understanding import Understanding

    link = tmp_path / "links" / "birth" / "link.yml"
    link.parent.mkdir(parents=True)
    link.write_text("title: Đăng ký khai sinh\naliases: [giấy khai sinh]\n", "utf-8")
    own = {
        "TrainingAugmenter": {"links": str(tmp_path / "links")},
        "SentenceEncoder": {"model": str(transformer)},
    }
    pipeline = [
        {"name": f"bot.components.{name}", **own.get(name.partition(".")[2], {})} for name in STEPS
    ]
    content = {"recipe": "default.v1", "assistant_id": "t", "language": "vi", "pipeline": pipeline}
    (tmp_path / "config.yml").write_text(yaml.safe_dump(content), "utf-8")
    (tmp_path / "nlu.yml").write_text(DATA, "utf-8")
    files = str(tmp_path / "config.yml"), str(tmp_path / "nlu.yml"), str(tmp_path)
    with rasa_import.quiet():
        model = train_nlu(*files, fixed_model_name="m")
    understanding = Understanding.from_model(Path(str(model)))
    assert isinstance(understanding._encoder, TransformerEncoder)
    votes = understanding._questions.votes(understanding._encoder.encode(["làm giấy khai sinh"])[0])
    assert votes is not None
    [best, *_] = votes.near
    assert (best.topic, best.procedure) == ("start", "birth")
    assert best.cosine == pytest.approx(1, abs=0.01)
    assert understanding.read("giấy khai sinh").procedure == "birth"
