"""Finds procedures in the library by words, with or without diacritics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.documents.library import Fact, Page, page
from bot.render import Renderer
from knowledge_base.errors import NotCovered
from knowledge_base.fold import fold, strip_marks
from knowledge_base.load import KnowledgeBase

TITLE, ALIAS, EXAMPLE, TEXT = 10.0, 8.0, 3.0, 2.0
"""How much a match counts by where it is."""
SAME, PHRASE, BEGINNING, EVERY_WORD = 4.0, 3.0, 2.5, 2.0
MARKED = 0.5
"""More for a match that has the diacritics as well."""
SHARE = 0.6
"""Of the words that were looked for, so many must be there."""
LONGEST = 200
"""Characters of a query that are looked at."""


@dataclass(frozen=True)
class Entry:
    """One text that can be found; `anchor` is the section it stands in."""

    weight: float
    text: str
    bare: str
    marked: str
    anchor: str = ""


@dataclass(frozen=True)
class Listed:
    """A procedure as the library lists it."""

    id: str
    title: str
    picture: str
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """What a page looks through while somebody types: titles and aliases, bare."""
        return " | ".join(entry.bare for entry in self.entries if entry.weight >= ALIAS)


@dataclass(frozen=True)
class Hit:
    """A procedure found. `text` is where, unless that is its title."""

    procedure: str
    score: float
    text: str | None
    anchor: str


def index(knowledge: KnowledgeBase, renderer: Renderer, on: date) -> dict[str, Listed]:
    """Everything that can be found on a day. What citizens may not be shown is not in it."""
    listed = {}
    for name, procedure in knowledge.procedures.items():
        try:
            shown = page(knowledge, renderer, name, "vi", on)
        except NotCovered:
            continue
        entries = [
            _entry(TITLE, procedure.title),
            _entry(TITLE, procedure.short),
            *(_entry(ALIAS, alias) for alias in procedure.aliases),
            *(_entry(EXAMPLE, example) for example in procedure.examples),
            *(_entry(TEXT, text, anchor) for text, anchor in _texts(shown)),
        ]
        listed[name] = Listed(name, procedure.title, procedure.picture or "paper", tuple(entries))
    return listed


def search(listed: dict[str, Listed], query: str) -> list[Hit]:
    """The procedures in which the query is found, best first."""
    bare, marked = strip_marks(query[:LONGEST]), fold(query[:LONGEST])
    if not bare:
        return []
    hits = []
    for one in listed.values():
        scored = [(_score(entry, bare, marked), entry) for entry in one.entries]
        score, entry = max(scored, key=lambda pair: pair[0])
        if score > 0:
            text = entry.text if entry.weight < TITLE else None
            hits.append(Hit(one.id, score, text, entry.anchor))
    return sorted(hits, key=lambda hit: -hit.score)


def _entry(weight: float, text: str, anchor: str = "") -> Entry:
    return Entry(weight, text, strip_marks(text), fold(text), anchor)


def _texts(shown: Page) -> Iterator[tuple[str, str]]:
    for section in shown.sections:
        for part in section.parts:
            for fact in part.facts:
                yield from ((text, section.id) for text in _of(fact))


def _of(fact: Fact) -> Iterator[str]:
    yield fact.text.vi
    for detail in fact.details:
        yield detail.vi
    for inner in fact.inner:
        yield from _of(inner)


def _score(entry: Entry, bare: str, marked: str) -> float:
    found = _match(entry.bare, bare)
    if not found:
        return 0.0
    better = MARKED if marked != bare and _match(entry.marked, marked) >= found else 0.0
    return entry.weight * (found + better)


def _match(text: str, wanted: str) -> float:
    """How well `wanted` is found in `text`, both folded; 0 where it is not."""
    if text == wanted:
        return SAME
    there, looked_for = f" {text} ", f" {wanted} "
    if looked_for in there:
        return PHRASE
    if looked_for[:-1] in there:
        return BEGINNING
    words = wanted.split()
    if " " in text and there in looked_for:
        return 1 + len(text.split()) / len(words)
    share = sum(f" {word}" in there for word in words) / len(words)
    if share == 1:
        return EVERY_WORD
    return share if share >= SHARE and len(words) > 2 else 0.0
