"""Finds what the shape of the files alone can't tell; every problem at once, with its line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from knowledge_base.derived import DERIVED
from knowledge_base.errors import Problem, ProblemsFound, UnknownId
from knowledge_base.load import ROOT, KnowledgeBase, load, named
from knowledge_base.messages import PLACEHOLDER, messages
from knowledge_base.schema import (
    CLERK,
    SHOWABLE,
    TOPICS,
    Period,
    Procedure,
    Question,
    Sourced,
    UseQuestion,
    When,
    holding,
)
from knowledge_base.yaml_lines import Document, Location

COMPUTED = frozenset({"deadline_date"})
"""Placeholders that `derived.computed_params` fills."""
LONGEST_SENTENCE = 25
"""Words a sentence may have (house rule)."""
MOST_CHOICES = 4


def check(root: Path = ROOT) -> list[Problem]:
    """Every problem of the knowledge base in folder `root`; none means that it may be served."""
    try:
        knowledge = load(root)
    except ProblemsFound as error:
        return error.problems
    return sorted(
        {
            problem
            for procedure in knowledge.procedures.values()
            for problem in _Checker(knowledge, procedure).problems()
        }
        | set(_cycles(knowledge))
        | set(_unused_sources(knowledge, root))
        | set(_wording(knowledge))
    )


class _Checker:
    """Checks one procedure."""

    def __init__(self, knowledge: KnowledgeBase, procedure: Procedure) -> None:
        self.knowledge, self.procedure = knowledge, procedure
        self.document: Document = knowledge.documents[procedure.id]

    def problems(self) -> Iterator[Problem]:
        yield from self._questions()
        yield from self._ids()
        yield from self._conditions()
        yield from self._routes()
        yield from self._sources()
        yield from self._facts()
        yield from self._placeholders()
        yield from self._topics()

    def at(self, location: Location, message: str) -> Problem:
        return self.document.problem(location, message)

    def values(self) -> dict[str, set[str]]:
        """Answer → the values it can have; None of the derived ones can have others."""
        values: dict[str, set[str]] = {name: {"yes", "no"} for name in DERIVED}
        for question in self.procedure.questions:
            try:
                asked = self.knowledge.asked(self.procedure, question).question
            except UnknownId:
                continue
            own = {choice.value for choice in asked.choices}
            values[asked.id] = own | ({"yes", "no"} if asked.kind == "yes_no" else set())
        return values

    def _questions(self) -> Iterator[Problem]:
        for index, question in enumerate(self.procedure.questions):
            where: Location = ("questions", index)
            if isinstance(question, UseQuestion):
                try:
                    self.knowledge.asked(self.procedure, question)
                except UnknownId as error:
                    yield self.at((*where, "use"), str(error))
                continue
            if question.kind == "choice" and len(question.choices) < 2:
                yield self.at((*where, "choices"), "a choice question needs two choices or more")
            if len(question.choices) > MOST_CHOICES:
                found = len(question.choices)
                message = (
                    f"{found} choices; a screen shows {MOST_CHOICES} at most: ask in two steps"
                )
                yield self.at((*where, "choices"), message)
            if not self._read_by_something(question):
                yield self.at(where, f"nothing depends on '{question.id}': do not ask it")

    def _read_by_something(self, question: Question) -> bool:
        readers = [when for p in self.knowledge.procedures.values() for _, when in _whens(p)]
        inputs = {name for name, derived in DERIVED.items() if question.id in derived.inputs}
        return any(key == question.id or key in inputs for when in readers for key in when)

    def _ids(self) -> Iterator[Problem]:
        for name in ("questions", "routes", "papers", "steps", "after", "answers"):
            seen: set[str] = set()
            for index, item in enumerate(getattr(self.procedure, name)):
                item_id = item.use.rpartition(".")[2] if isinstance(item, UseQuestion) else item.id
                if item_id in seen:
                    message = f"'{item_id}' is the id of two of the {name}; rename one"
                    yield self.at((name, index, "id"), message)
                seen.add(item_id)

    def _conditions(self) -> Iterator[Problem]:
        values = self.values()
        for location, when in _whens(self.procedure):
            for key, wanted in when.items():
                try:
                    allowed = named(values, key, "question of this procedure or derived answer")
                except UnknownId as error:
                    yield self.at((*location, "when", key), str(error))
                    continue
                for value in (wanted,) if isinstance(wanted, str) else wanted:
                    if value not in allowed:
                        message = f"'{key}' can never be '{value}'; it is one of {sorted(allowed)}"
                        yield self.at((*location, "when", key), message)

    def _routes(self) -> Iterator[Problem]:
        for index, route in enumerate(self.procedure.routes):
            if route.to == CLERK:
                continue
            try:
                target = self.knowledge.procedure(route.to)
            except UnknownId as error:
                yield self.at(("routes", index, "to"), str(error))
                continue
            gap = _first_uncovered(route.valid, list(target.periods.values()))
            if gap:
                message = f"leads to '{route.to}' on {gap}, when nothing of that one holds"
                yield self.at(("routes", index, "to"), message)

    def _sources(self) -> Iterator[Problem]:
        for location, item in _sourced(self.procedure):
            for source in item.source:
                try:
                    named(self.knowledge.sources, source, "source of sources.yml")
                except UnknownId as error:
                    yield self.at((*location, "source"), str(error))
            handover = getattr(item, "to", None) == CLERK
            if not item.source:
                if not handover:  # kind words alone need no source
                    yield self.at(location, "has no source; name one of sources.yml")
                continue
            known = [self.knowledge.sources[s] for s in item.source if s in self.knowledge.sources]
            shown = any(source.grade in SHOWABLE for source in known)
            claims = not handover or any(source.grade == "C" for source in known)
            if claims and not shown and not item.about:
                message = "no source of grade A or B: write 'about', what to ask a clerk"
                yield self.at(location, message)

    def _facts(self) -> Iterator[Problem]:
        for name, rows in self.procedure.facts.items():
            for first, row in enumerate(rows):
                for second, other in enumerate(rows[first + 1 :], first + 1):
                    if _overlap(row.valid, other.valid):
                        message = f"'{name}' has two rows for {_overlap(row.valid, other.valid)}"
                        yield self.at(("facts", name, second), message)

    def _placeholders(self) -> Iterator[Problem]:
        for location, item in _sourced(self.procedure):
            if not self.knowledge.shows(item):
                continue
            texts = (getattr(item, name, None) or "" for name in ("text", "title", "detail"))
            for name in sorted({n for text in texts for n in PLACEHOLDER.findall(text)}):
                if name in COMPUTED:
                    continue
                rows = [
                    row.valid
                    for row in self.procedure.facts.get(name, ())
                    if self.knowledge.shows(row)
                ]
                if not rows:
                    message = f"{{{name}}} is not a fact that may be shown; facts: "
                    yield self.at(location, message + ", ".join(self.procedure.facts))
                    continue
                gap = _first_uncovered(item.valid, rows)
                if gap:
                    yield self.at(location, f"{{{name}}} has no value on {gap}, when this holds")

    def _topics(self) -> Iterator[Problem]:
        for index, answer in enumerate(self.procedure.answers):
            if answer.topic not in TOPICS:
                message = f"'{answer.topic}' is not a topic; topics: {', '.join(TOPICS)}"
                yield self.at(("answers", index, "topic"), message)


def _whens(procedure: Procedure) -> Iterator[tuple[Location, When]]:
    """Every condition with its location."""
    for name in ("questions", "routes", "papers", "steps", "after", "answers"):
        for index, item in enumerate(getattr(procedure, name)):
            yield (name, index), item.when or {}
            for number, trouble in enumerate(getattr(item, "trouble", ())):
                yield (name, index, "trouble", number), trouble.when


def _sourced(procedure: Procedure) -> Iterator[tuple[Location, Sourced]]:
    """Everything that states something, with its location."""
    for name, rows in procedure.facts.items():
        for index, row in enumerate(rows):
            yield ("facts", name, index), row
    for name in ("routes", "papers", "steps", "after", "answers"):
        for index, item in enumerate(getattr(procedure, name)):
            yield (name, index), item
            for number, trouble in enumerate(getattr(item, "trouble", ())):
                yield (name, index, "trouble", number), trouble


def _overlap(one: Period, other: Period) -> date | None:
    """The first day both hold on."""
    day = max(one.from_, other.from_)
    return day if one.covers(day) and other.covers(day) else None


def _first_uncovered(span: Period, rows: list[Period]) -> date | None:
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


def _cycles(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Routes that lead back to where they came from."""
    leads = {
        p.id: [(i, r.to) for i, r in enumerate(p.routes) if r.to in knowledge.procedures]
        for p in knowledge.procedures.values()
    }

    def reaches(start: str, goal: str, seen: frozenset[str]) -> bool:
        return any(
            to == goal or (to not in seen and reaches(to, goal, seen | {to}))
            for _, to in leads[start]
        )

    for procedure_id, routes in leads.items():
        for index, to in routes:
            if to == procedure_id or reaches(to, procedure_id, frozenset({to})):
                message = f"'{to}' leads back to '{procedure_id}': people would go in circles"
                yield knowledge.documents[procedure_id].problem(("routes", index, "to"), message)


