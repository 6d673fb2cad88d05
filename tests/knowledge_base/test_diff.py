"""`rong diff`: what a change of one text tells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands.diff import command
from knowledge_base.diff import Side, differences
from knowledge_base.load import load

SOURCES = "S1: {title: Cổng, grade: A}\nS2: {title: Tóm tắt, grade: C}\n"
PROCEDURE = """\
id: small
title: Việc nhỏ
short: Việc nhỏ
checked: 2026-11-23
review_by: 2027-02-01
periods:
  now: {from: 2026-01-01}
  later: {from: 2027-03-01}
default_period: now
why_this: Vì thế.
facts:
  fee: [{value: 8000, unit: dong, source: S1, valid: {from: 2026-01-01, until: 2027-02-28}}]
questions:
  - id: married
    kind: yes_no
    text: Đã kết hôn chưa?
    reask: Kết hôn chưa?
    why: Để biết.
    help: Xem giấy.
papers:
  - {id: letter, title: Giấy cam đoan, handling: submit, when: {married: no}, source: S1}
answers:
  - {id: fee, topic: fee, text: Lệ phí thu một lần., source: S2, about: lệ phí}
"""


def folder(place: Path, *changes: tuple[str, str]) -> Path:
    text = PROCEDURE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (place / "knowledge_base" / "procedures" / "small").mkdir(parents=True)
    root = place / "knowledge_base"
    (root / "sources.yml").write_text(SOURCES, encoding="utf-8")
    (root / "phrases.yml").write_text('bot.greet: "Xin chào."\n', encoding="utf-8")
    (root / "procedures" / "small" / "procedure.yml").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("value: 8000", "value: 5000", ["fact 'fee.2026-01-01': value: “8000” → “5000”"]),
        (
            "papers:\n",
            "papers:\n  - {id: card, title: Căn cước, handling: present, source: S2, about: x}\n",
            ["paper 'card' added: “Căn cước” (citizens are sent to the clerk for it)"],
        ),
        (
            "when: {married: no}",
            "when: {married: yes}",
            ["paper 'letter': who it is for: “married: no” → “married: yes”"],
        ),
        (
            "handling: submit",
            "handling: present",
            ["paper 'letter': how it is handled: “submit” → “present”"],
        ),
        (
            "Đã kết hôn chưa?",
            "Cưới chưa?",
            ["question 'married': text: “Đã kết hôn chưa?” → “Cưới chưa?”"],
        ),
        ("source: S2", "source: S1", ["answer 'fee' is now told as a fact: “Lệ phí thu một lần.”"]),
        (
            "until: 2027-02-28",
            "until: 2027-01-31",
            [
                "fact 'fee.2026-01-01': the days it holds: “2026-01-01 – 2027-02-28” → "
                "“2026-01-01 – 2027-01-31”"
            ],
        ),
        (
            "id: letter",
            "id: pledge",
            ["paper 'letter' removed: “Giấy cam đoan”", "paper 'pledge' added: “Giấy cam đoan”"],
        ),
        ("Để biết.", "Để biết.\n    note: for staff", []),
    ],
)
def test_a_change_in_words(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    before, after = folder(tmp_path / "a"), folder(tmp_path / "b", (old, new))
    found = list(differences(Side(load(before)), Side(load(after))))
    assert [change.text for change in found] == told
    assert {change.procedure for change in found} <= {"small"}


def test_between_two_days(tmp_path: Path) -> None:
    knowledge = load(folder(tmp_path))
    sides = Side(knowledge, date(2027, 2, 28)), Side(knowledge, date(2027, 3, 1))
    assert [change.text for change in differences(*sides)] == ["fact 'fee' removed: 8000 dong"]


def test_the_command_compares_folders_and_revisions(tmp_path: Path) -> None:
    folder(tmp_path / "a")
    folder(tmp_path / "b", ("value: 8000", "value: 5000"))
    run = CliRunner().invoke(command, [str(tmp_path / "a"), str(tmp_path / "b")])
    assert run.exit_code == 0
    assert run.stdout == "small:\n  - fact 'fee.2026-01-01': value: “8000” → “5000”\n"
    same = CliRunner().invoke(command, ["HEAD", "HEAD"])
    assert same.exit_code == 0
    assert same.stdout == ""
    assert "nothing changes" in same.stderr
    gone = CliRunner().invoke(command, ["no-such-revision"])
    assert "neither a folder with knowledge_base nor a revision" in str(gone.exception)
