"""Every file of nlu_data is named, with its licence, in the ORIGIN.md of its language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import PROJECT

ORIGIN = "ORIGIN.md"
ROW = re.compile(r"^\| `([^`]+\.yml)` \|.*Apache-2\.0", re.MULTILINE)
LANGUAGES = sorted(path for path in (PROJECT / "nlu_data").iterdir() if path.is_dir())


def named(folder: Path) -> dict[str, set[Path]]:
    """The rows of a folder's table: a file, or `*` for the like files of one folder → the files."""
    rows = ROW.findall((folder / ORIGIN).read_text(encoding="utf-8"))
    return {row: set(folder.glob(row)) for row in rows}


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda path: path.name)
def test_every_file_has_an_origin_and_every_origin_a_file(folder: Path) -> None:
    rows = named(folder)
    assert [row for row, files in rows.items() if not files] == []
    there = {path for path in folder.rglob("*") if path.is_file() and path.name != ORIGIN}
    assert there - set().union(*rows.values()) == set()
    assert not {row for row in rows if row.split("/")[-1] == "*.yml" and "/" not in row}


def test_nothing_lies_outside_a_language() -> None:
    assert [path for path in (PROJECT / "nlu_data").iterdir() if path.is_file()] == []
