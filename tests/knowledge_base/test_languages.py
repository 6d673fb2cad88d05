"""`languages.yml`: fallback, publishing, and what a mistake in it is told as."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.errors import ProblemsFound, UnknownId
from knowledge_base.languages import load_languages

HEAD = """source: vi
languages:
  vi:
    name: Tiếng Việt
    vietnamese: tiếng Việt
    script: Latn
    values: {day: "{day}", month: "{month}", year: "{year}", money: "{amount}", thousands: "."}
"""


def test_shipped_languages_load_and_the_source_has_no_chain() -> None:
    languages = load_languages()
    assert languages.source == "vi"
    assert languages.chain("vi") == ()
    assert "km" not in languages.offered()


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("en", ("en",)),
        ("bdq", ("bdq",)),
        ("bdq-x-gialai", ("bdq-x-gialai", "bdq")),
        ("bdq-x-kontum", ("bdq",)),
        ("en-GB", ("en",)),
        ("vi-VN", ()),
    ],
)
def test_fallback(code: str, chain: tuple[str, ...]) -> None:
    assert load_languages().chain(code) == chain


@pytest.mark.parametrize("code", ["", "xx", "b", "-", "bd"])
def test_unknown_language(code: str) -> None:
    with pytest.raises(UnknownId, match="is not a language"):
        load_languages().resolve(code)


def test_publishing_is_inherited_unless_the_language_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "languages.yml"
    more = "  en: {name: English, vietnamese: tiếng Anh, script: Latn, publish: live}\n"
    path.write_text(HEAD + more, encoding="utf-8")
    languages = load_languages(path)
    assert languages.publish("vi", "pilot") == "pilot"
    assert languages.publish("vi", "live") == "live"
    assert languages.publish("en", "pilot") == "live"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{name: X, vietnamese: x, script: Latn, falback: [vi]}", "did you mean 'fallback'"),
        ("{name: X, vietnamese: x, script: Latn, fallback: [yy]}", "'yy' is not a language"),
        ("{name: X, vietnamese: x, script: Latn, values_in: yy}", "'yy' is not a language"),
        ("{name: X, vietnamese: x, script: Latn, values_in: xx}", "has no 'values'"),
        ("{name: X, vietnamese: x}", "needs 'script'"),
        ("{name: X, vietnamese: x, script: Latn, publish: soon}", "publish"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, entry: str, problem: str) -> None:
    path = tmp_path / "languages.yml"
    path.write_text(f"{HEAD}  xx: {entry}\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_languages(path)
    assert problem in str(found.value)
    assert found.value.problems[0].line == 8
