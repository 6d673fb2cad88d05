"""What identifies a person never survives; dates, sums and codes do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.privacy import MASK, looks_masked, mask_identity

HIDDEN = [
    "052199001234",
    "052 199 001 234",
    "052.199.001.234",
    "052-199-001-234",
    "052 - 199 - 001 - 234",
    "0 5 2 1 9 9 0 0 1 2 3 4",
    "052199\u200b001234",
    "０５２１９９００１２３４",
    "٠٥٢١٩٩٠٠١٢٣٤",
    "0️⃣5️⃣2️⃣1️⃣9️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣",
    "⓪⑤②①⑨⑨⓪⓪①②③④",
    "231123456",
    "231 123 456",
    "231.123.456",
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "+84 912 345 678",
    "(+84) 912-345-678",
    "0269 3824 123",
    "B1234567",
    "C 12345678",
    "GD4797921234567",
    "GD 4 79 79 2123 4567",
    "7921234567",
]
KEPT = [
    "12/03/2026",
    "2026-03-12",
    "12.03.2026",
    "12-3-26",
    "12/03/2026-15/03/2026",
    "12/03/2026 15/03/2026",
    "ngày 12 tháng 3 năm 2026",
    "12 03 2026",
    "sinh 12 3 2026 2 con",
    "2026-03-12 10:30:00",
    "8.000 đ",
    "100.000.000 đồng",
    "1.000.000 - 3.000.000 đ",
    "1.001193",
    "3.000722 2.002913",
    "1.001193.01",
    "63/2024/NĐ-CP",
    "2024 2025 2026",
    "1 con, 2 tuổi, 3 tháng",
    "19001008",
    "20260312",
    "t8, 12/3, 13/3, 14/3, 15/3, 16/3",
    "",
]


@pytest.mark.parametrize("number", HIDDEN)
@pytest.mark.parametrize(
    "around", ["{}", "số của em là {} ạ", "sinh 12/03/2026 {}, 8.000 đ", "a\n{}\nb"]
)
def test_identity_numbers_are_hidden(number: str, around: str) -> None:
    masked = mask_identity(around.format(number))
    assert masked in (around.format(MASK), around.format("(+" + MASK), around.format("+" + MASK))
    assert looks_masked(masked)


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_stay(text: str) -> None:
    assert mask_identity(text) == text
    assert not looks_masked(text)


def test_a_date_beside_a_number_stays() -> None:
    assert mask_identity("12 03 2026 052199001234") == f"12 03 2026 {MASK}"


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_identity(text)
    assert mask_identity(once) == once


@given(
    st.from_regex(r"\A0[0-9]{11}\Z"),
    st.sampled_from(["", " ", ".", "-", " - ", "\u00a0"]),
    st.data(),
)
def test_no_grouping_of_a_citizen_number_escapes(
    number: str, gap: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, 11), max_size=5)))
    pieces = [number[i:j] for i, j in zip([0, *cuts], [*cuts, 12], strict=True)]
    masked = mask_identity("cccd " + gap.join(pieces) + " ạ")
    if not _reads_as_date(pieces, gap):
        assert masked == f"cccd {MASK} ạ"


def _reads_as_date(pieces: list[str], gap: str) -> bool:
    """`01.02.2026.1234` holds a date; what is left of it is for the next test."""
    return gap in (".", "-") and len(pieces) >= 3


@given(
    st.from_regex(r"\A[0-9]{9}([0-9]{3})?\Z"),
    st.text(alphabet="abc ,;:\n"),
    st.text(alphabet="abc ,;:\n"),
)
def test_no_unbroken_number_escapes(number: str, before: str, after: str) -> None:
    assert number not in mask_identity(before + number + after)


@given(
    st.integers(0, 40_000),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d %m %Y"]),
    st.sampled_from(["sinh {} ạ", "{}", "{}.", "({})", "từ {} tới nay"]),
)
def test_no_date_is_damaged(days: int, form: str, around: str) -> None:
    text = around.format((date(1930, 1, 1) + timedelta(days)).strftime(form))
    assert mask_identity(text) == text
