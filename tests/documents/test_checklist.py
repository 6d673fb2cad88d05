"""A family's checklist: as data, and as PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from bot.documents.checklist import Checklist, Group, Row
from bot.documents.desk import Desk
from bot.documents.typeset import FONTS, TEMPLATE, pdf
from bot.documents.words import Words
from bot.gateway.wire import picture_url
from tests.documents.conftest import NEW_LAW, PROCEDURES, TODAY

HOME_BIRTH = {
    "child_born": "2026-10-20",
    "born_where": "home",
    "birth_notification": "no",
    "witness": "yes",
    "parents_married": "yes",
    "special": "none",
    "want_linked": "no",
    "resident_here": "yes",
    "who_goes": "relative",
    "vneid": "self",
}
PAGE_OF = "Trang {number} trong {count}"
A5_MM = (148, 210)
LETTERS = "ơ̆ ê̆ ƀ ô̆ ư̆ â̆ Ơ̆ Ê̆ Ô̆ Ư̆ Â̆ kơ̆p ĕ č ñ ŏ̆"


def made(desk: Desk, answers: dict[str, str] | None = None, **more: str) -> Checklist:
    language = more.get("language", "vi")
    given = HOME_BIRTH if answers is None else answers
    return desk.checklist("birth_registration", given, language, TODAY)


def read(sheet: Checklist) -> PdfReader:
    return PdfReader(BytesIO(pdf(sheet, picture_url, PAGE_OF)))


def text(reader: PdfReader) -> str:
    """The text as it was written, whatever the lines were broken into."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def titles(sheet: Checklist) -> list[str]:
    return [row.words.vi for group in sheet.groups for row in group.rows]


def test_groups_and_facts_of_a_home_birth(desk: Desk) -> None:
    sheet = made(desk)
    assert [group.handling for group in sheet.groups] == ["submit", "present", "not_needed"]
    assert "Giấy của người làm chứng về việc sinh" in titles(sheet)
    assert "Giấy chứng sinh" not in titles(sheet)
    assert [group.handling for group in sheet.facts] == ["fee", "duration", "deadline", "where"]
    told = [row.words.vi for group in sheet.facts for row in group.rows]
    assert "Hạn của gia đình là ngày 19 tháng 12 năm 2026." in told
    assert sheet.code == Words("Mã thủ tục: 1.001193")
    assert sheet.commune == Words("Xã Ayun, tỉnh Gia Lai")
    assert len(sheet.steps) > 5
    assert not sheet.notes


def test_what_is_not_known_is_only_asked(desk: Desk) -> None:
    sheet = made(desk)
    asked = [words.vi for words in sheet.ask]
    assert "phí một bản sao giấy khai sinh" in asked
    assert "8.000" not in text(read(sheet))


def test_sources_have_dates(desk: Desk) -> None:
    assert any("ngày 15 tháng 4 năm 2026" in line for line in made(desk).sources)


def test_nothing_answered_names_what_may_be_needed(desk: Desk) -> None:
    sheet = made(desk, {})
    assert sheet.notes[0].vi.startswith("Gia đình chưa trả lời hết")
    assert "maybe" in [group.handling for group in sheet.groups]
    assert "Giấy chứng sinh" in titles(sheet)


def test_a_case_for_the_clerk_tells_the_case_and_no_papers(desk: Desk) -> None:
    sheet = made(desk, {"child_born": "2026-10-20", "born_where": "found"})
    assert not sheet.groups
    assert not sheet.steps
    assert any("Nhặt được bé" in line.vi for line in sheet.case)


def test_the_new_law_is_a_list_of_questions(desk: Desk) -> None:
    sheet = desk.checklist("birth_registration", HOME_BIRTH, "vi", NEW_LAW)
    assert not titles(sheet)
    assert any("Luật Hộ tịch mới" in words.vi for words in sheet.ask)


def test_pdf_is_one_a5_page_with_every_paper(desk: Desk) -> None:
    sheet = made(desk)
    reader = read(sheet)
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    size = [float(side) / 72 * 25.4 for side in (box.width, box.height)]
    assert size == pytest.approx(A5_MM, abs=0.5)
    found = text(reader)
    words = [sheet.title.vi, *titles(sheet), *(row.words.vi for row in sheet.steps)]
    assert [word for word in words if word not in found] == []
    assert "In ngày 23 tháng 11 năm 2026" in found
    assert reader.metadata
    assert reader.metadata.title == "Đăng ký khai sinh"


def test_two_languages_stand_side_by_side_and_drafts_are_marked(desk: Desk) -> None:
    sheet = made(desk, language="en")
    assert sheet.draft
    found = text(read(sheet))
    assert "Giấy phải nộp:" in found
    assert "Papers to hand in:*" in found
    assert "* Bản dịch chưa được kiểm tra" in found


def test_a_language_without_words_leaves_one_column(desk: Desk) -> None:
    sheet = made(desk, language="jra")
    assert sheet.language in ("", "jra")
    assert titles(sheet) == titles(made(desk))


def test_letters_of_bahnar_can_be_copied(desk: Desk) -> None:
    group = Group(Words("a"), "submit", (Row(Words("Giấy", LETTERS)),))
    sheet = replace(made(desk), title=Words(LETTERS), groups=(group,), language="bdq")
    found = text(read(sheet))
    for letter in LETTERS.split()[:-1]:
        assert found.split().count(letter) == 2, letter


def test_every_vietnamese_letter_can_be_copied(desk: Desk) -> None:
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = [normalize("NFC", base + tone) for base in "aăâeêioôơuưy" for tone in tones]
    every = " ".join([*letters, *(letter.upper() for letter in letters), "đ", "Đ"])
    assert every in text(read(replace(made(desk), title=Words(every))))


def test_the_font_is_embedded_and_no_other_is_used(desk: Desk) -> None:
    fonts = read(made(desk)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    names = {font.get_object()["/BaseFont"].partition("+")[2] for font in fonts}
    assert names
    assert all(name.startswith("NotoSans") for name in names)
    assert (FONTS / "OFL.txt").is_file()


def test_a_long_list_goes_on_to_further_pages_and_is_never_cut(desk: Desk) -> None:
    rows = tuple(Row(Words(f"Giấy số {n}."), Words("Một câu dài. " * 6)) for n in range(80))
    sheet = replace(made(desk), groups=(Group(Words("Giấy phải nộp:"), "submit", rows),))
    reader = read(sheet)
    assert len(reader.pages) > 2
    found = text(reader)
    assert [row.words.vi for row in rows if row.words.vi not in found] == []
    assert f"Trang 1 trong {len(reader.pages)}" in found


def test_markup_in_a_text_is_only_text(desk: Desk) -> None:
    nasty = '#panic("x") *đậm* $x$ <b> \\ " #import'
    assert nasty in text(read(replace(made(desk), title=Words(nasty))))


def test_the_sheet_is_black_on_white() -> None:
    template = TEMPLATE.read_text(encoding="utf-8")
    for colour in ("rgb(", "luma(", "red", "green", "blue", "gray"):
        assert colour not in template


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_procedure_can_be_printed(desk: Desk, procedure: str) -> None:
    sheet = desk.checklist(procedure, {}, "en", date(2026, 11, 23))
    assert sheet.title.vi in text(read(sheet))
