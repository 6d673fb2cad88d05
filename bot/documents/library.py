"""The library: everything of a procedure that citizens may be shown, on one day, as data.

A fact carries its sources, their grades and the days it holds. What no good source supports has
no text here, only what to ask the clerk about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from bot.documents.conditions import Conditions
from bot.documents.words import Wordbook, Words
from bot.render import Renderer
from knowledge_base.guide import journey
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.present import HANDLINGS
from knowledge_base.say import Param
from knowledge_base.schema import (
    CLERK,
    SHOWABLE,
    Paper,
    Route,
    Source,
    Sourced,
    Step,
    When,
    holding,
)

BEFORE_PAPERS = ("start", "who", "eligibility", "where", "office_hours")
BEFORE_STEPS = ("missing_document",)
BEFORE_AFTER = ("portal_problem", "fee", "duration", "deadline", "result", "track_dossier")
AT_END = ("penalty", "legal_basis")
"""Topics, in the order in which somebody preparing for a procedure would ask."""


@dataclass(frozen=True)
class SourceLine:
    """Where a fact was read."""

    title: str
    grade: Words
    dated: Words
    url: str | None


@dataclass(frozen=True)
class Fact:
    """One thing told. With `ask` the text is only what to ask a clerk about."""

    text: Words
    ask: bool
    valid: Words
    sources: tuple[SourceLine, ...] = ()
    confirmed: Words | None = None
    only_if: Words | None = None
    details: tuple[Words, ...] = ()
    picture: str | None = None
    link: str | None = None
    """Id of the procedure it leads to."""
    inner: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Part:
    """Facts under a heading of their own within a section."""

    heading: Words | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Section:
    """A section of a procedure's page; `id` is its anchor."""

    id: str
    heading: Words
    parts: tuple[Part, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Page:
    """A procedure's page."""

    id: str
    title: Words
    picture: str
    what: Words
    code: Fact | None
    checked: Words
    overdue: Words | None
    sections: tuple[Section, ...]
    changes: tuple[date, ...]
    """Days on which something of it begins to hold or holds no longer."""


def page(
    knowledge: KnowledgeBase, renderer: Renderer, procedure_id: str, language: str, on: date
) -> Page:
    """A procedure on a day. Raises `UnknownId` and `NotCovered`."""
    return _Writer(knowledge, renderer, procedure_id, language, on).page()


def changes(knowledge: KnowledgeBase, procedure_id: str) -> tuple[date, ...]:
    """Days on which something of a procedure begins to hold, or holds no longer."""
    procedure = knowledge.procedure(procedure_id)
    periods = [item.valid for _, item in procedure.sourced()]
    begins = {period.from_ for period in periods}
    ends = {period.until + timedelta(days=1) for period in periods if period.until}
    return tuple(sorted(begins | ends))


class _Writer:
    def __init__(
        self,
        knowledge: KnowledgeBase,
        renderer: Renderer,
        procedure_id: str,
        language: str,
        on: date,
    ) -> None:
        self.knowledge, self.on, self.id = knowledge, on, procedure_id
        self.procedure = knowledge.covering(procedure_id, on)
        self.rows = knowledge.fact_rows(self.procedure, on)
        params = journey(knowledge, procedure_id, {}, on).params
        self.book = Wordbook(renderer, knowledge, language, params)
        asked = {one.id: one for one in knowledge.questions(self.procedure, on)}
        self.conditions = Conditions(knowledge, asked, params)

    def page(self) -> Page:
        procedure, book = self.procedure, self.book
        overdue = self.knowledge.overdue(procedure, self.on)
        code = self.rows.get("code")
        days = {"date": _date(procedure.checked), "until": _date(procedure.review_by)}
        return Page(
            id=self.id,
            title=book(f"{self.id}.title"),
            picture=procedure.picture or "paper",
            what=book(f"{self.id}.why_this"),
            code=self.told(book("bot.checklist_code"), code) if code else None,
            checked=book("bot.library_checked", days),
            overdue=book("bot.ask_clerk_to_confirm") if overdue else None,
            sections=tuple(section for section in self.sections() if section.parts),
            changes=changes(self.knowledge, self.id),
        )

    def sections(self) -> Iterator[Section]:
        procedure, book = self.procedure, self.book
        yield from self.topics(BEFORE_PAPERS)
        papers = holding(procedure.papers, self.on)
        groups = [(h, tuple(p for p in papers if p.handling == h)) for h in HANDLINGS]
        parts = [
            Part(book(f"bot.papers_{handling}"), tuple(map(self.paper, group)))
            for handling, group in groups
            if group
        ]
        answers = _parts(self.answers("documents"))
        yield Section("papers", book("bot.library_papers"), (*answers, *parts))
        yield from self.topics(BEFORE_STEPS)
        steps = tuple(map(self.step, holding(procedure.steps, self.on)))
        answers = _parts(self.answers("steps"))
        parts = [*answers, *_parts(steps)]
        yield Section("steps", book("bot.library_steps"), tuple(parts), ordered=True)
        yield from self.topics(BEFORE_AFTER)
        after = (
            self.item(f"after.{one.id}", one, one.when, picture=one.picture)
            for one in holding(procedure.after, self.on)
        )
        yield Section("after", book("bot.library_after"), _parts(after))
        yield from self.topics(AT_END)
        routes = map(self.route, holding(procedure.routes, self.on))
        yield Section("routes", book("bot.library_routes"), _parts(routes))

    def topics(self, names: Iterable[str]) -> Iterator[Section]:
        for topic in names:
            yield Section(topic, self.book(f"topic.{topic}"), _parts(self.answers(topic)))

    def answers(self, topic: str) -> Iterator[Fact]:
        for answer in holding(self.procedure.answers, self.on):
            if answer.topic == topic:
                yield self.item(f"answer.{answer.id}", answer, answer.when)

    def paper(self, paper: Paper) -> Fact:
        details = ("detail",) if paper.detail else ()
        return self.item(f"paper.{paper.id}", paper, paper.when, details, picture=paper.picture)

    def step(self, step: Step) -> Fact:
        name = f"step.{step.id}"
        details = ["text"]
        for kind in ("tap", "type", "photograph"):
            details += [f"{kind}.{number}" for number in range(len(getattr(step, kind)))]
        troubles = tuple(
            self.item(f"{name}.trouble.{one.id}", one, one.when, ("remedy",), title=".wrong")
            for one in holding(step.trouble, self.on)
        )
        return self.item(name, step, step.when, details, inner=troubles, picture=step.picture)

    def route(self, route: Route) -> Fact:
        """Where it leads is told; why only where a good source says so."""
        if route.to == CLERK:
            text = self.book("bot.flow_clerk")
        else:
            text = self.book("bot.flow_procedure", {"procedure": {"say": f"{route.to}.title"}})
        why = (self.book(f"{self.id}.route.{route.id}"),) if self.knowledge.shows(route) else ()
        link = route.to if route.to in self.knowledge.procedures else None
        only_if = self.only_if(route.when)
        return self.told(text, route, only_if=only_if, details=why, link=link)

    def item(
        self,
        name: str,
        item: Sourced,
        when: When,
        details: Iterable[str] = (),
        title: str = "",
        **more: object,
    ) -> Fact:
        """Something of the procedure by its message id without the procedure's name."""
        message = f"{self.id}.{name}"
        only_if = self.only_if(when)
        if not self.knowledge.shows(item):
            asked = self.book("bot.ask_clerk_about", {"about": {"say": f"{message}.about"}})
            inner = tuple(fact for fact in more.get("inner", ()) if fact.ask)  # type: ignore[attr-defined]
            return Fact(asked, True, self.valid(item), only_if=only_if, inner=inner)
        words = [self.detail(f"{message}.{detail}", detail) for detail in details]
        used = [f"{message}{title}", *(f"{message}.{detail}" for detail in details)]
        facts = [self.rows[n] for n in self.placeholders(used) if n in self.rows]
        return self.told(
            self.book(f"{message}{title}"),
            item,
            facts,
            only_if=only_if,
            details=tuple(words),
            **more,
        )

    def detail(self, message: str, detail: str) -> Words:
        kind = detail.partition(".")[0]
        if kind in ("tap", "type", "photograph"):
            return self.book(f"bot.step_{kind}", {"what": {"say": message}})
        return self.book(message)

    def told(
        self, text: Words, item: Sourced, facts: Iterable[Sourced] = (), **more: object
    ) -> Fact:
        """A fact with who stands for it: its own sources, and those of the values in its text."""
        rows = [item, *facts]
        ids = dict.fromkeys(chain.from_iterable(row.source for row in rows))
        known = (self.knowledge.sources[name] for name in ids)
        sources = tuple(self.source(one) for one in known if one.grade in SHOWABLE)
        days = [row.confirmed.on for row in rows if row.confirmed]
        confirmed = self.book("bot.confirmed_by", {"date": _date(max(days))}) if days else None
        return Fact(text, False, self.valid(item), sources, confirmed, **more)  # type: ignore[arg-type]

    def source(self, source: Source) -> SourceLine:
        dated = source.dated
        return SourceLine(
            source.title,
            self.book(f"bot.grade.{source.grade}"),
            self.book("bot.library_dated", {"date": _date(dated)})
            if dated
            else self.book("bot.library_undated"),
            source.url,
        )

    def valid(self, item: Sourced) -> Words:
        period = item.valid
        if period.until is None:
            return self.book("bot.library_valid_from", {"from": _date(period.from_)})
        days = {"from": _date(period.from_), "until": _date(period.until)}
        return self.book("bot.library_valid", days)

    def only_if(self, when: When) -> Words | None:
        if not when:
            return None
        return self.book("bot.library_only_if", {"conditions": self.conditions.param(when)})

    def placeholders(self, messages: Iterable[str]) -> list[str]:
        texts = (self.knowledge.texts.get(message, "") for message in messages)
        return list(dict.fromkeys(chain.from_iterable(map(PLACEHOLDER.findall, texts))))


def _parts(facts: Iterable[Fact]) -> tuple[Part, ...]:
    kept = tuple(facts)
    return (Part(None, kept),) if kept else ()


def _date(day: date) -> Param:
    return {"date": day.isoformat()}
