"""`rong check` on a small knowledge base with one thing broken at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.checks import check
from knowledge_base.checks.gaps import LISTED
from knowledge_base.schema import TOPICS

SOURCES = "S1: {title: the portal, grade: A, dated: 2026-04-15}\nS2: {title: a digest, grade: C}\n"
PHRASES = 'bot.greet: "Xin chào."\n'
PROCEDURE = """\
id: small
title: Việc nhỏ
short: Việc nhỏ
entry: true
checked: 2026-11-23
review_by: 2027-02-01
periods:
  now: {from: 2026-01-01, until: 2027-02-28}
  later: {from: 2027-03-01}
default_period: now
why_this: Việc này là của gia đình.
facts:
  deadline_days:
    - {value: 60, unit: days, source: S1}
    - {value: 0, valid: later, source: S2, about: hạn đăng ký}
questions:
  - id: married
    kind: yes_no
    text: Cha mẹ đã đăng ký kết hôn chưa?
    reask: Cha mẹ có giấy kết hôn không?
    why: Để biết giấy nào cần.
    help: Xem giấy kết hôn.
papers:
  - id: letter_later
    title: Giấy sau này
    handling: submit
    valid: later
    about: giấy cần nộp
    source: S2
  - id: letter
    title: Giấy cam đoan
    handling: submit
    when: {married: no}
    source: S1
answers:
  - id: deadline
    topic: deadline
    text: Hạn là {deadline_days} ngày.
    source: S1
  - id: hint
    topic: fee
    text: Chuyện nghe nói.
    about: lệ phí
    source: S2
"""
TOLD = {"deadline", "fee", *LISTED}
PROCEDURE += "".join(
    f"  - {{id: about_{topic}, topic: {topic}, text: Nói sau., about: việc này, source: S2}}\n"
    for topic in TOPICS
    if topic not in TOLD
)
PROCEDURE += "".join(
    f"  - {{id: {topic}_later, topic: {topic}, text: Nói sau., valid: later, about: việc này,"
    " source: S2}\n"
    for topic in TOPICS
    if topic not in LISTED
)

Broken = Callable[[str, str], list[str]]


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """Checks the small knowledge base after replacing one text in its procedure."""

    def run(old: str, new: str) -> list[str]:
        assert old in PROCEDURE
        folder = tmp_path / "knowledge_base"
        (folder / "procedures" / "small").mkdir(parents=True, exist_ok=True)
        (folder / "sources.yml").write_text(SOURCES, encoding="utf-8")
        (folder / "phrases.yml").write_text(PHRASES, encoding="utf-8")
        file = folder / "procedures" / "small" / "procedure.yml"
        file.write_text(PROCEDURE.replace(old, new, 1), encoding="utf-8")
        return [str(problem) for problem in check(folder, date(2026, 11, 23))]

    return run


def line_of(text: str) -> int:
    return PROCEDURE[: PROCEDURE.index(text)].count("\n") + 1


def test_a_sound_knowledge_base_has_no_problems(broken: Broken) -> None:
    assert broken("Việc nhỏ", "Việc nhỏ") == []


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("handling: submit", "handing: submit", "handling: submit", "did you mean 'handling'?"),
        ("handling: submit", "handling: burn", "handling: submit", "'submit'"),
        ("    title: Giấy cam đoan\n", "", "- id: letter\n", "needs 'title', which is missing"),
        ("{married: no}", "{maried: no}", "when: {married", "did you mean 'married'?"),
        ("{married: no}", "{married: maybe}", "when: {married", "can never be 'maybe'"),
        (
            "source: S1\nanswers",
            "source: S9\nanswers",
            "source: S1\nanswers",
            "'S9' is not a source",
        ),
        ("    source: S1\nanswers", "answers", "- id: letter\n", "has no source"),
        ("    about: lệ phí\n", "", "- id: hint", "write 'about'"),
        ("{deadline_days} ngày", "{deadine} ngày", "- id: deadline\n", "{deadine} is not a fact"),
        ("until: 2027-02-28}", "until: 2026-06-30}", "periods:", "holds on 2026-07-01"),
        ("text: Chuyện nghe nói.", "text: Hỏi UBND xã.", "text: Chuyện", "'UBND' is short for"),
        ("until: 2027-02-28}", "until: 2025-02-28}", "now: {from", "before it begins on 2026"),
        ("topic: fee", "topic: fees", "topic: fee", "'fees' is not a topic"),
        ("id: small", "id: tiny", "id: small", "must be 'small', its folder"),
        ("default_period: now", "default_period: soon", "- {value: 60", "'soon' is not a period"),
        ("- id: hint", "- id: deadline", "- id: hint", "is the id of two of the answers"),
        ("    when: {married: no}\n", "", "- id: married", "nothing depends on 'married'"),
        ("short: Việc nhỏ\n", "short: Việc nhỏ\nshort: x\n", "entry", "'short' is written twice"),
    ],
)
def test_a_problem_is_told_with_its_line(
    broken: Broken, old: str, new: str, place: str, told: str
) -> None:
    problems = broken(old, new)
    where = f"knowledge_base/procedures/small/procedure.yml:{line_of(place)}: "
    assert any(p.startswith(where) and told in p for p in problems), problems


WEDDING = """\
  - id: wedding
    kind: yes_no
    text: Cha mẹ đã cưới ở làng chưa?
    reask: Cha mẹ cưới ở làng chưa?
    why: Để biết giấy nào cần.
    help: Cưới theo phong tục.
    when: {married: no}