def _unused_sources(knowledge: KnowledgeBase, root: Path) -> Iterator[Problem]:
    used = {
        source
        for procedure in knowledge.procedures.values()
        for _, item in _sourced(procedure)
        for source in item.source
    }
    used |= {
        source
        for procedure in knowledge.procedures.values()
        for question in procedure.questions
        if isinstance(question, Question)
        for source in question.source
    }
    for name in sorted(knowledge.sources.keys() - used):
        message = f"'{name}' is used by nothing; remove it"
        yield Problem(f"{root.name}/sources.yml", 1, message)


def _wording(knowledge: KnowledgeBase) -> Iterator[Problem]:
    for message in messages(knowledge):
        for sentence in message.text.replace("!", ".").replace("?", ".").split(". "):
            if len(sentence.split()) > LONGEST_SENTENCE:
                told = f"{message.id}: a sentence of {len(sentence.split())} words"
                yield Problem(message.path, message.line, f"{told}; {LONGEST_SENTENCE} at most")


def uncovered_topics(knowledge: KnowledgeBase, day: date) -> list[tuple[str, str]]:
    """(procedure, topic) about which nothing is written for `day`, not even what to ask."""
    listed = {"start", "documents", "steps"}
    return [
        (procedure.id, topic)
        for procedure in knowledge.procedures.values()
        if any(period.covers(day) for period in procedure.periods.values())
        for topic in TOPICS
        if topic not in listed | {a.topic for a in holding(procedure.answers, day)}
    ]
