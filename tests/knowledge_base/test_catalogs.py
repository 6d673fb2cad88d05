"""Catalogs: the shipped ones, and how they follow the Vietnamese."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from knowledge_base.catalog_check import check_catalogs
from knowledge_base.catalog_update import update_catalogs
from knowledge_base.catalogs import (
    LOCALES,
    Status,
    Translation,
    catalog_paths,
    load_catalogs,
    read_catalog,
    status,
)
from knowledge_base.coverage import coverage
from knowledge_base.errors import ProblemsFound
from knowledge_base.glossary import cited, glossary_languages, load_glossary, unattested
from knowledge_base.languages import Language, Languages, load_languages
from knowledge_base.load import load
from knowledge_base.messages import Message, messages

SHIPPED = [pytest.param(path, id=f"{code}/{path.name}") for code, path in catalog_paths()]
LANGUAGES = Languages(
    "vi",
    {
        "vi": Language(name="Tiếng Việt", vietnamese="tiếng Việt", script="Latn"),
        "xx": Language(name="Xx", vietnamese="tiếng Xx", script="Latn"),
    },
)


def message(name: str, text: str) -> Message:
    return Message(name, text, "knowledge_base/phrases.yml", 1)


def updated(root: Path, *wanted: Message) -> polib.POFile:
    update_catalogs(wanted, LANGUAGES, root)
    return read_catalog(root / "xx/LC_MESSAGES/bot.po", root)


def edit(root: Path, name: str, text: str, *, fuzzy: bool = False) -> None:
    """What a translator does to one entry."""
    path = root / "xx/LC_MESSAGES/bot.po"
    catalog = read_catalog(path, root)
    entry = next(e for e in catalog if e.msgctxt == name)
    entry.msgstr = text
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"] + ["fuzzy"] * fuzzy
    catalog.save(str(path))


def entries(catalog: polib.POFile) -> dict[str, polib.POEntry]:
    return {e.msgctxt: e for e in catalog if not e.obsolete}


# -- the catalogs that ship ------------------------------------------------------------------


def test_shipped_catalogs_have_no_problems_and_need_no_update(tmp_path: Path) -> None:
    texts, languages = list(messages(load())), load_languages()
    assert check_catalogs(texts, languages) == []
    shutil.copytree(LOCALES, tmp_path / "locales")
    assert update_catalogs(texts, languages, tmp_path / "locales") == []


def test_english_is_complete() -> None:
    total = coverage(messages(load()), load_languages())["en"]
    missing = {name: dict(c) for name, c in total.items() if c[Status.UNTRANSLATED]}
    stale = {name: dict(c) for name, c in total.items() if c[Status.STALE]}
    assert (missing, stale) == ({}, {})


@pytest.mark.parametrize("path", SHIPPED)
@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")
def test_gettext_accepts_the_catalog(path: Path) -> None:
    command = ["msgfmt", "--check", "--output-file=/dev/null", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")


def minority_drafts() -> Iterator[tuple[str, polib.POEntry]]:
    for code, path in catalog_paths():
        if code in glossary_languages():
            for entry in read_catalog(path):
                if entry.msgstr and not entry.obsolete:
                    yield code, entry


def test_there_are_minority_drafts() -> None:
    assert {code for code, _ in minority_drafts()} == set(glossary_languages())


@pytest.mark.parametrize(
    ("code", "entry"), [pytest.param(c, e, id=f"{c} {e.msgctxt}") for c, e in minority_drafts()]
)
def test_minority_text_is_attested_word_by_word(code: str, entry: polib.POEntry) -> None:
    glossary = load_glossary(code)
    named = cited(entry.tcomment, glossary)
    assert entry.fuzzy, "no speaker has reviewed it"
    assert named, "its comment names no glossary entry"
    assert unattested(entry.msgstr, named) == []


def test_unattested_words_are_found() -> None:
    glossary = load_glossary("bdq")
    assert unattested("Hla ar rơneh", glossary) == []
    assert unattested("Hla ar quyển", glossary) == ["quyển"]


@pytest.mark.parametrize("code", glossary_languages())
def test_glossary_rows_are_whole(code: str) -> None:
    for entry in load_glossary(code):
        assert entry.word
        assert entry.vi
        assert entry.source
        assert entry.confidence in {"high", "medium", "low"}


# -- following the Vietnamese ----------------------------------------------------------------


def test_a_new_text_is_an_empty_entry(tmp_path: Path) -> None:
    entry = entries(updated(tmp_path, message("bot.hello", "Xin chào {name}")))["bot.hello"]
    assert (entry.msgid, entry.msgstr, entry.flags) == (
        "Xin chào {name}",
        "",
        ["python-brace-format"],
    )


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    wanted = [message("bot.hello", "Xin chào")]
    assert update_catalogs(wanted, LANGUAGES, tmp_path) != []
    edit(tmp_path, "bot.hello", "Hello")
    update_catalogs(wanted, LANGUAGES, tmp_path)
    assert update_catalogs(wanted, LANGUAGES, tmp_path) == []


def test_how_an_editor_wraps_lines_is_no_change(tmp_path: Path) -> None:
    wanted = [message("bot.hello", "Xin chào anh/chị. " * 9 + "Hết.")]
    updated(tmp_path, *wanted)
    path = tmp_path / "xx/LC_MESSAGES/bot.po"
    catalog = polib.pofile(str(path), wrapwidth=0)
    catalog.save(str(path))
    unwrapped = path.read_text(encoding="utf-8")
    assert update_catalogs(wanted, LANGUAGES, tmp_path) == []
    assert path.read_text(encoding="utf-8") == unwrapped


def test_changed_text_makes_the_translation_stale_and_hides_it(tmp_path: Path) -> None:
    updated(tmp_path, message("bot.hello", "Xin chào"))
    edit(tmp_path, "bot.hello", "Hello")
    found = load_catalogs(tmp_path).lookup("xx", "bot.hello", "Xin chào")
    assert found == Translation("Hello", reviewed=True)
    assert load_catalogs(tmp_path).lookup("xx", "bot.hello", "Chào anh/chị") is None

    entry = entries(updated(tmp_path, message("bot.hello", "Chào anh/chị")))["bot.hello"]
    assert (entry.msgstr, entry.fuzzy, entry.previous_msgid) == ("Hello", True, "Xin chào")
    assert status(entry) is Status.STALE
    assert load_catalogs(tmp_path).lookup("xx", "bot.hello", "Chào anh/chị") is None


def test_changed_twice_keeps_what_was_translated(tmp_path: Path) -> None:
    updated(tmp_path, message("bot.hello", "Một"))
    edit(tmp_path, "bot.hello", "One")
    updated(tmp_path, message("bot.hello", "Hai"))
    entry = entries(updated(tmp_path, message("bot.hello", "Ba")))["bot.hello"]
    assert entry.previous_msgid == "Một"
    back = entries(updated(tmp_path, message("bot.hello", "Một")))["bot.hello"]
    assert (back.previous_msgid, back.fuzzy, back.msgstr) == (None, True, "One")


def test_a_translator_mends_a_stale_entry(tmp_path: Path) -> None:
    updated(tmp_path, message("bot.hello", "Một"))
    edit(tmp_path, "bot.hello", "One")
    updated(tmp_path, message("bot.hello", "Hai"))
    edit(tmp_path, "bot.hello", "Two")
    entry = entries(updated(tmp_path, message("bot.hello", "Hai")))["bot.hello"]
    assert (entry.previous_msgid, entry.fuzzy) == (None, False)
    found = load_catalogs(tmp_path).lookup("xx", "bot.hello", "Hai")
    assert found == Translation("Two", reviewed=True)


def test_a_draft_stays_a_draft_and_keeps_its_comment(tmp_path: Path) -> None:
    wanted = message("bot.hello", "Xin chào")
    updated(tmp_path, wanted)
    edit(tmp_path, "bot.hello", "Hello", fuzzy=True)
    path = tmp_path / "xx/LC_MESSAGES/bot.po"
    catalog = read_catalog(path)
    catalog[0].tcomment = "glossary: x"
    catalog.save(str(path))
    entry = entries(updated(tmp_path, wanted))["bot.hello"]
    assert (status(entry), entry.tcomment) == (Status.DRAFT, "glossary: x")
    found = load_catalogs(tmp_path).lookup("xx", "bot.hello", "Xin chào")
    assert found == Translation("Hello", reviewed=False)


def test_a_removed_text_is_retired_and_comes_back_as_a_draft(tmp_path: Path) -> None:
    hello, bye = message("bot.hello", "Xin chào"), message("bot.bye", "Chào")
    updated(tmp_path, hello, bye)
    edit(tmp_path, "bot.hello", "Hello")
    catalog = updated(tmp_path, bye)
    assert [e.msgctxt for e in catalog.obsolete_entries()] == ["bot.hello"]
    assert load_catalogs(tmp_path).lookup("xx", "bot.hello", "Xin chào") is None
    entry = entries(updated(tmp_path, hello, bye))["bot.hello"]
    assert (entry.msgstr, status(entry)) == ("Hello", Status.DRAFT)


def test_coverage_counts_a_catalog_that_was_not_updated_as_stale(tmp_path: Path) -> None:
    updated(tmp_path, message("bot.a", "Một"), message("bot.b", "Hai"), message("bot.c", "Ba"))
    edit(tmp_path, "bot.a", "One")
    edit(tmp_path, "bot.b", "Two", fuzzy=True)
    now = [message("bot.a", "Khác"), message("bot.b", "Hai"), message("bot.c", "Ba")]
    counts = coverage(now, LANGUAGES, tmp_path)
    assert counts["xx"]["bot"] == {
        Status.STALE: 1,
        Status.DRAFT: 1,
        Status.UNTRANSLATED: 1,
    }
    assert counts["vi"]["bot"] == {Status.REVIEWED: 3}


# -- what the check finds --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Hello", "lacks {name}"),
        ("Hello {name} {other}", "has no {other}"),
        ("Hello {name} {", "brace is left over"),
        ("Hello <b>{name}</b>", "looks like markup"),
        ("**Hello** {name}", "looks like markup"),
        ("e\u0302 {name}", "NFC"),
        ("Hello {name} ", "no blanks"),
        ("Hello\n{name}", "no blanks"),
    ],
)
def test_check_finds_bad_translations(tmp_path: Path, text: str, problem: str) -> None:
    wanted = message("bot.hello", "Xin chào {name}")
    updated(tmp_path, wanted)
    edit(tmp_path, "bot.hello", text)
    found = [str(p) for p in check_catalogs([wanted], LANGUAGES, tmp_path)]
    assert len(found) == 1
    assert problem in found[0]


def test_check_finds_labels_that_do_not_fit_by_grapheme(tmp_path: Path) -> None:
    wanted = message("bot.choice.yes", "Có")
    updated(tmp_path, wanted)
    edit(tmp_path, "bot.choice.yes", "ơ̆" * 40)
    assert check_catalogs([wanted], LANGUAGES, tmp_path) == []
    edit(tmp_path, "bot.choice.yes", "ơ̆" * 41)
    assert "41 characters" in str(check_catalogs([wanted], LANGUAGES, tmp_path)[0])


def test_check_finds_what_is_out_of_step(tmp_path: Path) -> None:
    updated(tmp_path, message("bot.a", "Một"), message("bot.b", "Hai"))
    wanted = [message("bot.a", "Khác"), message("bot.c", "Ba"), message("two.title", "Bốn")]
    found = [p.message for p in check_catalogs(wanted, LANGUAGES, tmp_path)]
    assert any("Vietnamese of 'bot.a' changed" in text for text in found)
    assert any("'bot.b' is not a message of bot" in text for text in found)
    assert any("'bot.c' is missing" in text for text in found)
    assert any("no such catalog" in text for text in found)


def test_check_finds_invented_words(tmp_path: Path) -> None:
    languages = Languages("vi", {**LANGUAGES.by_code, "bdq": LANGUAGES.by_code["xx"]})
    wanted = message("bot.choice.no", "Không")
    update_catalogs([wanted], languages, tmp_path)
    path = tmp_path / "bdq/LC_MESSAGES/bot.po"
    catalog = read_catalog(path)
    catalog[0].msgstr, catalog[0].flags = "ưh ưh", ["fuzzy"]
    catalog.save(str(path))
    assert "the word 'ưh'" in check_catalogs([wanted], languages, tmp_path)[0].message
    catalog[0].tcomment = next(e for e in load_glossary("bdq") if e.word == "ưh").citation()
    catalog.save(str(path))
    assert check_catalogs([wanted], languages, tmp_path) == []


def test_a_broken_catalog_is_a_problem_with_its_place(tmp_path: Path) -> None:
    updated(tmp_path, message("bot.a", "Một"))
    (tmp_path / "xx/LC_MESSAGES/bot.po").write_text("no catalog\n", encoding="utf-8")
    with pytest.raises(ProblemsFound, match="not a valid catalog"):
        load_catalogs(tmp_path)
    assert "not a valid catalog" in str(check_catalogs([], LANGUAGES, tmp_path)[0])


def test_a_folder_of_an_unlisted_language_is_a_problem(tmp_path: Path) -> None:
    wanted = [message("bot.a", "Một")]
    updated(tmp_path, *wanted)
    (tmp_path / "xx").rename(tmp_path / "yy")
    found = check_catalogs(wanted, LANGUAGES, tmp_path)
    assert any("'yy' is not in languages.yml" in p.message for p in found)
