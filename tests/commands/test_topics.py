from __future__ import annotations

from click.testing import CliRunner

from bot.commands.topics import command


def test_the_table_has_every_procedure_and_an_honest_cell() -> None:
    today = CliRunner().invoke(command, ["--on", "2026-11-23"]).output
    later = CliRunner().invoke(command, ["--on", "2027-03-01"]).output
    row = next(line for line in today.splitlines() if "│ birth_registration " in line)
    after = next(line for line in later.splitlines() if "│ birth_registration " in line)
    assert row.count(" A ") > 8
    assert " A " not in after  # the new law is known second-hand only
    assert "ask" in after
    assert sum(line.startswith("│") for line in today.splitlines()) == 22
