"""Time: on every day a procedure covers, every topic has something to be said about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.checks._parts import boundaries, first_day, first_uncovered, whens
from knowledge_base.errors import Problem, UnknownId
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import TOPICS, Period, Procedure, Question, UseQuestion, holding

LISTED = frozenset({"start", "documents", "steps"})
"""Topics that are answered from the lists of papers and steps."""


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """The first day of each gap."""
    for procedure in knowledge.procedures.values():
        document = knowledge.documents[procedure.id]
        periods = list(procedure.periods.values())
        hole = first_uncovered(Period.model_validate({"from": first_day(procedure)}), periods)
        if hole and any(period.from_ > hole for period in periods):
            told = f"nothing of it holds on {hole}, though it goes on later"
            yield document.problem(("periods",), told)
        before: set[str] = set()
        for day in boundaries(procedure):
            missing = set(uncovered(procedure, day))
            for topic in sorted(missing - before):
                told = f"on {day} nothing is written about '{topic}', not even what to ask a clerk"
                yield document.problem(("answers",), told)
            before = missing
        for index, question in enumerate(procedure.questions):
            gap = _unasked(knowledge, procedure, question)
            if gap:
                told = f"can't be asked on {gap}, when something here depends on it"
                yield document.problem(("questions", index), told)


def _unasked(
    knowledge: KnowledgeBase, procedure: Procedure, question: Question | UseQuestion
) -> date | None:
    """A day on which something depends on a question that does not hold then."""
    try:
        asked = knowledge.asked(procedure, question)
    except UnknownId:
        return None  # another check tells it
    for _, when, span in whens(procedure):
        gap = asked.id in when and span and first_uncovered(span, [asked.question.valid])
        if gap:
            return gap
    return None


def uncovered(procedure: Procedure, day: date) -> list[str]:
    """Topics about which nothing is written for `day`; `papers` where none are listed."""
    told = LISTED | {answer.topic for answer in holding(procedure.answers, day)}
    papers = [] if holding(procedure.papers, day) else ["papers"]
    return [topic for topic in TOPICS if topic not in told] + papers
