"""How a message looks to the models: the same words with less and less detail.

`folded`    lower case, NFC, shorthand written out ("ks" → "khai sinh"), marks kept
`stripped`  the same without diacritics
`sounded`   stripped, with spellings that people and speech recognisers confuse made one
            (s/x, tr/ch, d/gi/r, y/i, l/n at the start of a syllable; n/ng/nh, t/c/ch at its end)
`tail`      stripped, the last sentence, or its last words: a story ends with what is asked
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from knowledge_base.fold import fold, strip_marks

Views = dict[str, str]

MAX_CHARS = 2000
"""Longer messages are read at both ends only; nobody asks for a procedure in more words."""

SHORTHAND = Path(__file__).with_name("shorthand.yml")

TAIL_WORDS = 10
LEAST_SENTENCE = 3
"""Words of the last sentence that is looked at for itself; "cảm ơn" is none."""

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.?!;\n]+")
_CONFUSED = (
    (re.compile(r"\bgi\b"), "di"),
    (re.compile(r"\b(?:gi(?=[aeiouy])|r|v(?=[aeiouy]))"), "d"),
    (re.compile(r"\btr"), "ch"),
    (re.compile(r"\bx"), "s"),
    (re.compile(r"\bl"), "n"),
    (re.compile(r"y"), "i"),
    (re.compile(r"\bngh"), "ng"),
    (re.compile(r"\bgh"), "g"),
    (re.compile(r"\bk"), "c"),
    (re.compile(r"n[gh]\b"), "n"),
    (re.compile(r"ch?\b"), "t"),
)


def clean(text: str) -> str:
    """`text` in NFC without control, format and lone surrogate characters, cut to `MAX_CHARS`."""
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]} {text[-MAX_CHARS // 2 :]}"
    if not text.isprintable():
        # zero-width joiners, direction marks and the like vanish; other controls part words
        text = "".join(
            "" if (kind := unicodedata.category(c)) == "Cf" else " " if kind[0] == "C" else c
            for c in text
        )
    return " ".join(unicodedata.normalize("NFC", text).split())


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
        table = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        return cls({str(k): str(v) for k, v in table.items()})

    def expand(self, folded: str) -> str:
        if self._phrase:
            folded = self._phrase.sub(lambda m: self.phrases[m.group()], folded)
        return _WORD.sub(lambda m: self.words.get(m.group(), m.group()), folded)


def by_word(change: Callable[[str], str]) -> Callable[[str], str]:
    """`change`, for which words don't touch each other, done word by word and remembered: the same
    words come again and again."""
    changed = lru_cache(maxsize=50_000)(change)

    def change_all(text: str) -> str:
        return " ".join(filter(None, map(changed, text.split())))

    return change_all


@by_word
def sound(stripped: str) -> str:
    """`stripped` with the spellings that are confused by ear made one."""
    for pattern, onset in _CONFUSED:
        stripped = pattern.sub(onset, stripped)
    return stripped


_fold, _strip_marks = by_word(fold), by_word(strip_marks)


def last_sentence(text: str) -> str:
    """The last sentence of a text that says something, cut to its last words."""
    sentences = [part.split() for part in _SENTENCE_END.split(text)]
    told = [words for words in sentences if len(words) >= LEAST_SENTENCE]
    return " ".join((told[-1] if told else text.split())[-TAIL_WORDS:])


def views(text: str, shorthand: Shorthand) -> Views:
    """All views of `text`; empty strings when it has no readable character."""
    cleaned = clean(text)
    folded = shorthand.expand(_fold(cleaned))
    stripped = _strip_marks(folded)
    return {
        "folded": folded,
        "stripped": stripped,
        "sounded": sound(stripped),
        "tail": _strip_marks(shorthand.expand(_fold(last_sentence(cleaned)))),
    }
