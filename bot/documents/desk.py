"""Where documents are asked for: one knowledge base, its words and its languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.documents.checklist import Checklist, checklist
from bot.documents.flow import Flow, flow
from bot.documents.library import Page, page
from bot.documents.search import Listed, index
from bot.documents.words import Wordbook
from bot.render import Renderer
from knowledge_base.guide import journey
from knowledge_base.languages import Languages
from knowledge_base.load import KnowledgeBase

OTHER = "bot.library_other"
"""Message id of the theme of procedures without one."""
DAYS_KEPT = 8
"""Indexes of so many days are kept at once."""


@dataclass(frozen=True)
class Desk:
    """Makes documents of what is known. Made anew when the knowledge base is read again."""

    knowledge: KnowledgeBase
    renderer: Renderer
    languages: Languages
    _indexes: dict[date, dict[str, Listed]] = field(default_factory=dict, repr=False)

    def checklist(
        self, procedure: str, answers: Mapping[str, str], language: str, on: date
    ) -> Checklist:
        """A family's checklist on a day. Raises `UnknownId` and `NotCovered`."""
        code = self.languages.resolve(language)
        return checklist(journey(self.knowledge, procedure, answers, on), self.renderer, code, on)

    def page(self, procedure: str, language: str, on: date) -> Page:
        """A procedure's page of the library. Raises `UnknownId` and `NotCovered`."""
        code = self.languages.resolve(language)
        return page(self.knowledge, self.renderer, procedure, code, on)

    def flow(self, procedure: str, language: str, on: date) -> Flow:
        """A procedure's flow. Raises `UnknownId` and `NotCovered`."""
        code = self.languages.resolve(language)
        return flow(self.knowledge, self.renderer, procedure, code, on)

    def index(self, on: date) -> dict[str, Listed]:
        """What can be found in the library on a day. The first time takes most of a second."""
        if on not in self._indexes:
            made = index(self.knowledge, self.renderer, on)
            while len(self._indexes) >= DAYS_KEPT:
                self._indexes.pop(next(iter(self._indexes)), None)
            self._indexes[on] = made
        return self._indexes[on]

    def themes(self, on: date) -> dict[str, list[Listed]]:
        """The procedures of a day by the message id of their theme, as the menu orders them; what
        has no theme comes last."""
        grouped: dict[str, list[Listed]] = {f"theme.{name}": [] for name in self.knowledge.themes}
        for name, one in self.index(on).items():
            theme = f"theme.{self.knowledge.procedures[name].theme}"
            grouped.setdefault(theme if theme in grouped else OTHER, []).append(one)
        return {theme: found for theme, found in grouped.items() if found}

    def book(self, language: str) -> Wordbook:
        """Words for a page. Raises `UnknownId`."""
        return Wordbook(self.renderer, self.knowledge, self.languages.resolve(language))
