"""An earlier answer taken back in words, case by case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from knowledge_base.answers import Understood
from knowledge_base.answers.earlier import Earlier, taken_back, what_counts
from knowledge_base.answers.examples import NO_ANSWER
from knowledge_base.answers.weighing import Hearing
from knowledge_base.load import load
from tests.knowledge_base.test_answers import HARD, words

CASES = yaml.safe_load(Path(__file__).with_name("earlier.yml").read_text("utf-8"))
TODAY = date(2026, 11, 27)
ASKED = {"born": "child_born", "where": "born_where", "married": "parents_married"}


def earlier(given: dict[str, str]) -> list[Earlier]:
    knowledge = load()
    procedure = knowledge.procedures["birth_registration"]
    asked = {q.id: q for q in knowledge.questions(procedure, TODAY)}
    return [
        Earlier(name, asked[ASKED[name]].message, asked[ASKED[name]].question, value)
        for name, value in given.items()
    ]


def guesses(case: dict[str, Any], key: str, before: list[Earlier]) -> dict[str, Any]:
    messages = {one.id: one.message for one in before}
    return {
        messages[name]: (*told.items(), (NO_ANSWER, 1 - sum(told.values())))
        for name, told in case.get(key, {}).items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['text']} {list(c['before'])}")
def test_taken_back(case: dict[str, Any]) -> None:
    before = earlier(case["before"])
    hearing = Hearing(
        text=case["text"],
        intent=case.get("intent", ""),
        confidence=case.get("confidence", 0.0),
        answers=guesses(case, "guesses", before),
        instead=guesses(case, "instead", before) if "instead" in case else None,
        names_another=case.get("names_another", False),
    )
    reading = Understood(case["reading"]) if "reading" in case else None
    found = taken_back(hearing, reading, before, today=TODAY, words=words())
    assert (None if found is None else [found.id, found.value]) == case["becomes"]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("ở nhà chứ không phải ở trạm", "ở nhà"),
        ("mạ tui đỡ, nãy bấm ở trạm", "mạ tui đỡ"),
        ("hồi nãy bấm lộn, ở nhà", "ở nhà"),
        ("ở nhà", None),
        ("nãy giờ", None),
        ("", None),
    ],
)
def test_what_counts(text: str, counts: str | None) -> None:
    assert what_counts(text, words()) == counts


@settings(deadline=None, max_examples=60)
@given(HARD)
def test_any_text_is_taken_without_failing(text: str) -> None:
    given_before = {"born": "2023", "where": "home", "married": "no"}
    before = earlier(given_before)
    found = taken_back(Hearing(text), None, before, today=TODAY, words=words())
    assert found is None or found.value != given_before[found.id]
