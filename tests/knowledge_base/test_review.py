"""What awaits the commune, its officers' sign-offs, and the communes themselves, in small."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.channels.base import Capabilities
from bot.render import Renderer
from knowledge_base.catalogs import Catalogs
from knowledge_base.checks import check
from knowledge_base.errors import BadRequest, ProblemsFound, UnknownId
from knowledge_base.guide import journey
from knowledge_base.languages import load_languages
from knowledge_base.load import KnowledgeBase, load
from knowledge_base.present import answers_about, present
from knowledge_base.review import awaiting
from knowledge_base.sign_off import sign

TODAY = date(2026, 11, 23)
SIGNED = date(2026, 12, 1)
SOURCES = """\
S1: {title: Cổng, grade: A, dated: 2026-04-15}
S2: {title: Một bản tóm tắt, grade: C}
OFFICE: {title: Trung tâm của xã, grade: B}
"""
PHRASES = """\
bot.outcome: "Cần làm: {procedure}."
bot.ask_clerk_about: "Hỏi cán bộ về: {about}."
bot.ask_clerk_to_confirm: "Hỏi lại cán bộ cho chắc."
bot.confirmed_by: "Đã xác nhận {date}"
bot.source_line: "{title} ({date})"
bot.choice.next: "Tiếp"
"""
OFFICE = """\
commune: {value: Thử Nhất, source: OFFICE}
province: {value: Tỉnh Thử, source: OFFICE}
address: {about: Địa chỉ}  # of the centre
hours:
  {about: Giờ làm việc}
"""
PROCEDURE = """\
id: small
title: Việc nhỏ ở xã {commune}
short: Việc nhỏ
entry: true
checked: 2026-11-23
review_by: 2027-02-01
periods:
  now: {from: 2026-01-01}
default_period: now
why_this: Việc này là của gia đình.
facts:
  copy_fee: [{value: 8000, unit: dong, source: S2, about: lệ phí}]
papers:
  - {id: letter, title: Giấy cam đoan, handling: submit, source: S1}
answers:
  - {id: fee, topic: fee, text: 'Lệ phí là 5.000 đồng.', about: lệ phí, source: S2}
  - id: address
    topic: where
    text: "Địa chỉ: {office_address}."
    about: địa chỉ ở xã {commune}
    source: OFFICE
