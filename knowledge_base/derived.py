"""Answers that follow from other answers, by name, for conditions and texts.

A condition in YAML can only compare; anything cleverer is a function here. Each takes the
family's answers, the facts that hold, and the day; it gives `yes`, `no`, or None while unknown.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge_base.say import Param, date_param

Answers = Mapping[str, str]
Facts = Mapping[str, int | str]

WITHIN_DEADLINE, PAST_DEADLINE, SIX_OR_OLDER = "within_deadline", "past_deadline", "six_or_older"
"""Ranges that answer `child_born` when the family taps instead of giving a date."""
UNDER_SIX = "under_six"
"""The same, where the deadline of the birth registration does not matter."""
FROM_75, FROM_70, UNDER_70 = "from_75", "from_70", "under_70"
"""Ranges that answer `elder_born`: 75 and over, 70 to 74, younger."""
DEATH_IN_TIME, DEATH_PAST_DEADLINE = "death_in_time", "death_past_deadline"
"""Ranges that answer `died_on`."""
DEADLINE_RUNS_FROM = ("child_born", "died_on")
"""Answers from whose day a deadline runs; a family is asked one of them at most."""


@dataclass(frozen=True)
class Derived:
    """A derived answer: the answers it reads, and how."""

    inputs: tuple[str, ...]
    compute: Callable[[Answers, Facts, date], str | None]


def days(text: str) -> tuple[date, date] | None:
    """First and last day of an ISO date `YYYY-MM-DD`, month `YYYY-MM` or year `YYYY`."""
    try:
        parts = [int(part) for part in text.split("-")]
        year, month, day = [*parts, 0, 0][:3]
        if len(parts) == 3:
            return date(year, month, day), date(year, month, day)
        if len(parts) == 2:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        if len(parts) == 1 and len(text) == 4:
            return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None
    return None


def birthday(born: date, years: int) -> date:
    """The day on which somebody born on `born` is `years` old (29 February counts as 1 March)."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _yes_no(values: set[bool]) -> str | None:
    return ("yes" if values.pop() else "no") if len(values) == 1 else None


def late(answers: Answers, facts: Facts, today: date) -> str | None:
    """Whether the deadline for registering the birth has passed. Unknown while the date is too
    vague to tell. Where no fact says how long the deadline is, unknown as well."""
    born = answers.get("child_born")
    if born in (WITHIN_DEADLINE, PAST_DEADLINE, SIX_OR_OLDER):
        return "no" if born == WITHIN_DEADLINE else "yes"
    return _past_deadline(born, facts, today)


def death_late(answers: Answers, facts: Facts, today: date) -> str | None:
    """Whether the deadline for registering the death has passed; unknown as for `late`."""
    died = answers.get("died_on")
    if died in (DEATH_IN_TIME, DEATH_PAST_DEADLINE):
        return "no" if died == DEATH_IN_TIME else "yes"
    return _past_deadline(died, facts, today)


def _past_deadline(day: str | None, facts: Facts, today: date) -> str | None:
    """Whether more than `deadline_days` have passed since `day`."""
    limit = facts.get("deadline_days")
    span = days(day) if day else None
    if span is None or not isinstance(limit, int):
        return None
    return _yes_no({(today - day).days > limit for day in span})


def under_six(answers: Answers, facts: Facts, today: date) -> str | None:
    """Whether the child is younger than six years."""
    born = answers.get("child_born")
    if born in (WITHIN_DEADLINE, PAST_DEADLINE, UNDER_SIX, SIX_OR_OLDER):
        return "no" if born == SIX_OR_OLDER else "yes"
    span = days(born) if born else None
    if span is None:
        return None
    return _yes_no({today < birthday(day, 6) for day in span})


def pension_age(answers: Answers, facts: Facts, today: date) -> str | None:
    """Whether somebody is old enough for the social pension whatever the household
    (fact `pension_years`). Unknown while the date is too vague, or no fact says how old."""
    return _aged(answers, facts.get("pension_years"), today, (FROM_75,))


def pension_age_poor(answers: Answers, facts: Facts, today: date) -> str | None:
    """Whether somebody is old enough for the social pension in a poor or near-poor household
    (fact `pension_years_poor`)."""
    return _aged(answers, facts.get("pension_years_poor"), today, (FROM_75, FROM_70))


def _aged(
    answers: Answers, years: int | str | None, today: date, ranges: tuple[str, ...]
) -> str | None:
    born = answers.get("elder_born")
    if born in (FROM_75, FROM_70, UNDER_70):
        return "yes" if born in ranges else "no"
    span = days(born) if born else None
    if span is None or not isinstance(years, int):
        return None
    return _yes_no({today >= birthday(day, years) for day in span})


DERIVED: Mapping[str, Derived] = {
    "late": Derived(("child_born",), late),
    "under_six": Derived(("child_born",), under_six),
    "death_late": Derived(("died_on",), death_late),
    "pension_age": Derived(("elder_born",), pension_age),
    "pension_age_poor": Derived(("elder_born",), pension_age_poor),
}


def computed_params(answers: Answers, facts: Facts) -> dict[str, Param]:
    """Values for texts that follow from answers and facts: `deadline_date`, the last day on
    which a birth or death is registered in time (its day + `deadline_days`)."""
    start = next((answers[name] for name in DEADLINE_RUNS_FROM if name in answers), "")
    span, limit = days(start), facts.get("deadline_days")
    if span is None or span[0] != span[1] or not isinstance(limit, int):
        return {}
    return {"deadline_date": date_param(span[0] + timedelta(days=limit))}
