"""What procedures are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.errors import ProblemsFound
from knowledge_base.links import load_links

PROCEDURES = Path(__file__).parents[2] / "knowledge_base" / "procedures"


def test_all_twenty_two_procedures_can_be_named() -> None:
    links = load_links(PROCEDURES)
    assert len(links) == 22
    assert all(link.aliases and link.examples for link in links)


def test_the_whole_procedure_comes_before_the_stand_in(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "link.yml").write_text("title: stand-in\n", "utf-8")
    (tmp_path / "a" / "procedure.yml").write_text("title: whole\nfee: 3\n", "utf-8")
    assert [link.texts for link in load_links(tmp_path)] == [("whole",)]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    faults = {"a": "aliases: [x]\n", "b": "title: [broken\n", "c": "title: t\naliases: word\n"}
    for name, content in faults.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "link.yml").write_text(content, "utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_links(tmp_path)
    assert [Path(p.path).parent.name for p in found.value.problems] == ["a", "b", "c"]
