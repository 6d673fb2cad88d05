"""A family's checklist: what stands on the paper it takes along, as data.

Made of what the guide says at its stops (`knowledge_base.present`), so that nothing is printed
that would not be said. `typeset` makes the PDF of it, `checklist.html` the page to print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from bot.channels.base import Capabilities
from bot.documents.words import Wordbook, Words
from bot.render import Renderer
from knowledge_base import present
from knowledge_base.guide import AFTER, STEP, Journey
from knowledge_base.say import Say
from knowledge_base.schema import Paper, holding

ASK = "bot.ask_clerk_about"
GROUP = "bot.papers_"
PAPER = Capabilities(pictures=True)
CODE = "code"
"""Fact that holds the procedure's code."""


@dataclass(frozen=True)
class Row:
    """A line of the checklist; `detail` is smaller, beneath it."""

    words: Words
    detail: Words | None = None
    picture: str | None = None


@dataclass(frozen=True)
class Group:
    """Rows under a heading. `handling` is a way of handling papers, or `maybe`."""

    heading: Words
    handling: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Checklist:
    """One family's checklist. `language` is the second language, empty where
    nothing on it is translated."""

    procedure: str
    title: Words
    code: Words | None
    commune: Words | None
    printed: Words
    language: str
    picture: str
    headings: dict[str, Words]
    notes: tuple[Words, ...] = ()
    why: tuple[Words, ...] = ()
    groups: tuple[Group, ...] = ()
    facts: tuple[Group, ...] = ()
    steps: tuple[Row, ...] = ()
    case: tuple[Words, ...] = ()
    ask: tuple[Words, ...] = ()
    sources: tuple[str, ...] = ()
    draft: bool = False
    """Whether anything on it is a translation nobody has reviewed."""


HEADINGS = {
    "steps": "bot.checklist_steps",
    "ask": "bot.checklist_ask",
    "sources": "bot.sources_intro",
    "case": "bot.handover_case",
    "dossier": "bot.checklist_dossier_code",
    "print": "bot.checklist_print",
    "download": "bot.checklist_download",
    "draft": "bot.draft_mark",
    "source": "bot.library_source",
}


def checklist(journey: Journey, renderer: Renderer, language: str, printed: date) -> Checklist:
    """The checklist of a journey, in Vietnamese and `language`. Raises `UnknownId` for a language
    that does not exist."""
    return _Writer(journey, renderer, language).written(printed)


@dataclass
class _Writer:
    """Collects what is to be asked and the sources while it words the rest."""

    journey: Journey
    renderer: Renderer
    language: str
    asks: dict[Words, None] = field(default_factory=dict)
    lines: dict[str, None] = field(default_factory=dict)
    drafts: bool = False
    translated: bool = False

    def __post_init__(self) -> None:
        self.silent = self.renderer.silent()
        knowledge = self.journey.knowledge
        self.book = Wordbook(self.renderer, knowledge, self.language, self.journey.params)

    def written(self, printed: date) -> Checklist:
        journey = self.journey
        procedure = journey.procedure
        handover = journey.handover is not None
        groups = () if handover else (*self.papers(), *self.maybe())
        facts = () if handover else tuple(self.facts())
        steps = () if handover else tuple(self.steps())
        case = present.case(journey) if handover else ()
        self.after()
        why = tuple(words for say in present.whys(journey) for words in self.words(say))
        code = journey.params.get(CODE)
        commune = {"commune", "province"} <= journey.knowledge.office_params.keys()
        plain = Checklist(
            procedure=procedure.id,
            title=self.word(f"{procedure.id}.title"),
            code=self.book("bot.checklist_code", {"code": code}) if code else None,
            commune=self.book("bot.checklist_commune") if commune else None,
            printed=self.book("bot.checklist_printed", {"date": {"date": printed.isoformat()}}),
            language="",
            picture=procedure.picture or "paper",
            headings={name: self.book(message) for name, message in HEADINGS.items()},
            notes=tuple(self.notes()),
            why=why,
            groups=groups,
            facts=facts,
            steps=steps,
            case=tuple(self.seen(self.book.say(say)) for say in case),
        )
        asks, lines = tuple(self.asks), tuple(self.lines)
        language = self.language if self.translated else ""
        return replace(plain, language=language, ask=asks, sources=lines, draft=self.drafts)

    def notes(self) -> Iterator[Words]:
        """What must be known about the list itself."""
        if self.journey.handover:
            yield self.word("bot.handover")
        if self.journey.next_question:
            yield self.word("bot.checklist_unfinished")
        for say in present.to_confirm(self.journey):
            yield self.book.say(say)

    def papers(self) -> Iterator[Group]:
        """The family's papers, a group for each way they are handled."""
        for say in present.papers(self.journey):
            group = self.group(say, say.say.removeprefix(GROUP))
            if group.rows:
                yield group

    def maybe(self) -> Iterator[Group]:
        """Papers that hang on questions nobody has answered."""
        journey = self.journey
        held = holding(journey.procedure.papers, journey.situation.on)
        unknown = [p for p in held if journey.situation.holds(p.when) is None]
        if journey.next_question and unknown:
            items = tuple(present.paper_say(journey, paper) for paper in unknown if _needed(paper))
            group = self.group(Say("bot.checklist_maybe", items=items), "maybe")
            if group.rows:
                yield group

    def facts(self) -> Iterator[Group]:
        """Where, fee, time and deadline, as the outcome says them."""
        for topic in present.OUTCOME_TOPICS:
            says = present.answers_about(self.journey, topic)
            group = self.group(Say(f"topic.{topic}", items=says), topic)
            if group.rows:
                yield group

    def steps(self) -> Iterator[Row]:
        """The steps by their titles."""
        for step in self.journey.steps():
            say = present.present(self.journey, STEP + step.id)[0]
            yield from self.rows([replace(say, items=())])
            for item in (*say.items, *present.troubles(self.journey, step.id)[0].items):
                self.asked(item)

    def after(self) -> None:
        """What comes later is only on the list where the clerk must be asked about it."""
        for say in present.present(self.journey, AFTER):
            for item in say.items:
                self.asked(item)

    def group(self, say: Say, handling: str) -> Group:
        """A heading and its rows."""
        return Group(self.word(say.say), handling, tuple(self.rows(say.items)))

    def rows(self, says: Iterable[Say]) -> Iterator[Row]:
        """Rows of what may be said; what may not is collected to be asked."""
        for say in says:
            if self.asked(say):
                continue
            self.sourced(say)
            detail = next((self.seen(self.book.say(item)) for item in say.items), None)
            yield Row(self.seen(self.book.say(say)), detail, say.picture)

    def words(self, say: Say) -> Iterator[Words]:
        """The words of one say, if it may be said."""
        yield from (row.words for row in self.rows([say]))

    def asked(self, say: Say) -> bool:
        """Whether a say only tells what to ask; then it is kept for the end."""
        about = say.params.get("about")
        if say.say != ASK or not isinstance(about, dict):
            return False
        self.asks[self.word(about["say"])] = None
        return True

    def sourced(self, say: Say) -> None:
        """Keep who stands for a say."""
        bare = Say(say.say, say.params, sources=say.sources, confirmed=say.confirmed)
        lines = self.silent.render(bare, "vi", PAPER).sources
        self.lines.update(dict.fromkeys(lines))

    def word(self, message: str) -> Words:
        return self.seen(self.book(message))

    def seen(self, words: Words) -> Words:
        self.drafts = self.drafts or words.draft
        self.translated = self.translated or words.other is not None
        return words


def _needed(paper: Paper) -> bool:
    return paper.handling != "not_needed"
