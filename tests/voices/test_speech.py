from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from voices.packs import load_packs
from voices.speech import SpeechTable, spoken

CASES = [
    (language, case["written"], case["said"])
    for language, cases in yaml.safe_load(
        (Path(__file__).parent / "speech.yml").read_text("utf-8")
    ).items()
    for case in cases
]


@pytest.mark.parametrize(("language", "written", "said"), CASES)
def test_said_as_people_say_it(language: str, written: str, said: str) -> None:
    packs = load_packs()
    table = packs[language].speech if language in packs else SpeechTable()
    assert spoken(written, table) == said


@pytest.mark.parametrize(
    "text", ["a." * 5000, "a-" * 5000 + "@", "<" * 10000, "[" * 10000, "- " * 5000, "\n" * 10000]
)
def test_hostile_text_takes_no_long_time(text: str) -> None:
    begin = time.perf_counter()
    spoken(text, load_packs()["vi"].speech)
    assert time.perf_counter() - begin < 0.5
