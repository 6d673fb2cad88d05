from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.text import split, units


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        ("  \n ", 10, []),
        ("ngắn", 10, ["ngắn"]),
        ("Câu một. Câu hai.", 12, ["Câu một.", "Câu hai."]),
        ("Dòng một. A\nDòng hai. B", 14, ["Dòng một. A", "Dòng hai. B"]),
        ("một hai ba bốn", 8, ["một hai", "ba bốn"]),
        ("aaaaaaaaaa", 4, ["aaaa", "aaaa", "aa"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("aaa👨‍👩‍👧", 8, ["aaa", "👨‍👩‍👧"]),
        ("e\u0306" * 3, 4, ["e\u0306" * 2, "e\u0306"]),
    ],
)
def test_split(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit) == parts


@given(st.text(), st.integers(2, 50))
def test_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(parts)
    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
