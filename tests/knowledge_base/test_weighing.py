"""Rules, guesses and the intent weighed against each other, case by case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.answers import (
    Ambiguous,
    NotAnAnswer,
    Reading,
    Rejected,
    Understood,
    Unknown,
    Vague,
)
from knowledge_base.answers.evidence import REQUESTS, Heard
from knowledge_base.answers.examples import NO_ANSWER, UNCLEAR, UNKNOWN
from knowledge_base.answers.weighing import Hearing, read_answer, weigh
from knowledge_base.schema import TOPICS
from tests.knowledge_base.test_answers import HARD, TODAY, questions, words, written

CASES = yaml.safe_load(Path(__file__).with_name("weighing.yml").read_text("utf-8"))


def reading(told: str, quoted: str = "") -> Reading:
    if told.startswith("vague "):
        return Vague(told.removeprefix("vague "))  # type: ignore[arg-type]
    if told in ("future", "impossible"):
        return Rejected(told)  # type: ignore[arg-type]
    if " | " in told:
        return Ambiguous(tuple(told.split(" | ")))
    plain = {"other": NotAnAnswer(), "unknown": Unknown()}
    return plain.get(told) or Understood(told, quoted)


def heard(case: dict[str, Any]) -> Heard:
    """The message of a case; what its guesses leave is that of no answer."""
    guesses = dict(case.get("guesses", {}))
    if guesses:
        guesses.setdefault(NO_ANSWER, 1 - sum(guesses.values()))
    return Heard(
        text=case["text"],
        intent=case.get("intent", ""),
        confidence=case.get("confidence", 0.0),
        guesses=tuple(guesses.items()),
        names_another=case.get("another", False),
    )


@pytest.mark.parametrize("case", CASES["weighed"], ids=lambda c: f"{c['ruled']} {c['guesses']}")
def test_weighed(case: dict[str, Any]) -> None:
    ruled = reading(case["ruled"], case.get("quoted", ""))
    found = weigh(questions()[case.get("question", "place")], ruled, heard(case), words())
    assert written(found) == case["becomes"]
    if isinstance(found, Understood) and found != ruled:
        assert found.quoted == "", "what was guessed is no quotation, so that it is said back"


@pytest.mark.parametrize("case", CASES["answered"], ids=lambda c: f"{c['text']} {c.get('intent')}")
def test_answered(case: dict[str, Any]) -> None:
    question = questions()[case["question"]]
    found = read_answer(question, heard(case), today=TODAY, words=words())
    assert ("nothing" if found is None else written(found)) == case["answer"]


CHANCES = st.floats(0, 1)
VALUES = ("facility", "home", "elsewhere", UNKNOWN, UNCLEAR)


@settings(max_examples=150, deadline=None)
@given(
    HARD,
    st.sampled_from(sorted({*REQUESTS, *TOPICS, "inform", "dont_know", "out_of_scope", ""})),
    CHANCES,
    st.lists(st.tuples(st.sampled_from(VALUES), CHANCES), max_size=3, unique_by=lambda g: g[0]),
    st.booleans(),
)
def test_whatever_is_heard_has_an_answer_that_is_offered_or_none(
    text: str, intent: str, confidence: float, guesses: list[tuple[str, float]], another: bool
) -> None:
    guesses.sort(key=lambda guess: -guess[1])
    message = Heard(text, intent, confidence, guesses, another)
    found = read_answer(questions()["place"], message, today=TODAY, words=words())
    offered = {choice.value for choice in questions()["place"].choices}
    if isinstance(found, Understood):
        assert found.value in offered
    elif isinstance(found, Ambiguous):
        assert len(found.values) > 1
        assert set(found.values) <= offered
    assert not isinstance(found, NotAnAnswer)


def test_what_counts_is_heard_instead_where_something_is_taken_back() -> None:
    whole, rest = {"place": (("home", 0.9),)}, {"place": (("facility", 0.8),)}
    message = Hearing("à nhầm, ở trạm", "inform", 0.7, whole, rest, names_another=True)
    assert message.to("place").guesses == whole["place"]
    assert message.to("place", instead=True).guesses == rest["place"]
    assert message.to("born", instead=True).guesses == ()
    assert message.to("place").names_another
    assert Hearing("ở nhà", answers=whole).to("place", instead=True).guesses == whole["place"]
