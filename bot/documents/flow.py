"""The flow of a procedure as data: its questions, their answers, and what each answer leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.documents.conditions import Conditions, values_of
from bot.documents.words import Wordbook
from bot.render import Renderer
from knowledge_base.derived import DERIVED
from knowledge_base.guide import journey
from knowledge_base.load import KnowledgeBase
from knowledge_base.present import question_choices
from knowledge_base.say import Param
from knowledge_base.schema import CLERK, Paper, Route, When, holding

Kind = Literal["clerk", "procedure", "paper", "ask"]


@dataclass(frozen=True)
class Lead:
    """What an answer leads to. `also` are the other conditions, `to` a procedure's id."""

    kind: Kind
    text: str
    also: str | None = None
    to: str | None = None


@dataclass(frozen=True)
class Answered:
    """One answer to a question."""

    text: str
    leads: tuple[Lead, ...]


@dataclass(frozen=True)
class Asked:
    """A question, when it is asked, and its answers."""

    text: str
    only_if: str | None
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class Flow:
    """A procedure's flow on one day in one language."""

    title: str
    description: str
    start: str
    questions: tuple[Asked, ...]
    outcome: str
    everybody: str
    leads: tuple[Lead, ...]
    """What holds for every family."""
    draft: str | None
    """Said beneath where something is an unreviewed translation."""


def flow(
    knowledge: KnowledgeBase, renderer: Renderer, procedure_id: str, language: str, on: date
) -> Flow:
    """Raises `UnknownId` and `NotCovered`."""
    return _Reader(knowledge, renderer, procedure_id, language, on).flow()


@dataclass
class _Reader:
    """Sorts everything that depends on answers under the last question it depends on."""

    knowledge: KnowledgeBase
    renderer: Renderer
    procedure_id: str
    language: str
    on: date
    placed: dict[tuple[str, str], list[Lead]] = field(default_factory=dict)
    """(answer's name, value) → leads; a derived answer stands under a question it is read from."""
    everybody: list[Lead] = field(default_factory=list)

    def __post_init__(self) -> None:
        knowledge, on = self.knowledge, self.on
        self.procedure = knowledge.covering(self.procedure_id, on)
        self.asked = {asked.id: asked for asked in knowledge.questions(self.procedure, on)}
        self.order = list(self.asked)
        self.params = journey(knowledge, self.procedure_id, {}, on).params
        self.book = Wordbook(self.renderer, knowledge, self.language, self.params)
        self.conditions = Conditions(knowledge, self.asked, self.params, numbered=True)

    def flow(self) -> Flow:
        procedure: Param = {"say": f"{self.procedure_id}.title"}
        named = {"procedure": procedure}
        for route in holding(self.procedure.routes, self.on):
            self.place(route.when, self.route(route))
        for paper in holding(self.procedure.papers, self.on):
            self.place(paper.when, self.paper(paper))
        title = self.book.marked("bot.flow_title", named)
        questions = tuple(self.question(number, name) for number, name in enumerate(self.order, 1))
        return Flow(
            title=title,
            description=self.book.marked("bot.flow_description"),
            start=self.book.marked(f"{self.procedure_id}.title"),
            questions=questions,
            outcome=self.book.marked("bot.flow_outcome", named),
            everybody=self.book.marked("bot.flow_everybody"),
            leads=tuple(self.everybody),
            draft=self.book.plain("bot.draft_mark") if self.book("bot.flow_title").draft else None,
        )

    def question(self, number: int, name: str) -> Asked:
        asked = self.asked[name]
        text: Param = {"say": asked.message, "with": self.params}
        worded = self.book.marked("bot.flow_question", {"number": number, "question": text})
        only_if = self.conditions.words(self.book, asked.when, "bot.flow_only_if")
        return Asked(worded, only_if, tuple(self.answers(name)))

    def answers(self, name: str) -> Iterator[Answered]:
        """The answers offered, a date, then what follows from them."""
        asked = self.asked[name]
        for choice in question_choices(asked, self.params):
            value = choice.value.partition(":")[2]
            label = self.book.marked(choice.say, choice.params)
            yield Answered(label, tuple(self.placed.pop((name, value), ())))
        if asked.question.kind == "date":
            yield Answered(self.book.marked("bot.flow_date"), ())
        for key in [key for key in self.placed if self.home(key[0]) == name]:
            label = self.book.marked("bot.flow_derived", {"answer": self.conditions.label(*key)})
            yield Answered(label, tuple(self.placed.pop(key)))

    def place(self, when: When, lead: Lead) -> None:
        """Put `lead` under the last question its condition reads."""
        homes = {name: self.home(name) for name in when}
        known = [name for name in when if homes[name] in self.asked]
        if not known:
            self.everybody.append(self.also(lead, when))
            return
        last = max(known, key=lambda name: (self.order.index(homes[name]), name in self.asked))
        implied = self.asked[homes[last]].when
        rest = {
            name: wanted
            for name, wanted in when.items()
            if name != last
            and not (name in implied and {*values_of(implied[name])} <= {*values_of(wanted)})
        }
        for value in values_of(when[last]):
            self.placed.setdefault((last, value), []).append(self.also(lead, rest))

    def home(self, name: str) -> str:
        """The question under which an answer stands: itself, or the last that it is read from."""
        inputs = DERIVED[name].inputs if name in DERIVED else ()
        asked = [one for one in inputs if one in self.asked]
        return max(asked, key=self.order.index) if asked else name

    def also(self, lead: Lead, when: When) -> Lead:
        also = self.conditions.words(self.book, when, "bot.flow_and")
        return Lead(lead.kind, lead.text, also, lead.to)

    def route(self, route: Route) -> Lead:
        if route.to == CLERK:
            return Lead("clerk", self.book.marked("bot.flow_clerk"))
        to: Param = {"say": f"{route.to}.title"}
        return Lead(
            "procedure", self.book.marked("bot.flow_procedure", {"procedure": to}), None, route.to
        )

    def paper(self, paper: Paper) -> Lead:
        name = f"{self.procedure_id}.paper.{paper.id}"
        if not self.knowledge.shows(paper):
            about: Param = {"say": f"{name}.about"}
            return Lead("ask", self.book.marked("bot.ask_clerk_about", {"about": about}))
        title: Param = {"say": name, "with": self.params}
        return Lead("paper", self.book.marked(f"bot.flow_paper_{paper.handling}", {"paper": title}))
