"""Brings catalogs up to date with the Vietnamese texts, as gettext's `msgmerge` would.

New texts become empty entries; changed ones keep their translation, fuzzy, beside the previous
Vietnamese; removed ones become obsolete. A file in which nothing changed is not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import polib

from knowledge_base.catalogs import LOCALES, read_catalog
from knowledge_base.languages import Languages
from knowledge_base.messages import Message

LABEL_LENGTH = 40
"""Most characters of a label; the smallest messenger's buttons still show the start of it."""


def update_catalogs(
    messages: Iterable[Message],
    languages: Languages,
    root: Path = LOCALES,
    only: Iterable[str] = (),
) -> list[Path]:
    """Update the catalogs of every offered language, or of `only`; the paths that changed."""
    domains: dict[str, list[Message]] = {}
    for message in messages:
        domains.setdefault(message.domain, []).append(message)
    codes = tuple(only) or tuple(code for code in languages.offered() if code != languages.source)
    changed = []
    for code in codes:
        folder = root / code / "LC_MESSAGES"
        gone = {path.stem for path in folder.glob("*.po")} - set(domains)
        for domain, wanted in [*domains.items(), *((name, []) for name in sorted(gone))]:
            path = folder / f"{domain}.po"
            exists = path.exists()
            old = read_catalog(path, root) if exists else _new_catalog(code)
            before = str(old)  # not the file: how a translator's editor wraps lines is no change
            text = str(merge(old, wanted))
            if text != before or not exists:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text + "\n", encoding="utf-8")
                changed.append(path)
    return changed


def merge(old: polib.POFile, wanted: Iterable[Message]) -> polib.POFile:
    """A catalog of the `wanted` messages with the translations of `old`."""
    new = polib.POFile()
    new.metadata, new.header = old.metadata, old.header
    current = {entry.msgctxt: entry for entry in old if not entry.obsolete}
    retired = {entry.msgctxt: entry for entry in old.obsolete_entries()}
    used = set()
    for message in wanted:
        used.add(message.id)
        entry = _entry(message)
        known = current.get(message.id) or retired.get(message.id)
        if known is not None:
            _carry_over(known, entry)
        new.append(entry)
    for entry in old:
        if entry.msgctxt in used or not entry.msgstr:
            continue
        entry.obsolete = True
        entry.occurrences, entry.comment = [], ""
        new.append(entry)
    return new


ON_SCREEN = re.compile(r"\.(tap|type)\.\d+$")


def _entry(message: Message) -> polib.POEntry:
    """An untranslated entry with a hint for the translator."""
    hint = f"Label of a button: at most {LABEL_LENGTH} characters." if message.label else ""
    if ON_SCREEN.search(message.id):
        hint = "If these words stand on the Portal's screen, keep them and explain in brackets."
    return polib.POEntry(
        msgctxt=message.id,
        msgid=message.text,
        comment=hint,
        occurrences=[(message.path, "")],
        flags=["python-brace-format"] if message.placeholders else [],
    )


def _carry_over(known: polib.POEntry, entry: polib.POEntry) -> None:
    """Give `entry` the translation of `known`; fuzzy where it translates another text."""
    entry.msgstr, entry.tcomment = known.msgstr, known.tcomment
    if not entry.msgstr:
        return
    translated = (known.fuzzy and known.previous_msgid) or known.msgid
    if translated != entry.msgid:
        entry.previous_msgid, entry.previous_msgctxt = translated, entry.msgctxt
    if known.fuzzy or known.obsolete or entry.previous_msgid:
        entry.flags.insert(0, "fuzzy")


def _new_catalog(code: str) -> polib.POFile:
    catalog = polib.POFile()
    catalog.header = "Nhà Rông. Fuzzy means that no speaker has reviewed the translation yet."
    catalog.metadata = {
        "Project-Id-Version": "nha-rong",
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": "",
        "PO-Revision-Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M+0000"),
        "Last-Translator": "Nhà Rông",
        "Language-Team": code,
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return catalog
