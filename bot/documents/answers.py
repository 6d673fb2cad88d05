"""A family's answers as they are given in an address: question id → value, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from knowledge_base.errors import BadRequest
from knowledge_base.guide import valid_answer
from knowledge_base.load import AskedQuestion, KnowledgeBase
from knowledge_base.present import question_choices
from knowledge_base.schema import CLERK, holding


def given_answers(
    knowledge: KnowledgeBase, procedure_id: str, given: Iterable[tuple[str, str]], on: date
) -> dict[str, str]:
    """The answers, each to a question that the procedure or one it leads to asks on `on`.

    Raises `UnknownId` and `NotCovered` for the procedure, `BadRequest` for an answer."""
    questions = {asked.id: asked for asked in reachable_questions(knowledge, procedure_id, on)}
    answers: dict[str, str] = {}
    for name, value in given:
        asked = questions.get(name)
        if asked is None:
            known = ", ".join(questions) or "none"
            raise BadRequest(f"'{name}' is not a question of {procedure_id}; questions: {known}")
        if name in answers:
            raise BadRequest(f"'{name}' is answered twice")
        if not valid_answer(asked, value):
            raise BadRequest(f"this is no answer to '{name}'; allowed: {_allowed(asked)}")
        answers[name] = value
    return answers


def reachable_questions(
    knowledge: KnowledgeBase, procedure_id: str, on: date
) -> Iterator[AskedQuestion]:
    """Questions of a procedure, then of those that its routes lead to."""
    wanted, seen = [procedure_id], set()
    while wanted:
        name = wanted.pop(0)
        if name in seen:
            continue
        seen.add(name)
        procedure = knowledge.covering(name, on)
        yield from knowledge.questions(procedure, on)
        wanted += [r.to for r in holding(procedure.routes, on) if r.to != CLERK]


def _allowed(asked: AskedQuestion) -> str:
    values = [choice.value.partition(":")[2] for choice in question_choices(asked)]
    if asked.question.kind == "date":
        values.append("a date YYYY-MM-DD")
    return ", ".join(values)
