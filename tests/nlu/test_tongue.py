"""What language a message is in: told by its script, its letters and its words."""

from __future__ import annotations

import tarfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.components.text.tongue import SEEN, Tongues, words_of
from bot.settings import PROJECT
from bot.utterances import utterances
from knowledge_base.glossary import glossary_languages, load_glossary
from knowledge_base.languages import Languages, load_languages

CASES = yaml.safe_load(Path(__file__).with_name("tongues.yml").read_text("utf-8"))
GLOSSARY = PROJECT / "knowledge_base" / "glossary"
LANGUAGES = """
source: vi
languages:
  vi: {name: Tiếng Việt, vietnamese: tiếng Việt, script: Latn, VALUES}
  km: {name: ភាសាខ្មែរ, vietnamese: tiếng Khmer, script: Khmr, values_in: vi}
  xx: {name: Xx, vietnamese: tiếng Xx, script: Latn, values_in: vi, letters: "ĕ 'b"}
  zz: {name: Zz, vietnamese: tiếng Zz, script: Latn, values_in: vi, offered: false}
"""
VALUES = (
    'values: {day: "{day}", month: "{month}", year: "{year}", money: "{amount}", thousands: "."}'
)


@pytest.fixture(scope="module")
def learnt(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Tongues:
    """What the trained model knows of languages."""
    folder = tmp_path_factory.mktemp("tongues")
    with tarfile.open(model) as archive:
        archive.extractall(folder, filter="data")
    [path] = folder.rglob("tongues.json")
    return Tongues.load(path.parent)


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    path = tmp_path / "languages.yml"
    path.write_text(LANGUAGES.replace("VALUES", VALUES), "utf-8")
    return load_languages(path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_case(case: dict[str, Any], learnt: Tongues) -> None:
    assert learnt.of(case["text"]) == case["languages"]
    assert learnt.of(unicodedata.normalize("NFD", case["text"])) == case["languages"]


def test_words_of_minority_languages_are_attested_ones() -> None:
    attested = {
        code: {word for entry in load_glossary(code, GLOSSARY) for word in words_of(entry.word)}
        for code in glossary_languages(GLOSSARY)
    }
    told = [case for case in CASES if set(case["languages"]) & attested.keys()]
    assert {code for case in told for code in case["languages"]} == attested.keys()
    for case in told:
        known = set().union(*(attested[code] for code in case["languages"]))
        assert set(words_of(case["text"])) <= known, case["text"]


def test_no_vietnamese_utterance_is_taken_for_a_language_of_the_highlands(learnt: Tongues) -> None:
    wrong = [
        utterance.text
        for utterance in list(utterances())[::5]
        if utterance.language == "vi" and set(learnt.of(utterance.text)) - {"en"}
    ]
    assert wrong == []


def test_a_script_of_its_own_is_enough(languages: Languages) -> None:
    tongues = Tongues.learn({"vi": ["làm khai sinh"]}, languages)
    assert tongues.of("ជំរាបសួរ") == ["km"]
    assert tongues.of("ជំរាបសួរ làm khai sinh cho con") == []
    assert set(tongues.by_code) == {"km", "xx"}, "a language that is not offered is not told"


def test_letters_that_the_source_never_writes_speak_for_a_language(languages: Languages) -> None:
    tongues = Tongues.learn({"vi": ["làm khai sinh"]}, languages)
    assert tongues.of("kĕm tĕn") == ["xx"]
    assert tongues.of("'bar 'bok") == ["xx"]
    assert tongues.of("kĕm khai") == []


def test_a_word_of_both_belongs_where_it_is_often(languages: Languages) -> None:
    texts = {
        "vi": ["xin chào em"] * 100 + ["bye bye"],
        "xx": ["gru blik"] * 100 + ["bye now"] * SEEN + ["xin gru"],
    }
    tongue = Tongues.learn(texts, languages).by_code["xx"]
    assert {"gru", "blik", "now"} <= tongue.words
    assert "bye" in tongue.shared
    assert "xin" not in tongue.words | tongue.shared


def test_saving_keeps_everything(languages: Languages, tmp_path: Path) -> None:
    tongues = Tongues.learn({"vi": ["xin chào"], "xx": ["gru xin", "kĕm"]}, languages)
    tongues.save(tmp_path)
    assert Tongues.load(tmp_path) == tongues
