"""What the linker makes of messages that name a procedure, two, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.understanding import Understanding
from knowledge_base.links import load_links

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
def test_every_name_of_a_procedure_links_to_it_and_no_other_steals_it(
    link: Any, understanding: Understanding
) -> None:
    stolen = []
    for text in link.texts:
        found = understanding.read(text)
        if link.id not in (found.procedure, found.runner_up):
            stolen.append(f"{text!r} is taken for {found.procedure}")
    assert len(stolen) <= len(link.texts) * 0.05, stolen
