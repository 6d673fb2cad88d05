"""How a message looks to the models: the same words with less and less detail.

`folded`    lower case, NFC, shorthand written out ("ks" → "khai sinh"), marks kept
`stripped`  the same without diacritics
`sounded`   stripped, with spellings that people and speech recognisers confuse made one
            (s/x, tr/ch, d/gi/r, y/i, l/n at the start of a syllable)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import yaml

from knowledge_base.fold import fold, strip_marks

Views = dict[str, str]

MAX_CHARS = 2000
"""Longer messages are read at both ends only; nobody asks for a procedure in more words."""

SHORTHAND = Path(__file__).with_name("shorthand.yml")

_WORD = re.compile(r"\w+")
_ONSETS = (
    (re.compile(r"\b(?:gi(?=[aeiouy])|r|v(?=[aeiouy]))"), "d"),
    (re.compile(r"\btr"), "ch"),
    (re.compile(r"\bx"), "s"),
    (re.compile(r"\bl"), "n"),
    (re.compile(r"y"), "i"),
    (re.compile(r"\bngh"), "ng"),
    (re.compile(r"\bgh"), "g"),
    (re.compile(r"\bk"), "c"),
)


def clean(text: str) -> str:
    """`text` in NFC without control, format and lone surrogate characters, cut to `MAX_CHARS`."""
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]} {text[-MAX_CHARS // 2 :]}"
    # zero-width joiners, direction marks and the like vanish; other controls part words
    kept = "".join(
        "" if (kind := unicodedata.category(c)) == "Cf" else " " if kind[0] == "C" else c
        for c in text
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


class Shorthand:
    """Writes out the abbreviations of chat and paperwork, word by word."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """`table`: folded word or phrase → what it stands for."""
        self.words = {k: v for k, v in table.items() if " " not in k}
        phrases = sorted((k for k in table if " " in k), key=len, reverse=True)
        self.phrases = {k: table[k] for k in phrases}
        self._phrase = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b") if phrases else None
        )

    @classmethod
    def from_file(cls, path: Path = SHORTHAND) -> Shorthand:
        return cls({str(k): str(v) for k, v in yaml.safe_load(path.read_text("utf-8")).items()})

    def expand(self, folded: str) -> str:
        if self._phrase:
            folded = self._phrase.sub(lambda m: self.phrases[m.group()], folded)
        return _WORD.sub(lambda m: self.words.get(m.group(), m.group()), folded)


def sound(stripped: str) -> str:
    """`stripped` with the spellings that are confused by ear made one."""
    for pattern, onset in _ONSETS:
        stripped = pattern.sub(onset, stripped)
    return stripped


def views(text: str, shorthand: Shorthand) -> Views:
    """All views of `text`; three empty strings when it has no readable character."""
    folded = shorthand.expand(fold(clean(text)))
    stripped = strip_marks(folded)
    return {"folded": folded, "stripped": stripped, "sounded": sound(stripped)}
