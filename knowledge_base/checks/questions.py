"""Questions: that they exist, fit a screen, and are worth asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.checks._parts import whens
from knowledge_base.derived import DERIVED
from knowledge_base.errors import Problem, UnknownId
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import Question, UseQuestion
from knowledge_base.yaml_lines import Location

MOST_CHOICES = 4


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Uses of nothing, too few or too many choices, and questions nothing depends on."""
    read = _read_by_something(knowledge)
    for procedure in knowledge.procedures.values():
        document = knowledge.documents[procedure.id]
        for index, question in enumerate(procedure.questions):
            where: Location = ("questions", index)
            if isinstance(question, UseQuestion):
                try:
                    knowledge.asked(procedure, question)
                except UnknownId as error:
                    yield document.problem((*where, "use"), str(error))
                continue
            for told, part in _choices(question):
                yield document.problem((*where, part), told)
            if question.id not in read:
                told = f"nothing depends on '{question.id}': do not ask it"
                yield document.problem(where, told)


def _choices(question: Question) -> Iterator[tuple[str, str]]:
    found = len(question.choices)
    if question.kind == "choice" and found < 2:
        yield "a choice question needs two choices or more", "choices"
    if found > MOST_CHOICES:
        told = f"{found} choices; a screen shows {MOST_CHOICES} at most: ask in two steps"
        yield told, "choices"


def _read_by_something(knowledge: KnowledgeBase) -> set[str]:
    keys = {
        key
        for procedure in knowledge.procedures.values()
        for _, when, _ in whens(procedure)
        for key in when
    }
    inputs = {name for key in keys & DERIVED.keys() for name in DERIVED[key].inputs}
    return keys | inputs
