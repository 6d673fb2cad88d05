"""Flow diagrams: every procedure, every day something changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from bot.documents.conditions import values_of
from bot.documents.desk import Desk
from bot.documents.flow import Flow
from bot.documents.flow_layout import layout
from bot.documents.flow_svg import svg
from knowledge_base.derived import DERIVED
from knowledge_base.schema import CLERK, holding
from tests.documents.conftest import BASE, TODAY, WALK
from tests.web.browser import Browser

SVG = "{http://www.w3.org/2000/svg}"


def words(text: str) -> Counter[str]:
    return Counter(text.split())


def texts(flow: Flow) -> Iterator[str]:
    yield flow.start
    for asked in flow.questions:
        yield asked.text
        yield asked.only_if or ""
        for answer in asked.answers:
            yield answer.text
            for lead in answer.leads:
                yield from (lead.text, lead.also or "")
    yield flow.outcome
    for lead in flow.leads:
        yield from (lead.text, lead.also or "")
    yield flow.everybody if flow.leads else ""
    yield f"* {flow.draft}" if flow.draft else ""


@pytest.mark.parametrize(("procedure", "on"), WALK)
def test_drawing_is_whole(desk: Desk, procedure: str, on: date) -> None:
    for language in ("vi", "en"):
        flow = desk.flow(procedure, language, on)
        root = ElementTree.fromstring(svg(flow))
        shown = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
        assert words(shown) == words(" ".join(texts(flow)))
        assert root.findtext(f"{SVG}title") == flow.title
        assert root.findtext(f"{SVG}desc") == flow.description
        assert "{" not in shown


@pytest.mark.parametrize(("procedure", "on"), WALK)
def test_nothing_overlaps_or_leaves_the_picture(desk: Desk, procedure: str, on: date) -> None:
    placed = layout(desk.flow(procedure, "vi", on))
    assert not [(a, b) for a, b in combinations(placed.boxes, 2) if a.overlaps(b)]
    for box in placed.boxes:
        assert 0 <= box.x < box.x + box.width <= placed.width
        assert 0 <= box.y < box.y + box.height <= placed.height


@pytest.mark.parametrize(("procedure", "on"), WALK)
def test_everything_of_the_data_is_drawn(desk: Desk, procedure: str, on: date) -> None:
    """Each question, and each route and paper once for every answer that leads to it."""
    data = BASE.procedure(procedure)
    flow = desk.flow(procedure, "vi", on)
    asked = BASE.questions(data, on)
    assert len(flow.questions) == len(asked)
    leads = [lead for q in flow.questions for answer in q.answers for lead in answer.leads]
    leads += flow.leads
    routes = holding(data.routes, on)
    assert {lead.to for lead in leads if lead.to} == {r.to for r in routes if r.to != CLERK}
    assert ("clerk" in {lead.kind for lead in leads}) == any(r.to == CLERK for r in routes)
    papers = holding(data.papers, on)
    assert sum(lead.kind in ("paper", "ask") for lead in leads) >= len(papers)
    for route in routes:
        assert all(values_of(wanted) for wanted in route.when.values())


def test_derived_answers_have_words() -> None:
    for name in DERIVED:
        for value in ("yes", "no"):
            assert f"bot.derived.{name}.{value}" in BASE.texts


def test_shapes_tell_the_kinds_apart_without_colour(desk: Desk) -> None:
    drawn = svg(desk.flow("birth_registration", "vi", TODAY))
    for colour in set(re.findall(r"#[0-9a-f]{6}", drawn)):
        assert colour[1:3] == colour[3:5] == colour[5:7], colour
    assert 'stroke-dasharray="8 4"' in drawn


def test_text_of_the_data_is_escaped(desk: Desk) -> None:
    flow = desk.flow("birth_registration", "vi", TODAY)
    drawn = svg(Flow("<a&b>", "", '"<b>&', (), "x", "y", (), None))
    assert ElementTree.fromstring(drawn).findtext(f"{SVG}title") == "<a&b>"
    assert flow.title == "Sơ đồ: Đăng ký khai sinh"


def test_words_stay_inside_their_boxes(desk: Desk, tmp_path: Path) -> None:
    """Measured by a browser, with our font."""
    drawings = [svg(desk.flow(p, "vi", on), font=n == 0) for n, (p, on) in enumerate(WALK)]
    page = tmp_path / "all.html"
    page.write_text(f"<meta charset=utf-8>{''.join(drawings)}", encoding="utf-8")
    browser = Browser.start(tmp_path / "profile")
    try:
        browser.driver.get(page.as_uri())
        too_wide = browser.driver.execute_async_script(
            """const done = arguments[0];
            document.fonts.load('700 15px "Noto Sans"').then(() => document.fonts.ready).then(() =>
              done([...document.querySelectorAll("g[data-shape]")].flatMap((node) => {
                const outline = node.firstChild.getBBox();
                return [...node.querySelectorAll("text")].filter((text) => {
                  const box = text.getBBox();
                  return box.x + box.width > outline.x + outline.width
                    || box.y + box.height > outline.y + outline.height + 4;
                }).map((text) => text.textContent);
              })));"""
        )
    finally:
        browser.driver.quit()
    assert too_wide == []


def test_the_command_writes_a_file_or_prints(tmp_path: Path) -> None:
    from bot.commands.draw import command

    path = tmp_path / "flow.svg"
    options = ["birth_registration", "--on", "2026-11-23", "--language", "en"]
    done = CliRunner().invoke(command, [*options, str(path)])
    assert done.exit_code == 0, done.output
    assert "data:font/woff2" in path.read_text(encoding="utf-8")
    printed = CliRunner().invoke(command, [*options, "--no-font"])
    assert ElementTree.fromstring(printed.output).tag == f"{SVG}svg"
    assert "Birth registration" in printed.output
