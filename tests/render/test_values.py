"""Dates, money and cutting, from `values.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.render.labels import fit
from bot.render.values import word_date, word_money
from knowledge_base.errors import RenderError
from knowledge_base.fold import graphemes
from knowledge_base.languages import load_languages

CASES = yaml.safe_load(Path(__file__).with_name("values.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["dates"], ids=str)
def test_date(case: dict[str, Any]) -> None:
    values = load_languages().values(case["language"])
    if case.get("error"):
        with pytest.raises(RenderError):
            word_date(case["iso"], values)
    else:
        assert word_date(case["iso"], values) == case["text"]


@pytest.mark.parametrize("case", CASES["money"], ids=str)
def test_money(case: dict[str, Any]) -> None:
    assert word_money(case["dong"], load_languages().values(case["language"])) == case["text"]


@pytest.mark.parametrize("case", CASES["cut"], ids=str)
def test_label_fits(case: dict[str, Any]) -> None:
    found = fit(case["text"], case["limit"])
    assert found == case["cut"]
    assert len(list(graphemes(found))) <= case["limit"]
