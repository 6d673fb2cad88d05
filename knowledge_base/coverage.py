"""How much of each language is translated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from knowledge_base.catalogs import LOCALES, Status, catalog_paths, read_catalog, status
from knowledge_base.languages import Languages
from knowledge_base.messages import Message


def coverage(
    messages: Iterable[Message], languages: Languages, root: Path = LOCALES
) -> dict[str, dict[str, Counter[Status]]]:
    """Language → catalog → how many messages have each status. A translation of Vietnamese that
    has changed since counts as stale, whether or not the catalog was updated."""
    wanted = {message.id: message for message in messages}
    found: dict[tuple[str, str], Status] = {}
    for code, path in catalog_paths(root):
        for entry in read_catalog(path, root):
            message = wanted.get(entry.msgctxt or "")
            if message is None or entry.obsolete:
                continue
            state = status(entry)
            if state is not Status.UNTRANSLATED and entry.msgid != message.text:
                state = Status.STALE
            found[code, message.id] = state
    table: dict[str, dict[str, Counter[Status]]] = {}
    for code in languages.by_code:
        domains = table.setdefault(code, {})
        for message in wanted.values():
            source = code == languages.source
            missing = Status.REVIEWED if source else Status.UNTRANSLATED
            state = found.get((code, message.id), missing)
            domains.setdefault(message.domain, Counter())[state] += 1
    return table
