"""Needs met elsewhere: that each is told on every day of its file, and that what people call it
means nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.checks._parts import first_uncovered
from knowledge_base.elsewhere import OWNER, Elsewhere, Need
from knowledge_base.errors import Problem
from knowledge_base.fold import strip_marks
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.office import NAMES
from knowledge_base.schema import Procedure
from knowledge_base.yaml_lines import Location

Found = Iterator[tuple[Location, str]]


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Ids twice, days without a statement, unknown placeholders, names that mean two things."""
    elsewhere = knowledge.elsewhere
    if elsewhere is None:
        return
    document = knowledge.documents[OWNER]
    for name, need in elsewhere.needs.items():
        at: Location = ("needs", name)
        for location, told in (*_statements(need, at), *_gap(elsewhere, need, at)):
            yield document.problem(location, told)
    for location, told in _called_twice(knowledge, elsewhere):
        yield document.problem(location, told)


def _statements(need: Need, at: Location) -> Found:
    seen: set[str] = set()
    for index, told in enumerate(need.told):
        if told.id in seen:
            yield (*at, "told", index, "id"), f"'{told.id}' is the id of two statements; rename one"
        seen.add(told.id)
        for name in sorted(set(PLACEHOLDER.findall(told.text)) - set(NAMES)):
            named = " and ".join(f"{{{one}}}" for one in NAMES)
            yield (*at, "told", index, "text"), f"{{{name}}} has no value here; there are {named}"


def _gap(elsewhere: Elsewhere, need: Need, at: Location) -> Found:
    """A day of the file on which nothing is told of a need that has something told."""
    held = [told.valid for told in need.told]
    for span in elsewhere.periods.values() if held else ():
        day = first_uncovered(span, held)
        if day:
            yield (*at, "told"), f"on {day} nothing is told, not even what to ask a clerk"


def _called_twice(knowledge: KnowledgeBase, elsewhere: Elsewhere) -> Found:
    """Words that mean a need and something else as well, however their marks are written."""
    meant: dict[str, str] = {}
    for procedure in knowledge.procedures.values():
        for text in _names(procedure):
            meant.setdefault(strip_marks(text), procedure.id)
    for name, need in elsewhere.needs.items():
        for field, index, text in _called(need):
            key = strip_marks(text)
            other = meant.setdefault(key, f"{OWNER}.{name}")
            if other != f"{OWNER}.{name}":
                location: Location = ("needs", name, field)
                told = f"'{text}' means '{other}' already; leave it to one of them"
                yield (*location, *(() if index is None else (index,))), told


def _names(procedure: Procedure) -> tuple[str, ...]:
    return (procedure.title, procedure.short, *procedure.aliases, *procedure.examples)


def _called(need: Need) -> Iterator[tuple[str, int | None, str]]:
    yield "name", None, need.name
    for field in ("aliases", "examples"):
        for index, text in enumerate(getattr(need, field)):
            yield field, index, text
