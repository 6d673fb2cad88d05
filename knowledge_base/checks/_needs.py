"""What must have been answered for a condition to hold: its own values, and those without which
its questions are not even asked. Necessary, not sufficient: what contradicts itself never holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from knowledge_base.checks._parts import asked, wanted
from knowledge_base.derived import DERIVED
from knowledge_base.load import AskedQuestion, KnowledgeBase
from knowledge_base.schema import Procedure, Question, When

DAYS_AGO = (3, 45, 200, 3 * 366, 10 * 366, 72 * 366, 80 * 366)
"""Dates tried as the answer to a question of dates: each side of every limit the law knows."""

Waiting = dict[str, str | tuple[str, ...]]
Needs = dict[str, frozenset[str]]
"""Question → the answers it may have."""


@dataclass(frozen=True)
class Answerable:
    """A procedure on a day: its questions and the answers they can have."""

    knowledge: KnowledgeBase
    procedure: Procedure
    day: date

    @cached_property
    def questions(self) -> Mapping[str, AskedQuestion]:
        return asked(self.knowledge, self.procedure)

    @cached_property
    def facts(self) -> Mapping[str, int | str]:
        return self.knowledge.facts(self.procedure, self.day)

    def answers(self, name: str) -> frozenset[str]:
        """The answers a question can have; some dates for a question of dates."""
        one = self.questions.get(name)
        return answers_to(one.question, self.day) if one else frozenset()

    def needs(self, when: When, *, others: bool = False) -> Needs | str:
        """What `when` needs, or the name of the answer that contradicts itself.

        A question that another procedure words may have been answered before the family was led
        here; only with `others` is it taken to be asked here."""
        found: Needs = {}
        waiting: Waiting = dict(when)
        followed: set[str] = set()
        while waiting:
            name, value = waiting.popitem()
            question, allowed = self._allowed(name, wanted(value))
            if question is None:
                continue
            allowed &= found.get(question, allowed)
            if not allowed:
                return name
            found[question] = allowed
            if question not in followed:
                followed.add(question)
                own = self.questions[question].owner == self.procedure.id
                clash = self._follow(question, waiting, found) if own or others else None
                if clash:
                    return clash
        return found

    def _follow(self, question: str, waiting: Waiting, found: Needs) -> str | None:
        for name, value in self.questions[question].when.items():
            inner, allowed = self._allowed(name, wanted(value))
            if inner is None:
                continue
            allowed &= found.get(inner, allowed)
            if not allowed:
                return name
            found[inner] = allowed
            waiting.setdefault(name, value)
        return None

    def _allowed(self, name: str, values: tuple[str, ...]) -> tuple[str | None, frozenset[str]]:
        derived = DERIVED.get(name)
        if derived is None:
            return (name if name in self.questions else None), frozenset(values)
        if len(derived.inputs) != 1 or derived.inputs[0] not in self.questions:
            return None, frozenset()
        question = derived.inputs[0]
        fitting = (
            answer
            for answer in self.answers(question)
            if derived.compute({question: answer}, self.facts, self.day) in values
        )
        return question, frozenset(fitting)


def answers_to(question: Question, day: date) -> frozenset[str]:
    """The answers a question can have, on `day`."""
    own = {choice.value for choice in question.choices}
    if question.kind == "yes_no":
        own |= {"yes", "no"}
    elif question.kind == "date":
        own |= {(day - timedelta(days=ago)).isoformat() for ago in DAYS_AGO}
    return frozenset(own)
