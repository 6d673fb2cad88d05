"""A citizen's case as a clerk explains it: every text in Vietnamese and in the citizen's language,
side by side, one stop after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.channels.base import Capabilities
from bot.engine import EngineTurn
from bot.render import Renderer
from bot.supplement import may_lack
from knowledge_base.guide import STEP, Journey, journey
from knowledge_base.load import KnowledgeBase
from knowledge_base.present import case, present
from knowledge_base.say import Choice, Say

PAGE = Capabilities(buttons=99, text_length=100_000, label_length=300, pictures=True)
SOURCE = "vi"


@dataclass(frozen=True)
class Pair:
    """A text in Vietnamese and in the citizen's language; `other` is None where it has none."""

    vi: str
    other: str | None = None
    draft: bool = False
    choices: Sequence[Pair] = ()


@dataclass(frozen=True)
class Stop:
    """A stop in the list of all."""

    id: str
    title: str


@dataclass(frozen=True)
class Case:
    """What the page shows."""

    title: Pair
    language: str
    answers: Sequence[Pair]
    stops: Sequence[Stop]
    at: str
    here: str
    """The stop the citizen is at."""
    said: Sequence[Pair]
    previous: str | None
    following: str | None
    papers: Sequence[Stop] = ()
    """What may be missing, to be chosen; titles in Vietnamese."""


class Desk:
    """Words a case in two languages."""

    def __init__(self, knowledge: KnowledgeBase, renderer: Renderer, on: date) -> None:
        self._knowledge, self._on = knowledge, on
        self._renderer = renderer.silent()

    def case(self, turn: EngineTurn, language: str, at: str | None = None) -> Case | None:
        """The case at one stop, by default where the citizen is; None while nothing is under
        way. Raises `NotCovered`, `UnknownId`."""
        if not turn.entry:
            return None
        under_way = journey(self._knowledge, turn.entry, turn.answers, self._on)
        stops = under_way.stops()
        here = turn.step if turn.step in stops else stops[-1]
        at = at if at in stops else here
        position = stops.index(at)
        return Case(
            title=self._pair(Say(f"{under_way.procedure.id}.title"), language),
            language=language,
            answers=[self._pair(say, language) for say in case(under_way)],
            stops=[Stop(stop, self._title(under_way, stop)) for stop in stops],
            at=at,
            here=here,
            said=[self._pair(say, language) for say in present(under_way, at)],
            previous=stops[position - 1] if position else None,
            following=stops[position + 1] if position + 1 < len(stops) else None,
            papers=[Stop(p.id, self._paper(under_way, p.id)) for p in may_lack(under_way)],
        )

    def _pair(self, say: Say, language: str) -> Pair:
        vi = self._renderer.render(say, SOURCE, PAGE)
        other = self._renderer.render(say, language, PAGE) if language != SOURCE else vi
        foreign = other.language != SOURCE
        choices = tuple(self._choices(say.choices, language))
        return Pair(vi.text, other.text if foreign else None, foreign and other.draft, choices)

    def _choices(self, choices: Iterable[Choice], language: str) -> Iterable[Pair]:
        for choice in choices:
            if not choice.value.startswith("answer:"):
                continue
            vi = self._renderer.phrase(choice.say, SOURCE, choice.params)
            other = self._renderer.phrase(choice.say, language, choice.params)
            foreign = other.language != SOURCE
            yield Pair(vi.text, other.text if foreign else None, foreign and other.draft)

    def _paper(self, under_way: Journey, paper: str) -> str:
        message = f"{under_way.procedure.id}.paper.{paper}"
        return self._renderer.phrase(message, SOURCE, under_way.params).text

    def _title(self, under_way: Journey, stop: str) -> str:
        asked = under_way.question(stop)
        if asked:
            message = asked.message
        elif stop.startswith(STEP):
            message = f"{under_way.procedure.id}.step.{stop.removeprefix(STEP)}"
        else:
            message = f"bot.counter_stop.{stop}"
        return self._renderer.phrase(message, SOURCE, under_way.params).text