"""
FEE = "small.answer.fee"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge_base"
    (folder / "procedures" / "small").mkdir(parents=True)
    for name, text in {
        "sources.yml": SOURCES,
        "phrases.yml": PHRASES,
        "office.yml": OFFICE,
        "procedures/small/procedure.yml": PROCEDURE,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told(
    knowledge: KnowledgeBase, topic: str, on: date = TODAY
) -> list[tuple[str, tuple[str, ...]]]:
    """What a citizen reads about a topic, with who stands for it."""
    renderer = Renderer(knowledge, Catalogs({}), load_languages())
    says = answers_about(journey(knowledge, "small", {}, on), topic)
    rendered = [renderer.render(say, "vi", Capabilities()) for say in says]
    return [(one.text, tuple(one.sources)) for one in rendered]


def reasons(knowledge: KnowledgeBase) -> dict[str, str]:
    return {one.message: one.reason for one in awaiting(knowledge, TODAY)}


def test_what_awaits_the_commune(root: Path) -> None:
    assert reasons(load(root)) == {
        "office.address": "empty",
        "office.phones": "empty",
        "office.hours": "empty",
        "office.portal_id": "empty",
        "small.fact.copy_fee.2026-01-01": "grade",
        FEE: "grade",
    }
    assert told(load(root), "fee") == [("Hỏi cán bộ về: lệ phí.", ())]


def test_a_sign_off_is_shown_with_its_day_and_never_the_officer(root: Path) -> None:
    path = sign(FEE, "Nguyễn Thị Thử", SIGNED, "theo nghị quyết", root=root)
    assert path == root / "procedures" / "small" / "confirmed.yml"
    knowledge = load(root)
    confirmed = "Đã xác nhận ngày 1 tháng 12 năm 2026"
    assert told(knowledge, "fee") == [("Lệ phí là 5.000 đồng.", (confirmed,))]
    assert FEE not in reasons(knowledge)
    assert knowledge.signed[FEE].confirmation.by == "Nguyễn Thị Thử"


def test_a_correction_takes_the_place_of_the_text(root: Path) -> None:
    sign(FEE, "Nguyễn Thị Thử", SIGNED, correct="Lệ phí là 6.000 đồng.", root=root)
    assert told(load(root), "fee")[0][0] == "Lệ phí là 6.000 đồng."
    sign("small.fact.copy_fee.2026-01-01", "Thử", SIGNED, correct="9000", root=root)
    assert journey(load(root), "small", {}, TODAY).params["copy_fee"] == {"money": 9000}
    assert len(load(root).signed) == 2
    sign(FEE, "Trần Văn Thử", SIGNED, root=root)  # thought better of
    assert told(load(root), "fee")[0][0] == "Lệ phí là 5.000 đồng."


def test_a_sign_off_ends_when_the_text_changes(root: Path) -> None:
    sign(FEE, "Nguyễn Thị Thử", SIGNED, root=root)
    file = root / "procedures" / "small" / "procedure.yml"
    file.write_text(PROCEDURE.replace("5.000 đồng", "7.000 đồng"), encoding="utf-8")
    assert reasons(load(root))[FEE] == "older wording"
    assert told(load(root), "fee") == [("Hỏi cán bộ về: lệ phí.", ())]
    file.write_text(PROCEDURE.replace("id: fee,", "id: fees,"), encoding="utf-8")
    assert reasons(load(root))[FEE] == "gone"


def test_the_review_survives_other_changes(root: Path) -> None:
    sign(FEE, "Nguyễn Thị Thử", SIGNED, root=root)
    file = root / "procedures" / "small" / "procedure.yml"
    file.write_text(PROCEDURE.replace("Giấy cam đoan", "Tờ cam đoan"), encoding="utf-8")
    assert FEE not in reasons(load(root))


@pytest.mark.parametrize(
    ("message", "correct", "error", "words"),
    [
        ("small.answer.fees", None, UnknownId, "did you mean 'small.answer.fee'"),
        ("small.fact.copy_fee.2026-01-01", "tám nghìn", BadRequest, "must be a number"),
        (FEE, "Lệ phí {fee}.", BadRequest, "{fee} is not in the text"),
        ("small.answer.fee.detail", "x", BadRequest, "has no 'detail'"),
        ("office.adress", "x", UnknownId, "did you mean 'office.address'"),
        ("office.address", None, BadRequest, "is empty"),
        ("office.hours", "7 giờ", ProblemsFound, "office.yml:4: can't be rewritten"),
    ],
)
def test_a_sign_off_that_cannot_be(
    root: Path, message: str, correct: str | None, error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as raised:
        sign(message, "Thử", SIGNED, correct=correct, root=root)
    assert words in str(raised.value)
    assert not (root / "procedures" / "small" / "confirmed.yml").exists()


def test_the_office_is_shown_once_confirmed(root: Path) -> None:
    assert told(load(root), "where") == [("Hỏi cán bộ về: địa chỉ ở xã Thử Nhất.", ())]
    sign("office.address", "Thử", SIGNED, correct='Nhà "số 1", làng Thử', root=root)
    text, sources = told(load(root), "where")[0]
    assert text == 'Địa chỉ: Nhà "số 1", làng Thử.'
    assert sources == ("Đã xác nhận ngày 1 tháng 12 năm 2026", "Trung tâm của xã")
    lines = (root / "office.yml").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5
    assert lines[2].endswith("# of the centre")
    sign("office.phones", "Thử", SIGNED, correct="0123", root=root)
    assert load(root).office_params["office_phones"] == "0123"


def test_answers_are_read_with_the_name_of_the_commune(root: Path) -> None:
    file = root / "procedures" / "small" / "procedure.yml"
    question = """\
questions:
  - id: here
    kind: choice
    text: Ở xã {commune} không?
    reask: Ở đâu?
    why: Để biết.
    help: Chọn một.
    choices:
      - {value: here, label: "Ở xã {commune}", words: ["ở {commune}"]}
      - {value: there, label: Nơi khác}
