"""What the linker makes of messages that name a procedure, two, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.understanding import Understanding
from knowledge_base.links import load_links

MOST_STOLEN = 0.05
MOST_LOST = 0.15
"""Of the words for one procedure; a bare word such as "người thuê trọ" can be anything."""

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
    link: Any, understanding: Understanding
) -> None:
    stolen, lost = [], []
    for text in link.texts:
        found = understanding.read(text)
        if found.procedure is None:
            lost.append(text)
        elif link.id not in (found.procedure, found.runner_up):
            stolen.append(f"{text!r} is taken for {found.procedure}")
    assert len(stolen) <= MOST_STOLEN * len(link.texts), stolen
    assert len(lost) <= MOST_LOST * len(link.texts), lost
