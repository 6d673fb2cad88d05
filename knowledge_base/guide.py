"""The guide: a procedure and a family's answers give the next question, the procedure they
really need, their papers and their steps. Pure: nothing is read, written or remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from knowledge_base.derived import DERIVED, Answers, Facts, computed_params, days
from knowledge_base.load import AskedQuestion, KnowledgeBase
from knowledge_base.say import Param
from knowledge_base.schema import (
    CLERK,
    After,
    Answer,
    DatedT,
    Fact,
    Paper,
    Procedure,
    Route,
    Step,
    When,
    holding,
)

OUTCOME, PAPERS, STEP, AFTER, END, HANDOVER = (
    "outcome",
    "papers",
    "step:",
    "after",
    "end",
    "handover",
)
"""Stops of a journey besides its questions; a step's stop is `step:<id>`."""
MOST_HELD = 512
"""Procedures times days that are remembered at once."""


def is_question(stop: str | None) -> bool:
    """Whether a stop is a question, named by its id, and not one of the others."""
    return (
        stop is not None
        and stop not in (OUTCOME, PAPERS, AFTER, END, HANDOVER)
        and STEP not in stop
    )


@dataclass(frozen=True)
class Situation:
    """What is known of a family on a day: its answers and the facts that hold."""

    answers: Answers
    facts: Facts
    on: date

    def value(self, name: str) -> str | None:
        """An answer or derived answer; None while unknown."""
        derived = DERIVED.get(name)
        if derived:
            return derived.compute(self.answers, self.facts, self.on)
        return self.answers.get(name)

    def holds(self, when: When) -> bool | None:
        """Whether a condition holds; None while an answer it needs is unknown."""
        unknown = False
        for name, wanted in when.items():
            value = self.value(name)
            if value is None:
                unknown = True
            elif value not in ((wanted,) if isinstance(wanted, str) else wanted):
                return False
        return None if unknown else True


@dataclass(frozen=True)
class Journey:
    """Where a family stands in a procedure. Made by `journey`."""

    knowledge: KnowledgeBase
    entry: str
    procedure: Procedure
    situation: Situation
    asked: tuple[AskedQuestion, ...]
    """Questions answered, in the order they are asked; stale answers are not among them."""
    next_question: AskedQuestion | None
    routes: tuple[tuple[str, Route], ...]
    """Routes taken, with the procedure each leads away from."""

    @property
    def handover(self) -> tuple[str, Route] | None:
        """The route to a clerk, if the family was led to one."""
        return self.routes[-1] if self.routes and self.routes[-1][1].to == CLERK else None

    @property
    def complete(self) -> bool:
        """Whether nothing more is to be asked and the procedure is known."""
        return self.next_question is None and self.handover is None

    @cached_property
    def params(self) -> dict[str, Param]:
        """Values for the placeholders of the procedure's texts."""
        rows = self.knowledge.fact_rows(self.procedure, self.situation.on)
        params: dict[str, Param] = dict(self.knowledge.office_params)
        params |= {name: _fact_param(row) for name, row in rows.items()}
        return params | computed_params(self.situation.answers, self.situation.facts)

    @property
    def deadline(self) -> date | None:
        """The last day on which this is done in time; None where the answers don't tell it, or it
        has passed."""
        param = self.params.get("deadline_date")
        day = date.fromisoformat(str(param["date"])) if isinstance(param, dict) else None
        return day if day and day >= self.situation.on else None

    def papers(self) -> tuple[Paper, ...]:
        """The papers of this family."""
        return tuple(p for p in self._held(self.procedure.papers) if self._true(p.when))

    def steps(self) -> tuple[Step, ...]:
        """The online steps of this family, in order."""
        return tuple(s for s in self._held(self.procedure.steps) if self._true(s.when))

    def after(self) -> tuple[After, ...]:
        """What happens once the dossier is sent."""
        return tuple(a for a in self._held(self.procedure.after) if self._true(a.when))

    def about(self, topic: str) -> tuple[Answer, ...]:
        """The answers about a topic that hold for this family or may still hold."""
        rows = [a for a in self._held(self.procedure.answers) if a.topic == topic]
        return tuple(a for a in rows if self.situation.holds(a.when) is not False)

    def stops(self) -> tuple[str, ...]:
        """Every stop from the first question to the last one known so far."""
        stops = [question.id for question in self.asked]
        if self.handover:
            return (*stops, HANDOVER)
        if self.next_question:
            return (*stops, self.next_question.id)
        steps = [STEP + step.id for step in self.steps()]
        return (*stops, OUTCOME, PAPERS, *steps, *([AFTER] if self.after() else []), END)

    def question(self, question_id: str) -> AskedQuestion | None:
        """The question of that id among those asked or to be asked now."""
        candidates = (*self.asked, *((self.next_question,) if self.next_question else ()))
        return next((asked for asked in candidates if asked.id == question_id), None)

    def decided(self, question_id: str) -> bool:
        """Whether the answer to a question is precise enough for everything derived from it
        that the procedure asks about (a month may leave open whether a deadline has passed)."""
        held = _held(self.knowledge, self.procedure, self.situation.on)
        mentioned = {name for when in held.conditions for name in when}
        return all(
            self.situation.value(name) is not None
            for name, derived in DERIVED.items()
            if name in mentioned and question_id in derived.inputs
        )

    def _true(self, when: When) -> bool:
        return self.situation.holds(when) is True

    def _held(self, items: tuple[DatedT, ...]) -> tuple[DatedT, ...]:
        return holding(items, self.situation.on)


