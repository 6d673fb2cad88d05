"""`rong stolen` on a small project with a thief planted, and without one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.commands import stolen
from bot.known_texts import known_texts
from bot.stolen import judge
from tests.small_project import usual, write

Run = Callable[..., Result]
Planted = tuple[str, str | None, str]
"""Intent, procedure, text."""

LAND_AS_CARD: Planted = ("fee", "card", "sổ đỏ hết bao nhiêu tiền")
FEE_AS_WHERE: Planted = ("where", "land", "làm sổ đỏ bao nhiêu tiền")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the usual texts and what is planted among them, in Vietnamese or in a
    folder of its own."""

    def ran(planted: Sequence[Planted], *options: str, abroad: bool = False) -> Result:
        ours, theirs = usual(), {}
        for intent, procedure, text in planted:
            (theirs if abroad else ours).setdefault((intent, procedure), []).append(text)
        write(tmp_path, vi=ours, en=theirs)
        monkeypatch.setattr(stolen, "PROJECT", tmp_path)
        return CliRunner().invoke(stolen.command, options)

    return ran


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        (LAND_AS_CARD, "(card) is taken for land"),
        (FEE_AS_WHERE, "(where) is taken for fee"),
    ],
    ids=["procedure", "topic"],
)
def test_a_thief_is_told_with_its_place(
    run: Run, tmp_path: Path, planted: Planted, told: str
) -> None:
    shown = run([planted])
    assert shown.exit_code == 0, shown.output
    lines = (tmp_path / "nlu_data/vi/nlu.yml").read_text("utf-8").splitlines()
    number = lines.index(f"    - {planted[2]}") + 1
    assert f'nlu_data/vi/nlu.yml:{number}: "{planted[2]}" {told}' in shown.output
    assert sum("is taken for" in line for line in shown.output.splitlines()) == 1
    kind = "procedure" if planted == LAND_AS_CARD else "topic"
    assert f"vi: 1 texts taken for another {kind}" in shown.output


def test_a_clean_project_prints_nothing(run: Run) -> None:
    shown = run([], "--most", "0")
    assert (shown.exit_code, shown.output) == (0, "")


@pytest.mark.parametrize(
    ("planted", "most", "code"),
    [
        (LAND_AS_CARD, "0.5", 0),
        (LAND_AS_CARD, "0.05", 1),
        (LAND_AS_CARD, "0", 1),
        (FEE_AS_WHERE, "0", 0),
    ],
    ids=["within", "more", "none allowed", "topics have no limit"],
)
def test_the_limit_sets_the_exit_code(run: Run, planted: Planted, most: str, code: int) -> None:
    shown = run([planted], "--most", most)
    assert shown.exit_code == code, shown.output
    assert ("land takes 1 of 12 (8.3%) of card" in shown.output) == bool(code)


def test_languages_are_told_apart(run: Run) -> None:
    assert "en: 1 texts" in run([LAND_AS_CARD], "--language", "en", abroad=True).output
    assert run([LAND_AS_CARD], "--language", "vi", abroad=True).output == ""
    unknown = run([LAND_AS_CARD], "--language", "fr", abroad=True)
    assert unknown.exit_code == 2
    assert "there are: en, vi" in unknown.output


def test_json_has_every_theft_and_every_pair(run: Run) -> None:
    told = json.loads(run([LAND_AS_CARD], "--json").output)
    assert [(s["victim"], s["thief"], s["text"]) for s in told["stolen"]] == [
        ("card", "land", LAND_AS_CARD[2])
    ]
    assert told["pairs"] == [
        {
            "language": "vi",
            "kind": "procedure",
            "thief": "land",
            "victim": "card",
            "stolen": 1,
            "of": 12,
            "share": 0.0833,
        }
    ]


def test_nobody_reads_what_they_learnt(tmp_path: Path) -> None:
    """The same text twice, with and without its marks, tells nothing about itself."""
    odd = ("fee", "card"), ["sổ đỏ hết bao nhiêu tiền", "so do het bao nhieu tien"]
    ours = usual()
    ours[odd[0]] += odd[1]
    known = list(known_texts(write(tmp_path, vi=ours)))
    judged = list(judge(known))
    assert len(judged) == len(known)
    assert [j.procedure for j in judged if j.known.text in odd[1]] == ["land", "land"]
