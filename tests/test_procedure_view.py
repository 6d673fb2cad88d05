"""`GET /api/procedures/{id}` for every procedure: each thing has words, sources and dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.content import read
from bot.procedure_view import procedure_view
from bot.render import Renderer

CONTENT = read()
KNOWLEDGE = CONTENT.knowledge
RENDERER = Renderer(KNOWLEDGE, CONTENT.catalogs, CONTENT.languages)
DAYS = (date(2026, 11, 23), date(2027, 3, 1))


def stated(view: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything in the view that a citizen is told."""
    yield from view["facts"].values()
    for part in ("routes", "papers", "steps", "after", "answers"):
        yield from view[part]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("procedure", sorted(KNOWLEDGE.procedures))
def test_everything_told_has_a_good_source_and_dates(procedure: str, day: date) -> None:
    view = procedure_view(KNOWLEDGE, RENDERER, procedure, "vi", day)
    assert view["overdue"] is (day > KNOWLEDGE.procedure(procedure).review_by)
    for told in stated(view):
        assert told["from"], told
        if "ask_clerk_about" in told:
            assert "text" not in told
        elif told.get("to") == "clerk":
            assert told["grade"] != "C", told  # kind words may stand without a source
        else:
            assert told["grade"] in ("A", "B") or told["confirmed"], told


@pytest.mark.parametrize("language", CONTENT.languages.offered())
def test_every_language(language: str) -> None:
    for procedure in KNOWLEDGE.procedures:
        view = procedure_view(KNOWLEDGE, RENDERER, procedure, language, DAYS[0])
        assert view["title"]["text"]
