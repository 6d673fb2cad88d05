"""What the docs name exists: commands, settings, files, pages; and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.settings import PROJECT, Settings

DOCS = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
COMMAND = re.compile(r"`rong ([a-z-]+)((?: [a-z][a-z-]*)*)")
SETTING = re.compile(r"\bRONG_[A-Z_]+\b")
FOR_TESTS = {"RONG_TEST_POSTGRESQL", "RONG_FUZZ_EXAMPLES"}
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def documented() -> set[str]:
    return {m.group(1) for doc in DOCS for m in COMMAND.finditer(doc.read_text(encoding="utf-8"))}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Rasa's own command line
@pytest.mark.parametrize("name", sorted(documented()))
def test_a_documented_command_runs(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "--help"], prog_name="rong")
    assert shown.exit_code == 0, shown.output
    assert "usage:" in shown.output.lower()


def test_every_command_is_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    named = {match.group(1) for match in COMMAND.finditer(readme)}
    for_makers = {"train", "icons", "screenshots", "catalogs"}
    assert set(CliRunner().invoke(cli, ["--help"]).output.split()) >= named
    with cli.make_context("rong", ["--help"], resilient_parsing=True) as context:
        assert set(cli.list_commands(context)) - named <= for_makers


def test_every_package_of_the_bot_is_on_the_map() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    tree = readme.split("## Map")[1].split("```")[1]
    mapped = re.findall(r"(\w+)/", "\n".join(line for line in tree.splitlines() if line[:1] == " "))
    there = {p.parent.name for p in (PROJECT / "bot").glob("*/*") if p.suffix in (".py", ".yml")}
    assert sorted(there) == sorted(mapped)


def test_settings_and_their_docs_are_the_same() -> None:
    operator = (PROJECT / "docs" / "operator.md").read_text(encoding="utf-8")
    there = {f"RONG_{name.upper()}" for name in Settings.model_fields}
    named = {name for doc in DOCS for name in SETTING.findall(doc.read_text(encoding="utf-8"))}
    assert {name for name in named if not name.endswith("_")} - FOR_TESTS <= there
    assert there - set(SETTING.findall(operator)) == set()


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_links_lead_somewhere(doc: Path) -> None:
    targets = LINK.findall(doc.read_text(encoding="utf-8"))
    assert [t for t in targets if not (doc.parent / t).exists()] == []