papers:
"""
    file.write_text(PROCEDURE.replace("papers:\n", question), encoding="utf-8")
    knowledge = load(root)
    asked = knowledge.questions(knowledge.procedure("small"), TODAY)[0]
    here = asked.question.choices[0]
    assert (here.label, here.words) == ("Ở xã Thử Nhất", ("ở Thử Nhất",))
    assert knowledge.texts["small.question.here.choice.here"] == "Ở xã {commune}"  # to translate


def test_past_its_review_date_citizens_are_told_to_ask(root: Path) -> None:
    knowledge, late = load(root), date(2027, 2, 2)
    on_time = present(journey(knowledge, "small", {}, date(2027, 2, 1)), "outcome")[0]
    overdue = present(journey(knowledge, "small", {}, late), "outcome")[0]
    assert "bot.ask_clerk_to_confirm" not in [item.say for item in on_time.items]
    assert overdue.items[-1].say == "bot.ask_clerk_to_confirm"
    assert [one.reason for one in awaiting(knowledge, late)].count("review date") == 1


def test_a_second_commune_is_one_file(root: Path) -> None:
    place = root / "communes" / "thu_nhi"
    place.mkdir(parents=True)
    office = OFFICE.replace("Thử Nhất", "Thử Nhì")
    (place / "office.yml").write_text(office, encoding="utf-8")
    sign(FEE, "Nguyễn Thị Thử", SIGNED, root=root)
    sign("office.address", "Thử", SIGNED, correct="Làng Nhì", root=root, commune="thu_nhi")
    second = load(root, "thu_nhi")
    assert told(second, "where")[0][0] == "Địa chỉ: Làng Nhì."
    assert told(load(root), "where")[0][0] == "Hỏi cán bộ về: địa chỉ ở xã Thử Nhất."
    assert told(second, "fee") == [("Hỏi cán bộ về: lệ phí.", ())]  # it confirms for itself
    title = Renderer(second, Catalogs({}), load_languages()).phrase("small.title", "vi")
    assert title.text == "Việc nhỏ ở xã Thử Nhì"


def test_a_commune_overrides_what_differs(root: Path) -> None:
    place = root / "communes" / "thu_nhi"
    place.mkdir(parents=True)
    (place / "office.yml").write_text(OFFICE, encoding="utf-8")
    (place / "sources.yml").write_text("T1: {title: Nghị quyết Thử, grade: B}\n", encoding="utf-8")
    (place / "overrides.yml").write_text(
        f"{FEE}: {{text: Miễn lệ phí., source: T1}}\n"
        "small.fact.copy_fee.2026-01-01: {value: 4000, source: T1}\n",
        encoding="utf-8",
    )
    second = load(root, "thu_nhi")
    assert told(second, "fee") == [("Miễn lệ phí.", ("Nghị quyết Thử",))]
    assert journey(second, "small", {}, TODAY).params["copy_fee"] == {"money": 4000}
    assert told(load(root), "fee") == [("Hỏi cán bộ về: lệ phí.", ())]


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("small.answer.fees: {text: x, source: S1}", "did you mean 'small.answer.fee'?"),
        ("small.answer.fee: {text: [x, y], source: S1}", "'text': Input should be a valid string"),
        ("small.answer.fee: {txt: x, source: S1}", "did you mean 'text'?"),
        ("small.answer.fee: {text: x}", "needs 'source'"),
        ("small.answer.fee: {id: x, source: S1}", "'id' can't be overridden"),
        ("small.answer.fee: miễn phí", "write the fields that differ"),
        ("small.paper.letter: {handling: burn, source: S1}", "'handling': Input should be"),
        ("small.answer.fee: {valid: later, source: S1}", "'later' is not a period"),
    ],
)
def test_an_impossible_override_is_told_with_its_line(
    root: Path, override: str, words: str
) -> None:
    place = root / "communes" / "thu_nhi"
    place.mkdir(parents=True)
    (place / "office.yml").write_text(OFFICE, encoding="utf-8")
    (place / "overrides.yml").write_text(f"# ours\n{override}\n", encoding="utf-8")
    here = "knowledge_base/communes/thu_nhi/overrides.yml:2: "
    assert any(str(p).startswith(here) and words in str(p) for p in check(root, TODAY))
    with pytest.raises(ProblemsFound):
        load(root, "thu_nhi")
    load(root)  # the base is none the worse


def test_a_commune_that_is_not_there(root: Path) -> None:
    (root / "communes" / "thu_nhi").mkdir(parents=True)
    with pytest.raises(UnknownId, match="did you mean 'thu_nhi'"):
        load(root, "thu_nhii")
    with pytest.raises(ProblemsFound, match=r"office\.yml:1: can't be read"):
        load(root, "thu_nhi")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("hash:", "hush:", "did you mean 'hash'"),
        ("by:", "# by:", "needs 'by'"),
        ("2026-12-01", "2026-13-01", "confirmed.yml:"),
    ],
)
def test_a_sign_off_file_edited_badly(root: Path, old: str, new: str, words: str) -> None:
    path = sign(FEE, "Nguyễn Thị Thử", SIGNED, root=root)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ProblemsFound) as raised:
        load(root)
    assert words in str(raised.value)
