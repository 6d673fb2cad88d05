"""What the linker makes of messages that name a procedure, two, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.understanding import Understanding
from knowledge_base.fold import strip_marks
from knowledge_base.links import Link, load_links
from knowledge_base.schema import TOPICS

MOST_LOST = 0.1
"""Of the wishes for one procedure; "em muốn làm người khuyết tật" is hardly one."""

CASES = yaml.safe_load(Path(__file__).with_name("linker_cases.yml").read_text("utf-8"))
LINKS = load_links(Path(__file__).parents[2] / "knowledge_base" / "procedures")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_case(case: dict[str, Any], understanding: Understanding) -> None:
    found = understanding.read(case["text"])
    if "or" in case:
        assert {found.procedure, found.runner_up} == {case["means"], case["or"]}
    else:
        assert (found.procedure, found.runner_up) == (case["means"], None)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.id)
def test_names_of_a_procedure_link_to_it_and_no_other_steals_them(
    link: Link, understanding: Understanding
) -> None:
    wrong = {}
    for name in link.texts:
        for text in (name, f" {strip_marks(name).upper()}! "):
            found = understanding.read(text)
            if link.id not in (found.procedure, found.runner_up) or found.topic not in TOPICS:
                wrong[text] = found
    assert not wrong


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.id)
def test_a_wish_for_it_by_name_links_to_it(link: Link, understanding: Understanding) -> None:
    """The name is no longer all that is said: the models have to tell."""
    names = [name for name in (link.title, *link.aliases) if not name[0].isdigit()]
    wishes = [f"em muốn làm {name[:1].lower()}{name[1:]} ạ" for name in names]
    found = [understanding.read(wish) for wish in wishes]
    lost = [
        w for w, f in zip(wishes, found, strict=True) if link.id not in (f.procedure, f.runner_up)
    ]
    assert len(lost) <= MOST_LOST * len(wishes), lost
