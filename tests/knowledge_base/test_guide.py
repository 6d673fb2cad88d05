"""The guide over many random families: questions matter, journeys end, stops can be shown."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest

from knowledge_base.guide import END, HANDOVER, Journey, journey
from knowledge_base.load import AskedQuestion, load
from knowledge_base.present import present

KNOWLEDGE = load()
TODAY = date(2026, 11, 23)
FAMILIES = 150
BIRTHS = ("within_deadline", "past_deadline", "six_or_older", "2026-11-01", "2025-03", "2015")


def values(asked: AskedQuestion) -> list[str]:
    question = asked.question
    own = [choice.value for choice in question.choices]
    if question.kind == "yes_no":
        return sorted({*own, "yes", "no"})
    return [*own, *(BIRTHS if question.kind == "date" else ())] or ["2026-11-01"]


def families(entry: str, seed: int) -> Iterator[Journey]:
    """Journeys of random families, answered to their end."""
    chance = random.Random(seed)
    for _ in range(FAMILIES):
        answers: dict[str, str] = {}
        found = journey(KNOWLEDGE, entry, answers, TODAY)
        while found.next_question:
            answers[found.next_question.id] = chance.choice(values(found.next_question))
            found = journey(KNOWLEDGE, entry, answers, TODAY)
        yield found


def shown(found: Journey) -> object:
    """Everything a family is shown that its answers can change."""
    return (
        found.procedure.id,
        [route.id for _, route in found.routes],
        [paper.id for paper in found.papers()],
        [step.id for step in found.steps()],
        [after.id for after in found.after()],
        [a.id for a in found.procedure.answers if found.situation.holds(a.when) is not False],
        [t.id for s in found.steps() for t in s.trouble if found.situation.holds(t.when)],
    )


@pytest.mark.parametrize("entry", sorted(KNOWLEDGE.procedures))
def test_every_journey_ends_and_every_stop_can_be_shown(entry: str) -> None:
    for found in families(entry, seed=1):
        assert found.stops()[-1] in (END, HANDOVER)
        for stop in found.stops():
            says = present(found, stop)
            assert says, stop
            assert all(say.say in KNOWLEDGE.texts for say in says), stop


@pytest.mark.parametrize("entry", sorted(KNOWLEDGE.procedures))
def test_no_question_is_asked_that_changes_nothing(entry: str) -> None:
    """For each question asked there is another answer that would have led elsewhere. Families
    led to another procedure are too few to judge that one by; it is an entry itself."""
    useless: set[str] = set()
    useful: set[str] = set()
    for found in families(entry, seed=2):
        if found.procedure.id != entry:
            continue
        answers = dict(found.situation.answers)
        for asked in found.asked:
            others = (
                journey(KNOWLEDGE, entry, answers | {asked.id: value}, TODAY)
                for value in values(asked)
            )
            changes = any(
                shown(other) != shown(found) or other.next_question is not None for other in others
            )
            (useful if changes else useless).add(asked.id)
    assert useless <= useful, useless - useful


@pytest.mark.parametrize("entry", sorted(KNOWLEDGE.procedures))
def test_the_order_of_answers_given_does_not_matter(entry: str) -> None:
    for found in families(entry, seed=3):
        answers = list(found.situation.answers.items())
        again = journey(KNOWLEDGE, entry, dict(reversed(answers)), TODAY)
        assert shown(again) == shown(found)


@pytest.mark.parametrize("entry", sorted(KNOWLEDGE.procedures))
def test_stale_answers_are_left_aside(entry: str) -> None:
    for found in families(entry, seed=4):
        noise = {"no_such_question": "yes", **dict.fromkeys(found.situation.answers, "nonsense")}
        stale = journey(KNOWLEDGE, entry, noise, TODAY)
        assert not stale.asked
        assert stale.situation.answers == {}