@dataclass(frozen=True)
class _Held:
    """What of a procedure holds on one day, looked up once."""

    facts: Facts
    questions: tuple[AskedQuestion, ...]
    routes: tuple[Route, ...]
    conditions: tuple[When, ...]


def _held(knowledge: KnowledgeBase, procedure: Procedure, on: date) -> _Held:
    found: _Held | None = knowledge.held.get((procedure.id, on))
    if found is None:
        if len(knowledge.held) >= MOST_HELD:
            knowledge.held.clear()
        found = knowledge.held[procedure.id, on] = _Held(
            knowledge.facts(procedure, on),
            knowledge.questions(procedure, on),
            holding(procedure.routes, on),
            _conditions(procedure, on),
        )
    return found


def journey(knowledge: KnowledgeBase, entry: str, answers: Mapping[str, str], on: date) -> Journey:
    """Replay the answers from the start of procedure `entry` on day `on`.

    An answer to a question that these answers no longer lead to is left aside, not used.
    Raises `UnknownId` for a procedure that does not exist and `NotCovered` for a day on which
    nothing is known about it."""
    procedure = knowledge.covering(entry, on)
    known: dict[str, str] = {}
    asked: list[AskedQuestion] = []
    routes: list[tuple[str, Route]] = []
    while True:
        held = _held(knowledge, procedure, on)
        situation = Situation(known, held.facts, on)
        route = next((r for r in held.routes if situation.holds(r.when)), None)
        if route:
            routes.append((procedure.id, route))
            if route.to == CLERK:
                return Journey(
                    knowledge, entry, procedure, situation, tuple(asked), None, tuple(routes)
                )
            procedure = knowledge.covering(route.to, on)
            continue
        question = next(_useful(held, situation), None)
        answer = answers.get(question.id) if question else None
        if question is None or answer is None or not valid_answer(question, answer):
            return Journey(
                knowledge, entry, procedure, situation, tuple(asked), question, tuple(routes)
            )
        known[question.id] = answer
        asked.append(question)


def valid_answer(asked: AskedQuestion, answer: str) -> bool:
    """Whether `answer` is one of the question's values, or a date for a question of dates."""
    question = asked.question
    values = {choice.value for choice in question.choices}
    if question.kind == "yes_no":
        values |= {"yes", "no"}
    return answer in values or (question.kind == "date" and days(answer) is not None)


def _useful(held: _Held, situation: Situation) -> Iterator[AskedQuestion]:
    """Unanswered questions whose answer can still change something, in file order."""
    questions = [asked for asked in held.questions if asked.id not in situation.answers]
    for asked in questions:
        if situation.holds(asked.when) and _matters(
            asked.id, held.conditions, questions, situation, ()
        ):
            yield asked


def _matters(
    name: str,
    consumers: tuple[When, ...],
    questions: list[AskedQuestion],
    situation: Situation,
    seen: tuple[str, ...],
) -> bool:
    """Whether some undecided condition reads the answer `name`, directly, through a derived
    answer, or through another question that matters itself."""
    if any(_reads(when, name) and situation.holds(when) is None for when in consumers):
        return True
    return any(
        _reads(other.when, name)
        and situation.holds(other.when) is None
        and other.id not in (name, *seen)
        and _matters(other.id, consumers, questions, situation, (*seen, name))
        for other in questions
    )


def _reads(when: When, name: str) -> bool:
    return any(key == name or (key in DERIVED and name in DERIVED[key].inputs) for key in when)


def _conditions(procedure: Procedure, on: date) -> tuple[When, ...]:
    """Conditions of everything but the questions."""
    steps = holding(procedure.steps, on)
    return (
        *(route.when for route in holding(procedure.routes, on)),
        *(paper.when for paper in holding(procedure.papers, on)),
        *(step.when for step in steps),
        *(trouble.when for step in steps for trouble in holding(step.trouble, on)),
        *(after.when for after in holding(procedure.after, on)),
        *(answer.when for answer in holding(procedure.answers, on)),
    )


def _fact_param(row: Fact) -> Param:
    return {"money": row.value} if row.unit == "dong" else row.value
