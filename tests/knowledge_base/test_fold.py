"""Spellings that mean the same have the same key; nothing is cut inside a letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.fold import cut, fold, graphemes, nfc, strip_marks

SAME = [
    ["ƀar", "'bar", "’Bar", "‘BAR", "b'ar", "b`ar", "ʔbar", "Ƀar"],
    ["č", "ch", "c\u030c"],
    ["ñ", "nh", "n\u0303"],
    ["ơ̆", "ơ̌", "o\u031b\u0306", "ơ\u02d8"],
    ["chă", "chǎ"],
    ["'lơ̆ng", "’lơ̆ng", "`lơ̆ng"],
    ["tiếng việt", "TIẾNG  VIỆT", "tie\u0302\u0301ng vie\u0323\u0302t", "tiế\u200bng\u00a0việt!"],
    ["hòa", "hoà"],
    ["thủy", "thuỷ"],
    ["12/3", "１２/３", "12/3."],
    ["2", "2️⃣", "②"],
    ["a b", "a\tb", "a-b", "a,b", "a\n\nb", "a · b", "\x00a\x07 b\u202e"],
]
KEPT = ["12/3/2026", "1.001193", "8.000", "12-3", "10:30", "quý", "hoàn", "it's", "👍"]


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_word_have_one_key(spellings: list[str]) -> None:
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}


@pytest.mark.parametrize("text", KEPT)
def test_what_matters_is_kept(text: str) -> None:
    assert fold(text) == text


def test_different_letters_stay_different() -> None:
    assert len({fold(word) for word in ("mo", "mơ", "mơ̆", "mớ", "mợ", "đo", "do")}) == 7


def test_the_coarser_key_has_no_marks() -> None:
    assert strip_marks("Đường 'Bar ơ̆ ƀ č Quý Hoà") == "duong bar o b ch quy hoa"


HARD = st.text(
    st.one_of(st.characters(), st.sampled_from("'`bƀcčnñ\u030c\u0306\u0303oaàq uy./-12ʔ"))
)


@given(HARD)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert strip_marks(strip_marks(text)) == strip_marks(fold(text)) == strip_marks(text)


def test_a_letter_is_never_parted_from_its_marks() -> None:
    assert list(graphemes("ê̆ô̆ơ̆")) == ["ê̆", "ô̆", "ơ̆"]
    assert cut("ê̆ô̆ơ̆", 2) == "ê̆ô̆"
    assert cut("abc", 5) == "abc"
    assert cut("👍🏽👍", 1) == "👍🏽"
    assert cut("abc", 0) == ""


@given(st.text(), st.integers(0, 20))
def test_a_cut_is_a_beginning(text: str, n: int) -> None:
    assert text.startswith(cut(text, n))
    assert len(list(graphemes(cut(text, n)))) <= n


@given(st.text())
def test_display_text_keeps_its_letters(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)
