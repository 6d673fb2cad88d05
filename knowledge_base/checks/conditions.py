"""Conditions: that they name answers that exist, and can hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.checks._needs import Answerable
from knowledge_base.checks._parts import boundaries, values, wanted, whens
from knowledge_base.errors import Problem, UnknownId
from knowledge_base.load import KnowledgeBase, named
from knowledge_base.schema import Procedure, UseQuestion
from knowledge_base.yaml_lines import Location

Found = Iterator[tuple[Location, str]]


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Unknown answers and values; conditions that contradict the questions they depend on."""
    for procedure in knowledge.procedures.values():
        document = knowledge.documents[procedure.id]
        unknown = list(_unknown(knowledge, procedure))
        for location, told in unknown or _impossible(knowledge, procedure):
            yield document.problem(location, told)


def _unknown(knowledge: KnowledgeBase, procedure: Procedure) -> Found:
    known = values(knowledge, procedure)
    for location, when, _ in whens(procedure):
        for key, value in when.items():
            try:
                allowed = named(known, key, "question of this procedure or derived answer")
            except UnknownId as error:
                yield (*location, "when", key), str(error)
                continue
            for one in wanted(value):
                if one not in allowed:
                    told = f"'{key}' can never be '{one}'; it is one of {sorted(allowed)}"
                    yield (*location, "when", key), told
    for index, question in enumerate(procedure.questions):
        if isinstance(question, UseQuestion) and question.when is None:
            yield from _elsewhere(knowledge, procedure, question, ("questions", index), known)


def _elsewhere(
    knowledge: KnowledgeBase,
    procedure: Procedure,
    question: UseQuestion,
    location: Location,
    known: dict[str, set[str]],
) -> Found:
    """A question whose own condition reads answers this procedure never asks for."""
    try:
        when = knowledge.asked(procedure, question).when
    except UnknownId:
        return  # another check tells it
    for key in when.keys() - known.keys():
        told = f"is asked only when '{key}' is answered, which this procedure never asks"
        yield (*location, "use"), f"'{question.use}' {told}; write its own 'when' here"


def _impossible(knowledge: KnowledgeBase, procedure: Procedure) -> Found:
    on_days = [Answerable(knowledge, procedure, day) for day in boundaries(procedure)]
    for location, when, span in whens(procedure):
        if not when or span is None:
            continue
        found = [on.needs(when) for on in on_days if span.covers(on.day)]
        clashes = [clash for clash in found if isinstance(clash, str)]
        if found and len(clashes) == len(found):
            told = f"can never hold: what it says contradicts when '{clashes[0]}' is asked"
            yield (*location, "when"), told
