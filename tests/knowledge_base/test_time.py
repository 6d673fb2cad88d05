"""Every procedure on every day on which anything changes: no gap, no overlap, nothing raised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from knowledge_base.checks._parts import boundaries, first_day
from knowledge_base.checks.gaps import uncovered
from knowledge_base.errors import NotCovered
from knowledge_base.guide import Journey, journey
from knowledge_base.items import places
from knowledge_base.load import load
from knowledge_base.present import answers_about, papers, present
from knowledge_base.schema import TOPICS, Procedure, holding

KNOWLEDGE = load()
DAY = timedelta(days=1)
PROCEDURES = sorted(KNOWLEDGE.procedures)


def days(procedure: Procedure) -> list[date]:
    """Each boundary, the days around it, and a day far ahead."""
    ends = {place.item.valid.until for place in places(procedure)} - {None}
    edges = {*boundaries(procedure), *(end for end in ends if end)}
    around = {edge + DAY * shift for edge in edges for shift in (-1, 0, 1)}
    return sorted(day for day in {*around, date(2035, 1, 1)} if day >= first_day(procedure))


def on_days(procedure_id: str) -> Iterator[date]:
    return iter(days(KNOWLEDGE.procedure(procedure_id)))


@pytest.mark.parametrize("procedure_id", PROCEDURES)
def test_no_gap_and_no_overlap(procedure_id: str) -> None:
    procedure = KNOWLEDGE.procedure(procedure_id)
    gaps = [(day, missing) for day in days(procedure) if (missing := uncovered(procedure, day))]
    overlaps = [
        (day, name)
        for day in days(procedure)
        for name, rows in procedure.facts.items()
        if len(holding(rows, day)) > 1
    ]
    assert (gaps, overlaps) == ([], [])


@pytest.mark.parametrize("procedure_id", PROCEDURES)
def test_a_journey_is_told_on_every_day(procedure_id: str) -> None:
    for day in on_days(procedure_id):
        found = journey(KNOWLEDGE, procedure_id, {}, day)
        assert present(found, found.stops()[0]), day
        for topic in TOPICS:
            assert answered(found, topic), (day, topic)


@pytest.mark.parametrize("procedure_id", PROCEDURES)
def test_nothing_is_told_of_the_day_before_the_first(procedure_id: str) -> None:
    before = first_day(KNOWLEDGE.procedure(procedure_id)) - DAY
    with pytest.raises(NotCovered, match=procedure_id):
        journey(KNOWLEDGE, procedure_id, {}, before)


def test_the_law_of_2027_changes_what_is_told() -> None:
    last, first = date(2027, 2, 28), date(2027, 3, 1)
    procedure = KNOWLEDGE.procedure("birth_registration")
    assert {last, first} <= set(days(procedure))
    until, since = (journey(KNOWLEDGE, "birth_registration", {}, day) for day in (last, first))
    told = {say.say for say in answers_about(until, "deadline")}
    assert "birth_registration.answer.deadline" in " ".join(told)
    assert [say.say for say in answers_about(since, "deadline")] == ["bot.ask_clerk_about"]


def answered(found: Journey, topic: str) -> bool:
    """Whether a citizen who asks is told something, and be it what to ask a clerk."""
    if topic == "start":
        return True
    if topic == "documents":
        return bool(list(papers(found)))
    if topic == "steps":
        held = holding(found.procedure.steps, found.situation.on)
        return bool(held) or bool(answers_about(found, topic))
    return bool(answers_about(found, topic))
