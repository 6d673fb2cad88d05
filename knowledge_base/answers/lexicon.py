"""Words of a message, and finding known phrases among them.

A typed word stands for a known one when its letters are the same, marks perhaps left out: `thang`
is `tháng`, and `trươc` is `trước`, but `tháng` is not `thang`. The hook and the tilde of
Vietnamese, one sound in the Highlands, count as the same mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import regex

from knowledge_base.fold import fold, nfc, strip_marks

MAX_LENGTH = 1000
MAX_WORDS = 150
"""Characters and words of a message that are looked at; an answer stands near its beginning."""

Value = int | str | bool

_PIECE = regex.compile(
    r"(?P<stop>[,;!?…\n]|(?<!\d)[.:)]|[.:)](?!\d)|\s[-–—]\s)|(?:[^\s,;!?….:)]|(?<=\d)[.:](?=\d))+"
)
_WORD = regex.compile(r"\d+(?:[-./:]\d+)*|[\p{L}\p{M}']+|\S")
_BARRED = str.maketrans({"đ": "d\u0335", "ƀ": "b\u0335", "\u0303": "\u0309"})
_TONES = frozenset("\u0300\u0301\u0309\u0323")


@dataclass(frozen=True)
class Token:
    """One word: its two keys, where it stands in the text, and the number of its clause."""

    key: str
    bare: str
    start: int
    end: int
    clause: int

    @property
    def marked(self) -> bool:
        return self.key != self.bare


@dataclass(frozen=True)
class Utterance:
    """A message as words. `asks` is true when it ends in a question mark."""

    text: str
    tokens: tuple[Token, ...]
    asks: bool

    def quote(self, first: int, last: int) -> str:
        """The text from token `first` to token `last`, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


def utterance(text: str) -> Utterance:
    """Split a message into words and clauses; only the first `MAX_LENGTH` characters count."""
    text = nfc(text[:MAX_LENGTH])
    tokens: list[Token] = []
    clause = 0
    asks = False
    for piece in _PIECE.finditer(text):
        if piece["stop"]:
            clause = tokens[-1].clause + 1 if tokens else 0
            asks = piece["stop"] == "?"
            continue
        if len(tokens) >= MAX_WORDS:
            break
        for key, bare in _keys(piece.group()):
            tokens.append(Token(key, bare, piece.start(), piece.end(), clause))
            asks = False
    return Utterance(text, tuple(tokens), asks)


@lru_cache(maxsize=8192)
def _keys(piece: str) -> tuple[tuple[str, str], ...]:
    keys = ((key, strip_marks(key)) for key in _WORD.findall(fold(piece)))
    return tuple((key, bare) for key, bare in keys if bare)


@dataclass(frozen=True)
class Item:
    """A known phrase, or one unknown word (`kinds` empty): tokens `first` to `last`."""

    first: int
    last: int
    kinds: Mapping[str, Value] = field(default_factory=dict)


class _Entry(NamedTuple):
    key: str
    kind: str
    value: Value
    exact: bool


PLAIN = "plain"
"""The kind of phrases that are no more than words, though part of them is another phrase."""


class Lexicon:
    """Phrases, each with what it can be: a kind and a value."""

    def __init__(self) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        self._vocabulary: set[str] = set()
        self._reach: dict[str, int] = {}  # first word of a phrase: words of the longest such
        self._latest: tuple[Utterance | None, list[Item]] = (None, [])

    def add(
        self, phrases: Iterable[str], kind: str, value: Value = True, *, exact: bool = False
    ) -> None:
        """Let each of `phrases` be a `kind`, meaning `value`; `exact`: never without its marks."""
        for phrase in phrases:
            words = [word for piece in fold(phrase).split() for word in _WORD.findall(piece)]
            if not words:
                continue
            bare = [strip_marks(word) for word in words]
            entries = self._entries.setdefault(" ".join(bare), [])
            entries.append(_Entry(" ".join(words), kind, value, exact))
            self._vocabulary.update(bare)
            self._reach[bare[0]] = max(self._reach.get(bare[0], 0), len(bare))

    def scan(self, said: Utterance) -> list[Item]:
        """The message as known phrases, the longest first, and unknown words.

        The last message is remembered: one answer is looked at from several sides."""
        latest, found = self._latest
        if latest is said:
            return found
        tokens = tuple(map(self._as_meant, said.tokens))
        marked = any(token.marked for token in tokens)
        items: list[Item] = []
        position = 0
        while position < len(tokens):
            item = self._longest_at(tokens, position, marked)
            items.append(item)
            position = item.last + 1
        self._latest = (said, items)
        return items

    def _longest_at(self, tokens: tuple[Token, ...], first: int, marked: bool) -> Item:
        last = min(first + self._reach.get(tokens[first].bare, 0), len(tokens)) - 1
        while last > first and tokens[last].clause != tokens[first].clause:
            last -= 1
        for end in range(last, first - 1, -1):
            kinds = self._kinds(tokens[first : end + 1], marked)
            if kinds:
                others = {kind: value for kind, value in kinds.items() if kind != PLAIN}
                return Item(first, end, others or kinds)
        return Item(first, first)

    def _as_meant(self, token: Token) -> Token:
        """The token, or what was meant by it when the typing program was off (`hoom`)."""
        if token.marked or token.bare in self._vocabulary:
            return token
        meant = _without_telex(token.bare)
        return replace(token, key=meant, bare=meant) if meant in self._vocabulary else token

    def _kinds(self, tokens: tuple[Token, ...], marked: bool) -> dict[str, Value]:
        entries = self._entries.get(" ".join(token.bare for token in tokens))
        if not entries:
            return {}
        said = " ".join(token.key for token in tokens)
        same = [entry for entry in entries if entry.key == said]
        # Someone who types marks means the words without marks as they stand.
        if not (marked and same):
            same = [e for e in entries if e.key == said or (not e.exact and fits(said, e.key))]
        return {entry.kind: entry.value for entry in reversed(same)}


@lru_cache(maxsize=8192)
def fits(said: str, known: str) -> bool:
    """Whether `said`, with marks perhaps left out, can stand for `known`; both folded.

    A letter may lack its tone, or all its marks; `đẻ` is not `để`, because who writes the tone
    writes the letter."""
    if said == known:
        return True
    typed, meant = _letters(said), _letters(known)
    return len(typed) == len(meant) and all(map(_letter_fits, typed, meant))


def _letter_fits(typed: str, meant: str) -> bool:
    marks = set(typed[1:])
    return typed == meant or (
        typed[0] == meant[0] and marks <= set(meant[1:]) and not marks & _TONES
    )


def _letters(key: str) -> list[str]:
    letters = unicodedata.normalize("NFD", key).translate(_BARRED).replace("'", "")
    return regex.findall(r"\P{M}\p{M}*", letters)  # type: ignore[no-any-return]


_TELEX_TONE = regex.compile(r"(?<=[aeiouy]\w*)[sfrxj](?=[aeiouycghmnpt]*$)")
_TELEX_PAIR = regex.compile(r"(aa|ee|oo|dd|w)")


def _without_telex(bare: str) -> str:
    """`bare` without the keys that make marks in Telex: `hoom` is `hom`, `rooif` is `roi`."""
    if not bare.isalpha() or len(bare) > 9:
        return bare
    toneless = _TELEX_TONE.sub("", bare, count=1)
    return str(_TELEX_PAIR.sub(lambda p: "" if p.group() == "w" else p.group()[0], toneless))
