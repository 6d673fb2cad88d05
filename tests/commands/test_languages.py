"""`rong languages` and `rong catalogs` on the files that ship."""

from __future__ import annotations

import json

from click.testing import CliRunner

from bot.commands import catalogs, languages
from knowledge_base.catalogs import Status
from knowledge_base.languages import load_languages
from knowledge_base.load import load
from knowledge_base.messages import messages


def test_table_has_a_row_for_each_language() -> None:
    found = CliRunner().invoke(languages.command)
    assert found.exit_code == 0
    codes = [line.split()[0] for line in found.output.splitlines() if line.strip()]
    assert [code for code in codes if code in load_languages().by_code] == list(
        load_languages().by_code
    )


def test_json_counts_every_text_once() -> None:
    found = CliRunner().invoke(languages.command, ["--json"])
    table = json.loads(found.output)
    total = len(list(messages(load())))
    for code, row in table.items():
        assert sum(row[status.value] for status in Status) == total, code
        for status in Status:
            parts = (catalog[status.value] for catalog in row["catalogs"].values())
            assert row[status.value] == sum(parts), code
    assert table["vi"]["reviewed"] == total
    assert table["en"]["untranslated"] == 0
    assert table["bdq"]["reviewed"] == table["jra"]["reviewed"] == 0
    assert table["bdq"]["draft"] > 0
    assert table["jra"]["draft"] > 0


def test_check_finds_nothing_in_what_ships() -> None:
    found = CliRunner().invoke(catalogs.command, ["check"])
    assert (found.exit_code, found.output) == (0, "no problems\n")
