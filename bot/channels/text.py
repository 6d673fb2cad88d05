"""Cutting text to what a messenger takes in one message."""

from __future__ import annotations

from collections.abc import Callable

import regex

_ENDS = (
    regex.compile(r"\n+"),
    regex.compile(r"(?<=[.!?…:;])\s+"),
    regex.compile(r"\s+"),
)
"""Where a text may be cut, best first: between lines, sentences, words."""


def units(text: str) -> int:
    """Length in UTF-16 code units: an emoji counts two. Never less than characters or graphemes,
    so what fits by this measure fits by any."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int, measure: Callable[[str], int] = units) -> list[str]:
    """`text` in parts of at most `limit`, cut at the end of a line, else of a sentence, else of a
    word, and never within a grapheme. No part is empty."""
    parts = []
    rest = text.strip()
    while measure(rest) > limit:
        head = _fitting(rest, limit, measure)
        cut = _best_cut(head, rest)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        parts.append(rest)
    return parts


def _fitting(text: str, limit: int, measure: Callable[[str], int]) -> int:
    """Where the longest run of whole graphemes that fits ends (one grapheme at least)."""
    end = used = 0
    for grapheme in regex.finditer(r"\X", text):
        used += measure(grapheme[0])
        if used > limit and end:
            break
        end = grapheme.end()
        if used > limit:
            # One grapheme longer than a message: cut it rather than send nothing.
            return limit // 2
    return end


def _best_cut(end: int, text: str) -> int:
    for pattern in _ENDS:
        found = pattern.finditer(text, 0, end + 1)
        cuts: list[int] = [match.end() for match in found if match.start() <= end]
        # A cut in the first half would make many short messages of a text without good places.
        if cuts and cuts[-1] >= end // 2:
            return cuts[-1]
    return end