"""


def test_a_condition_that_contradicts_when_its_question_is_asked(broken: Broken) -> None:
    both = """\
papers:
  - id: photo
    title: Ảnh cưới
    handling: submit
    when: {wedding: yes, married: yes}
    source: S1
"""
    problems = broken("papers:\n", WEDDING + both)
    assert [p.partition(": ")[2] for p in problems] == [
        "no answers lead to 'small.question.wedding'",
        "can never hold: what it says contradicts when 'married' is asked",
    ]


def test_nobody_can_be_led_there(broken: Broken) -> None:
    wedding = (
        WEDDING
        + """\
routes:
  - {id: away, to: clerk, when: {married: no}, text: Cán bộ sẽ giúp.}
papers:
  - {id: photo, title: Ảnh cưới, handling: submit, when: {wedding: yes}, source: S1}
"""
    )
    problems = broken("papers:\n", wedding)
    assert sorted(p.partition(": ")[2] for p in problems) == [
        "no answers lead to 'small.paper.letter'",
        "no answers lead to 'small.paper.photo'",
        "no answers lead to 'small.question.wedding'",
    ]


def test_routes_in_a_circle_and_to_nowhere(broken: Broken) -> None:
    routes = """\
routes:
  - {id: round, to: small, when: {married: yes}, text: Làm lại., source: S1}
  - {id: nowhere, to: smal, when: {married: no}, text: Làm tiếp., source: S1}
papers:
"""
    problems = broken("papers:\n", routes)
    assert any("'small' leads back to 'small'" in p for p in problems), problems
    assert any("did you mean 'small'?" in p for p in problems), problems


def test_a_topic_that_runs_out(broken: Broken) -> None:
    problems = broken("id: deadline_later, topic: deadline", "id: deadline_later, topic: fee")
    assert problems == [
        f"knowledge_base/procedures/small/procedure.yml:{line_of('answers:')}: on 2027-03-01 "
        "nothing is written about 'deadline', not even what to ask a clerk"
    ]


def test_two_instructions_in_a_sentence_are_a_warning(broken: Broken) -> None:
    step = """\
steps:
  - {id: send, title: Gửi, text: "Anh/chị bấm Gửi, rồi chọn xã.", source: S1}
answers:
"""
    problems = broken("answers:\n", step)
    assert len(problems) == 1
    assert "warning: " in problems[0]
    assert "bấm Gửi, rồi chọn" in problems[0]


def test_a_procedure_past_its_review_date_is_a_warning(broken: Broken) -> None:
    problems = broken("review_by: 2027-02-01", "review_by: 2026-06-01")
    assert len(problems) == 1
    assert "warning: was to be looked through by 2026-06-01" in problems[0]


def test_two_rows_of_a_fact_on_one_day(broken: Broken) -> None:
    problems = broken("later: {from: 2027-03-01}", "later: {from: 2027-01-01}")
    assert any("'deadline_days' has two rows for 2027-01-01" in p for p in problems), problems


def test_a_text_may_not_outlive_its_fact(broken: Broken) -> None:
    problems = broken("    text: Hạn là", "    valid: {from: 2026-01-01}\n    text: Hạn là")
    assert any("{deadline_days} has no value on 2027-03-01" in p for p in problems), problems


def test_broken_yaml_is_told_with_its_line(broken: Broken) -> None:
    problems = broken("papers:\n", "papers: [\n")
    assert problems
    assert all("broken YAML" in p for p in problems)


def test_every_problem_at_once(broken: Broken) -> None:
    problems = broken("    source: S1\nanswers", "    sourse: S1\n    picure: x\nanswers")
    assert sum("did you mean" in p for p in problems) == 2
