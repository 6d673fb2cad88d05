"""The library's search, and what stands on its pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.documents.desk import Desk
from bot.documents.library import Fact, Page
from bot.documents.search import search
from knowledge_base.schema import SHOWABLE
from tests.documents.conftest import BASE, TODAY, WALK

CASES = yaml.safe_load(Path(__file__).with_name("search.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_found_first(desk: Desk, case: dict[str, Any]) -> None:
    hits = search(desk.index(TODAY), case["query"])
    assert (hits[0].procedure if hits else None) == case.get("first")


def test_titles_come_before_texts(desk: Desk) -> None:
    hits = search(desk.index(TODAY), "khai sinh")
    named = [hit.score for hit in hits if hit.text is None]
    told = [hit.score for hit in hits if hit.anchor]
    assert named
    assert told
    assert min(named) > max(told)


def test_a_long_query_is_harmless(desk: Desk) -> None:
    assert isinstance(search(desk.index(TODAY), "khai sinh " * 10_000), list)


def test_withheld_texts_cannot_be_found(desk: Desk) -> None:
    texts = {entry.text for one in desk.index(TODAY).values() for entry in one.entries}
    items = [pair for procedure in BASE.procedures.values() for pair in procedure.sourced()]
    shown = {BASE.texts.get(message) for message, item in items if BASE.shows(item)}
    withheld = {BASE.texts.get(message) for message, item in items if not BASE.shows(item)}
    assert len(withheld - shown) > 20
    assert not (withheld - shown - {None}) & texts


def test_every_procedure_has_a_theme_once(desk: Desk) -> None:
    themes = desk.themes(TODAY)
    found = [one.id for ones in themes.values() for one in ones]
    assert sorted(found) == sorted(desk.index(TODAY))
    assert all(theme in BASE.texts for theme in themes)


def facts(page: Page) -> list[Fact]:
    found = [fact for section in page.sections for part in section.parts for fact in part.facts]
    found += [page.code] if page.code else []
    return found + [inner for fact in found for inner in fact.inner]


@pytest.mark.parametrize(("procedure", "on"), WALK)
def test_every_fact_has_source_and_dates(desk: Desk, procedure: str, on: date) -> None:
    page = desk.page(procedure, "vi", on)
    for fact in facts(page):
        assert fact.valid.vi, fact
        stands = fact.sources or fact.confirmed
        if fact.ask:
            assert not stands
            continue
        only_a_pointer = fact.text.vi.startswith(("Gặp cán bộ", "Chuyển sang")) and not fact.details
        assert stands or only_a_pointer, fact.text
        assert all(source.dated.vi and source.grade.vi for source in fact.sources)


@pytest.mark.parametrize(("procedure", "on"), WALK)
def test_everything_that_holds_is_on_the_page(desk: Desk, procedure: str, on: date) -> None:
    """By the number of things: nothing is left out, nothing that does not hold is there."""
    data = BASE.procedure(procedure)
    page = desk.page(procedure, "vi", on)
    held = [
        item
        for message, item in data.sourced()
        if item.valid.covers(on) and ".fact." not in message
    ]
    shown = [fact for fact in facts(page) if fact is not page.code]
    hidden_under_withheld_steps = sum(
        1
        for step in data.steps
        if step.valid.covers(on) and not BASE.shows(step)
        for trouble in step.trouble
        if trouble.valid.covers(on) and BASE.shows(trouble)
    )
    assert len(shown) == len(held) - hidden_under_withheld_steps
    grades = {BASE.sources[name].grade for item in held for name in item.source}
    assert grades & SHOWABLE or any(fact.ask for fact in shown) or not held
