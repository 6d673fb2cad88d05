"""Translations: gettext catalogs `locales/<language>/LC_MESSAGES/<domain>.po`.

`msgctxt` is the message id and `msgid` the Vietnamese text, so a translation is found only while
it translates the very text shown. `#, fuzzy` means that no speaker has reviewed it: a draft. A
fuzzy entry that keeps the previous Vietnamese (`#| msgid`) is stale: it is never shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polib

from knowledge_base.errors import Problem, ProblemsFound, relative

LOCALES = Path(__file__).resolve().parent / "locales"


class Status(StrEnum):
    """How far the translation of one message is."""

    REVIEWED = "reviewed"
    DRAFT = "draft"
    STALE = "stale"
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True)
class Translation:
    """A translated text; `reviewed` is False for a draft."""

    text: str
    reviewed: bool


def status(entry: polib.POEntry) -> Status:
    """The status of an entry that is in use."""
    if not entry.msgstr:
        return Status.UNTRANSLATED
    if not entry.fuzzy:
        return Status.REVIEWED
    return Status.STALE if entry.previous_msgid else Status.DRAFT


@dataclass(frozen=True)
class Catalogs:
    """All translations that may be shown, as drafts or as reviewed text."""

    by_language: Mapping[str, Mapping[tuple[str, str], Translation]]

    def lookup(self, language: str, message_id: str, vietnamese: str) -> Translation | None:
        """The translation of exactly this Vietnamese text, if there is one."""
        return self.by_language.get(language, {}).get((message_id, vietnamese))


def catalog_paths(root: Path = LOCALES) -> Iterator[tuple[str, Path]]:
    """(language, path) of each catalog, by language and name."""
    for path in sorted(root.glob("*/LC_MESSAGES/*.po")):
        yield path.parent.parent.name, path


def read_catalog(path: Path, root: Path = LOCALES) -> polib.POFile:
    """One catalog. Raises `ProblemsFound` where it is not valid PO."""
    try:
        return polib.pofile(str(path), encoding="utf-8")
    except (OSError, ValueError) as error:
        message = f"not a valid catalog: {error}"
        raise ProblemsFound([Problem(relative(path, root.parent.parent), 1, message)]) from error


def load_catalogs(root: Path = LOCALES) -> Catalogs:
    """Read every catalog. Raises `ProblemsFound` with all that can't be read."""
    found: dict[str, dict[tuple[str, str], Translation]] = {}
    problems: list[Problem] = []
    for language, path in catalog_paths(root):
        texts = found.setdefault(language, {})
        try:
            catalog = read_catalog(path, root)
        except ProblemsFound as error:
            problems += error.problems
            continue
        for entry in catalog:
            shown = status(entry) in (Status.REVIEWED, Status.DRAFT)
            if shown and not entry.obsolete and entry.msgctxt:
                text = unicodedata.normalize("NFC", entry.msgstr)
                key = (entry.msgctxt, entry.msgid)
                texts[key] = Translation(text, not entry.fuzzy)
    if problems:
        raise ProblemsFound(problems)
    return Catalogs(found)
