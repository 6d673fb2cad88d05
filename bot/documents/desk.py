"""Where documents are asked for: one knowledge base, its words and its languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.documents.checklist import Checklist, checklist
from bot.render import Renderer
from knowledge_base.guide import journey
from knowledge_base.languages import Languages
from knowledge_base.load import KnowledgeBase


@dataclass(frozen=True)
class Desk:
    """Makes documents of what is known. Made anew when the knowledge base is read again."""

    knowledge: KnowledgeBase
    renderer: Renderer
    languages: Languages

    def checklist(
        self, procedure: str, answers: Mapping[str, str], language: str, on: date
    ) -> Checklist:
        """A family's checklist on a day. Raises `UnknownId` and `NotCovered`."""
        code = self.languages.resolve(language)
        return checklist(journey(self.knowledge, procedure, answers, on), self.renderer, code, on)
