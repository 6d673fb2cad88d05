"""`rong check` finds a text that stands under two labels, and names both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checks import all_problems
from bot.label_checks import labels
from bot.settings import PROJECT
from tests.project_copy import Copy
from tests.small_project import usual, write

NLU = "nlu_data/vi/nlu.yml"
OURS = "knowledge_base/procedures/land/link.yml:2"
CASES = [
    ("two procedures", ("fee", "card"), "Tiền SỔ ĐỎ, bao nhiêu hả cô?", "'fee' about land"),
    ("two topics", ("where", "land"), "tiền sổ đỏ bao nhiêu hả cô", "'fee' about land"),
    (
        "with a procedure and without",
        ("fee", None),
        "sổ đỏ đóng bao nhiêu tiền",
        "'fee' about land",
    ),
    ("an act", ("goodbye", None), "nộp sổ đỏ ở đâu vậy", "'where' about land"),
]
"""What it is called, the label and text planted, the label of the text that is there already."""


def line_of(root: Path, text: str, *, last: bool = False) -> int:
    lines = (root / NLU).read_text("utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if line == f"    - {text}"]
    return found[-1 if last else 0]


@pytest.mark.parametrize(
    ("label", "text", "other"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_text_under_two_labels(
    tmp_path: Path, label: tuple[str, str | None], text: str, other: str
) -> None:
    ours = usual()
    ours.setdefault(label, []).append(text)
    found = [str(problem) for problem in labels(write(tmp_path, vi=ours))]
    same = {"Tiền SỔ ĐỎ, bao nhiêu hả cô?": "tiền sổ đỏ bao nhiêu hả cô"}.get(text, text)
    places = sorted({line_of(tmp_path, same), line_of(tmp_path, text, last=True)})
    assert len(found) == 1, found
    assert found[0].startswith(f"{NLU}:{places[1]}: ")
    assert f"{NLU}:{places[0]}; " in found[0]
    assert other in found[0]
    assert f"'{label[0]}'" in found[0]


@pytest.mark.parametrize(
    ("label", "found"),
    [
        (("fee", "land"), 0),
        (("fee", "card"), 1),
        (("inform", None), 1),
    ],
    ids=["its own procedure asks", "another asks", "a bare answer"],
)
def test_the_name_of_a_procedure(tmp_path: Path, label: tuple[str, str | None], found: int) -> None:
    ours = usual()
    ours.setdefault(label, []).append("bìa đỏ")
    problems = [str(p) for p in labels(write(tmp_path, vi=ours, aliases="[bìa đỏ]"))]
    assert len(problems) == found, problems
    assert all(
        p.startswith(f"{OURS}: ") and "a name of land" in p and f"{NLU}:" in p for p in problems
    )


def test_languages_are_one_model(tmp_path: Path) -> None:
    text = usual()["fee", "land"][0]
    found = list(labels(write(tmp_path, vi=usual(), en={("where", "land"): [text]})))
    assert [problem.path for problem in found] == [NLU]
    assert "nlu_data/en/nlu.yml:" in found[0].message


def test_a_text_twice_under_one_label_is_no_problem(tmp_path: Path) -> None:
    ours = usual()
    ours["fee", "land"] *= 2
    assert list(labels(write(tmp_path, vi=ours))) == []


@pytest.mark.parametrize("content", ["nlu: [", "nlu:\n- intent: fee\n"], ids=["YAML", "Rasa's"])
def test_what_cannot_be_read_is_told(tmp_path: Path, content: str) -> None:
    root = write(tmp_path, vi=usual())
    (root / NLU).write_text(content, encoding="utf-8")
    found = list(labels(root))
    assert len(found) == 1
    assert NLU in str(found[0])


@pytest.mark.parametrize("content", ["", "[]", "title: 5", "title: a\naliases: khai sinh\n"])
def test_names_of_another_shape_are_others_to_tell(tmp_path: Path, content: str) -> None:
    root = write(tmp_path, vi=usual())
    (root / "knowledge_base/procedures/land/link.yml").write_text(content, encoding="utf-8")
    (root / "knowledge_base/elsewhere.yml").write_text(content, encoding="utf-8")
    assert list(labels(root)) == []


def test_rong_check_tells_it_and_nothing_else_of_the_project(tmp_path: Path) -> None:
    places = ("actions/", "bot/", "knowledge_base/", "nlu_data/")
    copy = Copy.make(tmp_path, *places)
    planted = "nlu_data/vi/nlu_planted.yml"
    text = 'version: "3.1"\nnlu:\n- intent: goodbye\n  examples: |\n    - Khai sinh\n'
    copy.add(planted, text)
    answers = "nlu_data/vi/answers/planted.yml"
    copy.add(answers, "")
    found = [str(problem) for problem in all_problems(copy.root) if not problem.warning]
    assert [told for told in found if planted not in told and answers not in told] == []
    assert any("'goodbye'" in told and "birth_registration" in told for told in found)
    assert any(told.startswith(f"{answers}:1: 'planted' is not a procedure") for told in found)
    assert list(labels(PROJECT)) == []
