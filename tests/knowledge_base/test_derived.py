"""Derived answers: what follows from a date or a tapped range, and when nothing does."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.derived import DERIVED, Answers, Facts, computed_params

TODAY = date(2026, 11, 23)
FACTS: Facts = {"deadline_days": 60, "pension_years": 75, "pension_years_poor": 70}


def derived(name: str, answer: str, facts: Facts = FACTS) -> str | None:
    (question,) = DERIVED[name].inputs
    return DERIVED[name].compute({question: answer}, facts, TODAY)


@pytest.mark.parametrize(
    ("answer", "late", "under_six"),
    [
        ("2026-11-10", "no", "yes"),
        ("2026-09-24", "no", "yes"),  # the sixtieth day
        ("2026-09-23", "yes", "yes"),
        ("2026-09", None, "yes"),  # some days of it are late
        ("2020-11-24", "yes", "yes"),
        ("2020-11-23", "yes", "no"),  # the sixth birthday
        ("2020", "yes", None),
        ("within_deadline", "no", "yes"),
        ("past_deadline", "yes", "yes"),
        ("under_six", None, "yes"),
        ("six_or_older", "yes", "no"),
        ("last summer", None, None),
    ],
)
def test_a_childs_age(answer: str, late: str | None, under_six: str | None) -> None:
    assert derived("late", answer) == late
    assert derived("under_six", answer) == under_six


@pytest.mark.parametrize(
    ("answer", "whatever", "poor"),
    [
        ("1951-11-23", "yes", "yes"),  # the seventy-fifth birthday
        ("1951-11-24", "no", "yes"),
        ("1956-11-23", "no", "yes"),
        ("1956-11-24", "no", "no"),
        ("1951", None, "yes"),
        ("1950", "yes", "yes"),
        ("1956-11", "no", None),
        ("from_75", "yes", "yes"),
        ("from_70", "no", "yes"),
        ("under_70", "no", "no"),
        ("long ago", None, None),
    ],
)
def test_the_age_for_the_social_pension(
    answer: str, whatever: str | None, poor: str | None
) -> None:
    assert derived("pension_age", answer) == whatever
    assert derived("pension_age_poor", answer) == poor


@pytest.mark.parametrize(
    ("answer", "late"),
    [
        ("2026-11-08", "no"),  # the fifteenth day
        ("2026-11-07", "yes"),
        ("2026-11", None),
        ("2019", "yes"),
        ("death_in_time", "no"),
        ("death_past_deadline", "yes"),
        ("last summer", None),
    ],
)
def test_the_deadline_after_a_death(answer: str, late: str | None) -> None:
    assert derived("death_late", answer, {"deadline_days": 15}) == late


@pytest.mark.parametrize(
    ("answers", "facts", "expected"),
    [
        ({"child_born": "2026-11-10"}, {"deadline_days": 60}, "2027-01-09"),
        ({"died_on": "2026-11-10"}, {"deadline_days": 15}, "2026-11-25"),
        ({"died_on": "2026-11"}, {"deadline_days": 15}, None),
        ({"died_on": "death_in_time"}, {"deadline_days": 15}, None),
        ({"died_on": "2026-11-10"}, {}, None),
        ({}, {"deadline_days": 15}, None),
    ],
)
def test_the_last_day_in_time(answers: Answers, facts: Facts, expected: str | None) -> None:
    found = computed_params(answers, facts)
    assert found == ({"deadline_date": {"date": expected}} if expected else {})


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_nothing_follows_from_nothing(name: str) -> None:
    assert DERIVED[name].compute({}, FACTS, TODAY) is None


def test_no_fact_no_answer() -> None:
    """No number is assumed where no row of a fact holds."""
    assert derived("late", "2026-01-01", {}) is None
    assert derived("death_late", "2019", {}) is None
    assert derived("pension_age", "1930", {}) is None
    assert derived("pension_age_poor", "1930", {}) is None
