"""Attested words of languages that have few translators (`glossary/<language>.tsv`).

A draft in such a language may only be made of these words, and its translator comment names each
entry it uses, so that a speaker knows what to accept or correct.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parent / "glossary"


@dataclass(frozen=True)
class Entry:
    """A word in one variety. `confidence` is high, medium or low."""

    en: str
    vi: str
    word: str
    dialect: str
    confidence: str
    source: str

    def citation(self) -> str:
        """The line that names the entry in a translator comment."""
        dialect = self.dialect or "variety not stated"
        return f"glossary: {self.word} “{self.vi}” [{dialect}; {self.confidence}] {self.source}"


def glossary_languages(root: Path = GLOSSARY) -> tuple[str, ...]:
    """Languages that have a glossary."""
    return tuple(sorted(path.stem for path in root.glob("*.tsv")))


def load_glossary(language: str, root: Path = GLOSSARY) -> tuple[Entry, ...]:
    """The entries for one language; none where it has no glossary."""
    path = root / f"{language}.tsv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Entry(**row) for row in rows)


def cited(comment: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that a translator comment names; line breaks don't matter."""
    words = " ".join(comment.split())
    return tuple(entry for entry in entries if entry.citation() in words)


def unattested(text: str, entries: Iterable[Entry]) -> list[str]:
    """Words of `text` that are in none of the entries."""
    known = {word for entry in entries for word in entry.word.casefold().split()}
    words = re.findall(r"[^\s.,!?:;…“”()]+", text.casefold())
    return [word for word in words if word not in known]
