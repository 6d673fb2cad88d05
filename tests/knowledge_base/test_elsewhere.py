"""Needs met elsewhere: the shipped ones, and what is told, checked and signed off, in small."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.channels.base import Capabilities
from bot.render import Renderer
from knowledge_base.catalogs import Catalogs
from knowledge_base.checks import check
from knowledge_base.diff import Side, differences
from knowledge_base.errors import ProblemsFound, UnknownId
from knowledge_base.languages import load_languages
from knowledge_base.links import load_needs
from knowledge_base.load import ROOT, KnowledgeBase, load
from knowledge_base.messages import messages
from knowledge_base.present import told_elsewhere
from knowledge_base.review import awaiting
from knowledge_base.sign_off import sign

TODAY = date(2026, 11, 28)
SIGNED = date(2026, 12, 1)
SOURCES = """\
S1: {title: Cổng, grade: A, dated: 2026-04-15}
S2: {title: Một bản tóm tắt, grade: C}
OFFICE: {title: Trung tâm của xã, grade: B, dated: 2026-04-15}
"""
PHRASES = """\
bot.ask_clerk_about: "Hỏi cán bộ về: {about}."
bot.ask_clerk_to_confirm: "Hỏi lại cán bộ cho chắc."
bot.confirmed_by: "Đã xác nhận {date}"
bot.source_line: "{title} ({date})"
"""
OFFICE = "commune: {value: Thử Nhất, source: OFFICE}\nprovince: {value: Tỉnh Thử, source: OFFICE}\n"
ELSEWHERE = """\
checked: 2026-11-28
review_by: 2027-02-28
periods:
  now: {from: 2026-09-01, until: 2027-02-28}
  later: {from: 2027-03-01}
default_period: now

needs:
  passport:
    name: Hộ chiếu
    aliases: [làm hộ chiếu]
    examples: [hộ chiếu làm ở đâu]
    told:
      - {id: where, text: Ở Công an tỉnh., source: S1}
      - {id: where_later, text: 'Ở Công an xã {commune}.', source: S1, valid: later}
  divorce:
    name: Ly hôn
    aliases: [ly dị]
    examples: [ly hôn nộp đơn ở đâu]
    told:
      - id: where
        text: Ở tòa án khu vực.
        about: nộp đơn ở tòa nào
        source: S2
        valid: {from: 2026-09-01}
  vaccination: {name: Tiêm chủng, aliases: [chích ngừa], examples: [chích ngừa cho bé ở đâu]}
