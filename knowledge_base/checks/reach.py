"""Reach: for every question, route, paper, step, note and trouble some family's answers lead to it.

Families are made up by walking through the guide with answers that suit what is looked for. What
no such walk meets is searched for through all answers; where these are too many, staff are told.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from knowledge_base.checks._needs import Answerable, Needs, answers_to
from knowledge_base.checks._parts import boundaries, whens
from knowledge_base.checks.routes import circles
from knowledge_base.errors import NhaRongError, Problem
from knowledge_base.guide import Journey, journey
from knowledge_base.items import places
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import Answer, Fact, Procedure, Route, UseQuestion, When, holding
from knowledge_base.yaml_lines import Location

WALKS = 40
"""Random families for one thing before all answers are tried."""
MOST_NODES = 400
"""Journeys looked at when all answers are tried."""
RISK = 0.05
"""How often a random family answers what leads away."""


@dataclass(frozen=True)
class Target:
    """A thing to be reached, on one of the days on which it begins to hold or anything changes."""

    message: str
    location: Location
    days: tuple[date, ...]
    when: When


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Everything no answers lead to; what was not reached though not all answers could be tried
    is a warning."""
    if any(circles(knowledge)):
        return  # who walks in one never arrives
    walker = Walker(knowledge)
    days = {day for procedure in knowledge.procedures.values() for day in boundaries(procedure)}
    for procedure in knowledge.procedures.values():
        document = knowledge.documents[procedure.id]
        for target in _targets(procedure, sorted(days)):
            reached = walker.reaches(procedure, target)
            if reached is False:
                told = f"no answers lead to '{target.message}'"
                yield document.problem(target.location, told)
            elif reached is None:
                told = f"'{target.message}' was not reached; {MOST_NODES} families were tried"
                yield document.problem(target.location, told, warning=True)


def _targets(procedure: Procedure, days: list[date]) -> Iterator[Target]:
    conditions = {location: when for location, when, _ in whens(procedure)}
    for place in places(procedure):
        if isinstance(place.item, Fact | Answer):
            continue
        held = tuple(day for day in days if place.item.valid.covers(day))
        when = dict(conditions.get(place.location, {}))
        if len(place.location) == 4:  # a trouble: its step has to be reached too
            when = {**conditions[place.location[:2]], **when}
        yield Target(place.message, place.location, held, when)


@dataclass
class Walker:
    """Walks families through the guide and remembers what they met, by day."""

    knowledge: KnowledgeBase
    met: dict[date, set[str]] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    _away: dict[date, set[tuple[str, str]]] = field(default_factory=dict)

    def leading_away(self, day: date) -> set[tuple[str, str]]:
        """Answers that a route reads: they end a walk early."""
        if day not in self._away:
            self._away[day] = {
                (name, value)
                for procedure in self.knowledge.procedures.values()
                for route in holding(procedure.routes, day)
                for name, some in self._read(procedure, route, day).items()
                for value in some
            }
        return self._away[day]

    def _read(self, procedure: Procedure, route: Route, day: date) -> Needs:
        needs = Answerable(self.knowledge, procedure, day).needs(route.when)
        return {} if isinstance(needs, str) else needs

    @cached_property
    def possible(self) -> dict[str, frozenset[str]]:
        """Every question's answers."""
        return {
            question.id: answers_to(question, procedure.checked)
            for procedure in self.knowledge.procedures.values()
            for question in procedure.questions
            if not isinstance(question, UseQuestion)
        }

    def reaches(self, procedure: Procedure, target: Target) -> bool | None:
        """Whether some family meets the target; None where not all could be tried."""
        certain = True
        for day in target.days:
            found = self._reaches(procedure, target, day)
            if found:
                return True
            certain = certain and found is not None
        return False if certain else None

    def _reaches(self, procedure: Procedure, target: Target, day: date) -> bool | None:
        met = self.met.setdefault(day, set())
        if target.message in met:
            return True
        answerable = Answerable(self.knowledge, procedure, day)
        needs = answerable.needs(target.when)
        if isinstance(needs, str):
            return True  # a condition that contradicts itself; another check tells it
        likely = answerable.needs(target.when, others=True)
        fitting = needs if isinstance(likely, str) else likely
        starts = [procedure.id, *self._entries(procedure.id)]
        for number in range(WALKS):
            start = starts[0] if number < WALKS // 2 else starts[number % len(starts)]
            self._walk(start, day, fitting, met)
            if target.message in met:
                return True
        return self._search(starts, target.message, day, needs, met)

    def _entries(self, procedure_id: str) -> list[str]:
        return [
            one.id
            for one in self.knowledge.procedures.values()
            if any(route.to == procedure_id for route in one.routes)
        ]

    def _walk(self, start: str, day: date, needs: Needs, met: set[str]) -> None:
        family = _Family(self, day, needs)
        try:
            meets(journey(self.knowledge, start, family, day), met)
        except NhaRongError:
            return  # nothing of it holds on that day

    def _search(
        self, starts: list[str], message: str, day: date, needs: Needs, met: set[str]
    ) -> bool | None:
        waiting: list[tuple[str, dict[str, str]]] = [(start, {}) for start in starts]
        nodes = 0
        while waiting:
            start, answers = waiting.pop()
            nodes += 1
            if nodes > MOST_NODES:
                return None
            try:
                found = journey(self.knowledge, start, answers, day)
            except NhaRongError:
                continue
            meets(found, met)
            if message in met:
                return True
            asked = found.next_question
            if asked:
                possible = needs.get(asked.id) or answers_to(asked.question, day)
                waiting += [(start, {**answers, asked.id: value}) for value in sorted(possible)]
        return False

    def answer(self, name: str, day: date, needs: Needs) -> str | None:
        """What a made-up family answers to a question."""
        possible = sorted(needs.get(name) or self.possible.get(name, frozenset()))
        away = self.leading_away(day)
        safe = [value for value in possible if (name, value) not in away]
        if safe and self.chance.random() > RISK:
            possible = safe
        return self.chance.choice(possible) if possible else None


class _Family(Mapping[str, str]):
    """A family that makes up its answer when it is asked."""

    def __init__(self, walker: Walker, day: date, needs: Needs) -> None:
        self.walker, self.day, self.needs = walker, day, needs

    def __getitem__(self, name: str) -> str:
        answer = self.walker.answer(name, self.day, self.needs)
        if answer is None:
            raise KeyError(name)
        return answer

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def meets(found: Journey, met: set[str]) -> None:
    """Add the message ids of everything a family meets on its way."""
    asked = [*found.asked, *([found.next_question] if found.next_question else [])]
    met |= {one.message for one in asked}
    met |= {f"{owner}.route.{route.id}" for owner, route in found.routes}
    if not found.complete:
        return
    name = found.procedure.id
    met |= {f"{name}.paper.{paper.id}" for paper in found.papers()}
    met |= {f"{name}.after.{after.id}" for after in found.after()}
    for step in found.steps():
        met.add(f"{name}.step.{step.id}")
        met |= {
            f"{name}.step.{step.id}.trouble.{trouble.id}"
            for trouble in step.trouble
            if trouble.valid.covers(found.situation.on)
            and found.situation.holds(trouble.when) is not False
        }
