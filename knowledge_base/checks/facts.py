"""Facts: one row a day, and a value on every day on which a text needs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.checks._parts import first_uncovered
from knowledge_base.errors import Problem
from knowledge_base.items import sourced
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.office import NAMES
from knowledge_base.schema import Period, Procedure, Sourced
from knowledge_base.yaml_lines import Location

COMPUTED = frozenset({"deadline_date"})
"""Placeholders that `derived.computed_params` fills."""
TEXTS = ("text", "title", "detail", "remedy", "wrong")

Found = Iterator[tuple[Location, str]]


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Two rows for one day; placeholders without a value."""
    for procedure in knowledge.procedures.values():
        document = knowledge.documents[procedure.id]
        for location, told in (*_overlaps(procedure), *_placeholders(knowledge, procedure)):
            yield document.problem(location, told)


def _overlaps(procedure: Procedure) -> Found:
    for name, rows in procedure.facts.items():
        for first, row in enumerate(rows):
            for second, other in enumerate(rows[first + 1 :], first + 1):
                day = _both(row.valid, other.valid)
                if day:
                    yield ("facts", name, second), f"'{name}' has two rows for {day}"


def _both(one: Period, other: Period) -> date | None:
    """The first day both hold on."""
    day = max(one.from_, other.from_)
    return day if one.covers(day) and other.covers(day) else None


def _placeholders(knowledge: KnowledgeBase, procedure: Procedure) -> Found:
    office = knowledge.office.placeholders
    for place, item in sourced(procedure):
        if not knowledge.shows(item):
            continue
        for name in sorted(_names(item)):
            if name in COMPUTED or name in knowledge.office_params:
                continue
            if name in NAMES:
                yield place.location, f"{{{name}}} has no value; write it in office.yml"
            elif name in office:
                if not item.about:
                    told = f"{{{name}}} is unknown until the office confirms it: write 'about'"
                    yield place.location, told
            else:
                lacking = _without_value(knowledge, procedure, item, name)
                if lacking:
                    yield place.location, lacking


def _names(item: Sourced) -> set[str]:
    texts = (getattr(item, field, None) or "" for field in TEXTS)
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def _without_value(
    knowledge: KnowledgeBase, procedure: Procedure, item: Sourced, name: str
) -> str | None:
    rows = [row.valid for row in procedure.facts.get(name, ()) if knowledge.shows(row)]
    if not rows:
        facts = ", ".join(procedure.facts)
        return f"{{{name}}} is not a fact that may be shown; facts: {facts}"
    gap = first_uncovered(item.valid, rows)
    return f"{{{name}}} has no value on {gap}, when this holds" if gap else None
