"""Texts that mean a procedure by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.components.text.names import Names
from bot.components.text.views import Shorthand, views

SHORTHAND = Shorthand.from_file()
MEANT = (
    ("Cấp sổ đỏ", "land"),
    ("sổ đỏ", "land"),
    ("giấy khai sinh", "birth"),
    ("1.001193", "birth"),
    ("trích lục", "extract"),
    ("trích lục", "copy"),
    ("bán đất", "sale"),
    ("bản đất", "map"),
)


@pytest.fixture(scope="module")
def names() -> Names:
    return Names.learn((views(text, SHORTHAND), procedure) for text, procedure in MEANT)


@pytest.mark.parametrize(
    ("text", "procedures"),
    [
        ("sổ đỏ", "land"),
        ("SỔ ĐỎ!", "land"),
        ("so do", "land"),
        ("  cấp  sổ đỏ ?", "land"),
        ("gks", "birth"),  # shorthand is written out
        ("1.001193", "birth"),
        ("mã 1.001193", None),
        ("làm sổ đỏ", None),  # more than the name: for the models to say
        ("sổ", None),
        ("trích lục", None),  # two are called so
        ("bán đất", "sale"),
        ("bản đất", "map"),
        ("ban dat", None),  # without marks it may be either
        ("sổ đỏ hay giấy khai sinh", "land birth"),
        ("so do hay la lam giay khai sinh truoc", None),  # more than a word beside the name
        ("so do hay la giay khai sinh truoc", "land birth"),
        ("sổ đỏ hoặc cấp sổ đỏ", None),  # the same
        ("sổ đỏ hay gì", None),
        ("sổ đỏ hay giấy khai sinh hay bán đất", None),
        ("", None),
        ("?!", None),
    ],
)
def test_what_a_text_means(names: Names, text: str, procedures: str | None, tmp_path: Path) -> None:
    meant = tuple(procedures.split()) if procedures else ()
    assert names.of(views(text, SHORTHAND)) == meant
    names.save(tmp_path)
    assert Names.load(tmp_path).of(views(text, SHORTHAND)) == meant
