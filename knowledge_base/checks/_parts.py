"""What several checks walk over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from knowledge_base.derived import DERIVED
from knowledge_base.errors import UnknownId
from knowledge_base.items import LISTS, places
from knowledge_base.load import AskedQuestion, KnowledgeBase
from knowledge_base.schema import Period, Procedure, When
from knowledge_base.yaml_lines import Location


def whens(procedure: Procedure) -> Iterator[tuple[Location, When, Period | None]]:
    """Every condition with its location and the days its holder holds; of a question that another
    procedure words, no days."""
    for name in LISTS:
        for index, item in enumerate(getattr(procedure, name)):
            yield (name, index), item.when or {}, getattr(item, "valid", None)
            for number, trouble in enumerate(getattr(item, "trouble", ())):
                yield (name, index, "trouble", number), trouble.when, trouble.valid


def asked(knowledge: KnowledgeBase, procedure: Procedure) -> dict[str, AskedQuestion]:
    """The procedure's questions by id; a `use` of nothing is left out, another check tells it."""
    found = {}
    for question in procedure.questions:
        try:
            one = knowledge.asked(procedure, question)
        except UnknownId:
            continue
        found[one.id] = one
    return found


def values(knowledge: KnowledgeBase, procedure: Procedure) -> dict[str, set[str]]:
    """Answer → the values it can have; derived answers are yes or no."""
    found: dict[str, set[str]] = {name: {"yes", "no"} for name in DERIVED}
    for name, one in asked(knowledge, procedure).items():
        own = {choice.value for choice in one.question.choices}
        found[name] = own | ({"yes", "no"} if one.question.kind == "yes_no" else set())
    return found


def wanted(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """The values a condition accepts."""
    return (value,) if isinstance(value, str) else value


def first_uncovered(span: Period, rows: list[Period]) -> date | None:
    """The first day of `span` that none of `rows` covers."""
    day: date | None = span.from_
    while day is not None and span.covers(day):
        ends = [row.until for row in rows if row.covers(day)]
        if not ends:
            return day
        if None in ends:
            return None
        day = max(end for end in ends if end) + timedelta(days=1)
    return None


def first_day(procedure: Procedure) -> date:
    """The first day on which anything of it holds."""
    return min(period.from_ for period in procedure.periods.values())


def boundaries(procedure: Procedure) -> list[date]:
    """Each day on which something of the procedure begins to hold or has just ceased to, in
    order. Between two of them nothing changes."""
    found: set[date] = set()
    spans = [*procedure.periods.values(), *(place.item.valid for place in places(procedure))]
    for span in spans:
        found.add(span.from_)
        if span.until:
            found.add(span.until + timedelta(days=1))
    periods = procedure.periods.values()
    return sorted(day for day in found if any(period.covers(day) for period in periods))