"""
DIVORCE = "elsewhere.divorce.where"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge_base"
    folder.mkdir()
    for name, text in {
        "sources.yml": SOURCES,
        "phrases.yml": PHRASES,
        "office.yml": OFFICE,
        "elsewhere.yml": ELSEWHERE,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


Broken = Callable[[str, str], list[str]]


@pytest.fixture
def broken(root: Path) -> Broken:
    """Checks the small knowledge base after replacing one text in its `elsewhere.yml`."""

    def run(old: str, new: str) -> list[str]:
        assert old in ELSEWHERE
        text = ELSEWHERE.replace(old, new, 1)
        (root / "elsewhere.yml").write_text(text, encoding="utf-8")
        return [str(problem) for problem in check(root, TODAY)]

    return run


def told(knowledge: KnowledgeBase, need: str, on: date = TODAY) -> list[tuple[str, list[str]]]:
    """What a citizen reads, with who stands for it."""
    renderer = Renderer(knowledge, Catalogs({}), load_languages())
    says = told_elsewhere(knowledge, need, on)
    rendered = [renderer.render(say, "vi", Capabilities()) for say in says]
    return [(one.text, list(one.sources)) for one in rendered]


# -- what is told ----------------------------------------------------------------------------


def test_a_statement_is_told_with_its_source(root: Path) -> None:
    source = "Cổng (ngày 15 tháng 4 năm 2026)"
    assert told(load(root), "passport") == [("Ở Công an tỉnh.", [source])]


def test_on_a_later_day_another_one_is(root: Path) -> None:
    texts = [text for text, _ in told(load(root), "passport", date(2027, 3, 1))]
    assert texts == ["Ở Công an xã Thử Nhất.", "Hỏi lại cán bộ cho chắc."]


def test_what_no_good_source_says_is_left_to_the_clerk(root: Path) -> None:
    assert told(load(root), "divorce") == [("Hỏi cán bộ về: nộp đơn ở tòa nào.", [])]


def test_a_need_nothing_is_known_about_is_left_to_the_clerk(root: Path) -> None:
    assert told(load(root), "vaccination") == [("Hỏi cán bộ về: Tiêm chủng.", [])]


def test_before_its_days_nothing_is_known(root: Path) -> None:
    assert told(load(root), "passport", date(2026, 8, 31)) == [("Hỏi cán bộ về: Hộ chiếu.", [])]


def test_an_unknown_need_gets_the_nearest(root: Path) -> None:
    with pytest.raises(UnknownId, match="did you mean 'passport'"):
        told_elsewhere(load(root), "pasport", TODAY)


def test_a_base_without_the_file_has_no_needs(root: Path) -> None:
    (root / "elsewhere.yml").unlink()
    knowledge = load(root)
    assert (knowledge.elsewhere, dict(knowledge.needs)) == (None, {})
    assert not [message for message in messages(knowledge) if message.domain == "elsewhere"]


def test_message_ids(root: Path) -> None:
    found = {m.id: m for m in messages(load(root)) if m.domain == "elsewhere"}
    assert list(found) == [
        "elsewhere.passport",
        "elsewhere.passport.where",
        "elsewhere.passport.where_later",
        "elsewhere.divorce",
        DIVORCE,
        f"{DIVORCE}.about",
        "elsewhere.vaccination",
    ]
    assert [m.id for m in found.values() if m.label] == [
        "elsewhere.passport",
        "elsewhere.divorce",
        "elsewhere.vaccination",
    ]
    line = ELSEWHERE[: ELSEWHERE.index("text: Ở tòa")].count("\n") + 1
    assert (found[DIVORCE].path, found[DIVORCE].line) == ("knowledge_base/elsewhere.yml", line)


# -- sign-off, communes, differences ---------------------------------------------------------


def test_what_awaits_an_officer_and_the_sign_off(root: Path) -> None:
    waiting = [one for one in awaiting(load(root), TODAY) if one.procedure == "elsewhere"]
    assert [(one.message, one.reason, one.about) for one in waiting] == [
        (DIVORCE, "grade", "nộp đơn ở tòa nào")
    ]
    path = sign(DIVORCE, "Nguyễn Thị Thử", SIGNED, correct="Ở tòa án khu vực 1.", root=root)
    assert path == root / "elsewhere.confirmed.yml"
    knowledge = load(root)
    confirmed = "Đã xác nhận ngày 1 tháng 12 năm 2026"
    assert told(knowledge, "divorce") == [("Ở tòa án khu vực 1.", [confirmed])]
    assert DIVORCE not in [one.message for one in awaiting(knowledge, TODAY)]


def test_a_sign_off_ends_when_the_text_changes(root: Path, broken: Broken) -> None:
    sign(DIVORCE, "Nguyễn Thị Thử", SIGNED, root=root)
    problems = broken("Ở tòa án khu vực.", "Ở tòa án tỉnh.")
    assert any("was confirmed for an older wording" in p for p in problems), problems
    reasons = {one.message: one.reason for one in awaiting(load(root), TODAY)}
    assert reasons[DIVORCE] == "older wording"


def test_a_commune_says_it_otherwise(root: Path) -> None:
    place = root / "communes" / "thu_nhi"
    place.mkdir(parents=True)
    (place / "office.yml").write_text(OFFICE.replace("Nhất", "Nhì"), encoding="utf-8")
    override = "elsewhere.passport.where: {text: Ở Công an huyện đảo., source: S1}\n"
    (place / "overrides.yml").write_text(override, encoding="utf-8")
    assert told(load(root, "thu_nhi"), "passport")[0][0] == "Ở Công an huyện đảo."
    assert told(load(root), "passport")[0][0] == "Ở Công an tỉnh."
    path = sign(DIVORCE, "Thử", SIGNED, root=root, commune="thu_nhi")
    assert path == place / "elsewhere.confirmed.yml"
    assert told(load(root), "divorce")[0][0].startswith("Hỏi cán bộ")


def test_differences_in_words(root: Path) -> None:
    before = load(root)
    text = ELSEWHERE.replace("Ở Công an tỉnh.", "Ở Công an xã.").replace("Tiêm chủng", "Tiêm")
    text = text.replace("  divorce:", "  separation:").replace("source: S2", "source: S1")
    (root / "elsewhere.yml").write_text(text, encoding="utf-8")
    found = [change.text for change in differences(Side(before), Side(load(root)))]
    assert found == [
        "no longer there: “Ly hôn”",
        "name of 'vaccination': “Tiêm chủng” → “Tiêm”",
        "new need: “Ly hôn”",
        "statement 'divorce.where' removed: “Ở tòa án khu vực.”",
        "statement 'passport.where': text: “Ở Công an tỉnh.” → “Ở Công an xã.”",
        "statement 'separation.where' added: “Ở tòa án khu vực.”",
    ]


# -- what the check finds --------------------------------------------------------------------


def test_a_sound_file_has_no_problems(broken: Broken) -> None:
    assert broken("Hộ chiếu", "Hộ chiếu") == []


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("source: S1}", "source: S9}", "- {id: where,", "'S9' is not a source"),
        ("        about: nộp đơn ở tòa nào\n", "", "- id: where", "write 'about'"),
        ("{id: where_later", "{id: where", "{id: where_later", "is the id of two statements"),
        ("source: S1, valid: later", "source: S1", "told:", "on 2027-03-01 nothing is told"),
        ("Công an xã {commune}", "Công an {town}", "{id: where_later", "{town} has no value here"),
        ("[ly dị]", "[lam ho chieu]", "[ly dị]", "means 'elsewhere.passport' already"),
        ("name: Tiêm chủng", "name: Ly dị", "vaccination:", "means 'elsewhere.divorce' already"),
        ("name: Hộ chiếu", "nam: Hộ chiếu", "name: Hộ chiếu", "did you mean 'name'?"),
        ("aliases: [ly dị]", "aliases: []", "aliases: [ly dị]", "at least 1 item"),
        ("valid: later", "valid: soon", "{id: where_later", "'soon' is not a period"),
        ("  divorce:", "  Divorce:", "  divorce:", "should match pattern"),
    ],
)
def test_a_problem_is_told_with_its_line(
    broken: Broken, old: str, new: str, place: str, words: str
) -> None:
    line = ELSEWHERE[: ELSEWHERE.index(place)].count("\n") + 1
    problems = broken(old, new)
    where = f"knowledge_base/elsewhere.yml:{line}: "
    assert any(p.startswith(where) and words in p for p in problems), problems


def test_a_name_may_not_mean_a_procedure(root: Path, tmp_path: Path) -> None:
    procedure = (ROOT / "procedures" / "vneid_account" / "procedure.yml").read_text("utf-8")
    folder = root / "procedures" / "vneid_account"
    folder.mkdir(parents=True)
    (folder / "procedure.yml").write_text(procedure, encoding="utf-8")
    text = ELSEWHERE.replace("[ly dị]", "[ly dị, tai khoan VNeID]")
    (root / "elsewhere.yml").write_text(text, encoding="utf-8")
    found = [str(p) for p in check(root, TODAY) if "elsewhere.yml" in p.path]
    assert len(found) == 1
    assert "'tai khoan VNeID' means 'vneid_account' already" in found[0]


def test_past_its_review_date_is_a_warning(broken: Broken) -> None:
    problems = broken("review_by: 2027-02-28", "review_by: 2026-11-01")
    assert len(problems) == 1
    assert "warning: was to be looked through by 2026-11-01" in problems[0]


# -- as links, and the shipped file ----------------------------------------------------------


def test_needs_are_linked_as_procedures_are(root: Path) -> None:
    links = load_needs(root / "elsewhere.yml")
    assert [(link.id, link.texts) for link in links] == [
        ("passport", ("Hộ chiếu", "làm hộ chiếu", "hộ chiếu làm ở đâu")),
        ("divorce", ("Ly hôn", "ly dị", "ly hôn nộp đơn ở đâu")),
        ("vaccination", ("Tiêm chủng", "chích ngừa", "chích ngừa cho bé ở đâu")),
    ]


@pytest.mark.parametrize("text", ["needs: {a: {aliases: [x]}}\n", "needs: [broken\n", None])
def test_faults_of_links_are_told(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "elsewhere.yml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound):
        load_needs(path)


def test_every_shipped_need_has_enough_words() -> None:
    links = load_needs(ROOT / "elsewhere.yml")
    assert {link.id for link in links} == set(load().needs)
    assert min(len(link.texts) for link in links) >= 10


def test_every_shipped_need_tells_something() -> None:
    knowledge = load()
    for need in knowledge.needs:
        assert all(text.strip() for text, _ in told(knowledge, need)), need


def test_a_number_to_call_stands_on_a_good_source() -> None:
    knowledge = load()
    for message, _, statement in knowledge.elsewhere.statements() if knowledge.elsewhere else ():
        if any(number in statement.text for number in ("111", "113", "114", "115")):
            assert knowledge.shows(statement) or statement.about, message
