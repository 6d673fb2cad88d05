"""A procedure as it holds on one day, for `GET /api/procedures/{id}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.render import Renderer
from knowledge_base.guide import journey
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.present import choice_message, question_choices
from knowledge_base.say import Param
from knowledge_base.schema import Sourced, holding


def procedure_view(
    knowledge: KnowledgeBase, renderer: Renderer, procedure_id: str, language: str, on: date
) -> dict[str, Any]:
    """The procedure's title, facts, questions, papers, steps and answers with their sources.

    What citizens may not be shown as a fact has no text, only what to ask a clerk about.
    Raises `UnknownId`, and `NotCovered` for a day on which nothing of it holds."""
    procedure = knowledge.covering(procedure_id, on)
    params = journey(knowledge, procedure_id, {}, on).params
    view = _View(knowledge, renderer.silent(), language, params)
    name = procedure.id
    return {
        "id": name,
        "title": view.words(f"{name}.title"),
        "on": on.isoformat(),
        "checked": procedure.checked.isoformat(),
        "review_by": procedure.review_by.isoformat(),
        "overdue": knowledge.overdue(procedure, on),
        "facts": {
            fact: {"value": row.value, "unit": row.unit, **view.source(row)}
            for fact, row in knowledge.fact_rows(procedure, on).items()
        },
        "questions": [
            {
                "id": asked.id,
                **view.words(asked.message),
                "when": dict(asked.when),
                "choices": [
                    {"value": value, **view.words(choice_message(asked, value))}
                    for value in (c.value.partition(":")[2] for c in question_choices(asked))
                ],
            }
            for asked in knowledge.questions(procedure, on)
        ],
        "routes": [
            {
                "to": route.to,
                "when": dict(route.when),
                **view.item(f"{name}.route.{route.id}", route),
            }
            for route in holding(procedure.routes, on)
        ],
        "papers": [
            {
                "id": paper.id,
                "handling": paper.handling,
                "when": dict(paper.when),
                **view.item(f"{name}.paper.{paper.id}", paper),
            }
            for paper in holding(procedure.papers, on)
        ],
        "steps": [
            {
                "id": step.id,
                "when": dict(step.when),
                **view.item(f"{name}.step.{step.id}", step, ".text"),
            }
            for step in holding(procedure.steps, on)
        ],
        "after": view.items((f"{name}.after.{a.id}", a) for a in holding(procedure.after, on)),
        "answers": [
            {"topic": a.topic, "when": dict(a.when), **view.item(f"{name}.answer.{a.id}", a)}
            for a in holding(procedure.answers, on)
        ],
    }


class _View:
    """Words and sources of one procedure in one language."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        renderer: Renderer,
        language: str,
        params: dict[str, Param],
    ) -> None:
        self._knowledge, self._renderer = knowledge, renderer
        self._language, self._params = language, params

    def words(self, message: str) -> dict[str, Any]:
        """A text with what a reader must know about it."""
        phrase = self._renderer.phrase(message, self._language, self._filled(message))
        return {
            "text": phrase.text,
            "language": phrase.language,
            "vi": phrase.vi,
            "draft": phrase.draft,
        }

    def item(self, message: str, item: Sourced, detail: str = "") -> dict[str, Any]:
        """A sourced thing: its words, or what to ask a clerk about. Kind words alone, which lead
        to a clerk, need no source."""
        if item.about and not self._knowledge.shows(item):
            return {"ask_clerk_about": self.words(f"{message}.about"), **self.source(item)}
        words = self.words(message)
        return (
            words | ({"detail": self.words(message + detail)} if detail else {}) | self.source(item)
        )

    def items(self, rows: Iterable[tuple[str, Sourced]]) -> list[dict[str, Any]]:
        """Several sourced things."""
        return [self.item(message, row) for message, row in rows]

    def source(self, item: Sourced) -> dict[str, Any]:
        """Where it stands, its best grade, the day the commune confirmed it, and the days it
        holds. The officer's name stays with staff."""
        sources = [(name, self._knowledge.sources[name]) for name in item.source]
        return {
            "sources": [{"id": name, "title": s.title, "grade": s.grade} for name, s in sources],
            "grade": min((s.grade for _, s in sources), default=None, key=_GRADES.index),
            "confirmed": item.confirmed.on.isoformat() if item.confirmed else None,
            "from": item.valid.from_.isoformat(),
            "until": item.valid.until.isoformat() if item.valid.until else None,
        }

    def _filled(self, message: str) -> dict[str, Param] | None:
        needed = set(PLACEHOLDER.findall(self._knowledge.texts[message]))
        return self._params if needed <= self._params.keys() else None


_GRADES: Sequence[str] = ("A", "B", "C", "I", "M")
